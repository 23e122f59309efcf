import type { Route } from './route.ts';
import { activityRoutes } from './routes/activity.ts';
import { authRoutes } from './routes/auth.ts';
import { botRoutes } from './routes/bots.ts';
import { channelMemberRoutes } from './routes/channel-members.ts';
import { channelRoutes } from './routes/channels.ts';
import { integrationRoutes } from './routes/integrations.ts';
import { listUserRoutes } from './routes/list-users.ts';
import { loginRoutes } from './routes/login.ts';
import { mailLinkRoutes } from './routes/mail-links.ts';
import { mfaRoutes } from './routes/mfa.ts';
import { ownPlaceRoutes } from './routes/own-places.ts';
import { pictureRoutes } from './routes/pictures.ts';
import { preferenceRoutes } from './routes/preferences.ts';
import { knownUserRoutes, userByIdRoutes } from './routes/read-users.ts';
import { recordRoutes } from './routes/records.ts';
import { reportRoutes } from './routes/reports.ts';
import { roleRoutes } from './routes/roles.ts';
import { searchRoutes } from './routes/search.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { switchLoginRoutes } from './routes/switch-login.ts';
import { systemRoutes } from './routes/system.ts';
import { teamMemberRoutes } from './routes/team-members.ts';
import { teamRoutes } from './routes/teams.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { writeUserRoutes } from './routes/write-users.ts';

/**
 * All routes below `/api/v4`. The first that fits wins, so `GET /users/{user_id}` comes last: a `GET` on a name that is
 * there for `POST` alone, such as `/users/ids`, ends in it and is refused for its id, as on the real server.
 */
export const routes: readonly Route[] = [
  ...systemRoutes,
  ...roleRoutes,
  ...reportRoutes,
  ...listUserRoutes,
  ...searchRoutes,
  ...knownUserRoutes,
  ...tokenRoutes,
  ...sessionRoutes,
  ...loginRoutes,
  ...switchLoginRoutes,
  ...mailLinkRoutes,
  ...mfaRoutes,
  ...botRoutes,
  ...teamRoutes,
  ...teamMemberRoutes,
  ...channelRoutes,
  ...channelMemberRoutes,
  ...ownPlaceRoutes,
  ...integrationRoutes,
  ...pictureRoutes,
  ...recordRoutes,
  ...preferenceRoutes,
  ...activityRoutes,
  ...authRoutes,
  ...writeUserRoutes,
  ...userByIdRoutes,
];
