import type { Members, Membership } from './members.ts';
import { rolesOf } from './operations/places.ts';
import type { World } from './world.ts';

/** A membership as a test sees it: by names. */
export interface MembershipState {
  /** `team`, or `team/channel`. */
  readonly place: string;
  readonly username: string;
  /** As on the wire: explicit ones first, then those of the flags. */
  readonly roles: string;
  /** Of a team: whether the person left it. */
  readonly left: boolean;
}

/** All memberships, or those of one account; by place and username. */
export function membershipStates(world: World, userId?: string): readonly MembershipState[] {
  const { store } = world;
  const teams = [...store.teams.values()].flatMap(({ id, name }) => statesIn(world, 'team', id, name, userId));
  const channels = [...store.channels.all()].flatMap(({ id, team_id, name }) =>
    statesIn(world, 'channel', id, `${store.teams.get(team_id)?.name ?? ''}/${name}`, userId),
  );
  return [...teams, ...channels].toSorted((a, b) => compare(a.place, b.place) || compare(a.username, b.username));
}

function statesIn(
  world: World,
  kind: 'team' | 'channel',
  placeId: string,
  place: string,
  userId: string | undefined,
): readonly MembershipState[] {
  const members = kind === 'team' ? world.store.teamMembers : world.store.channelMembers;
  return rowsOf(members, placeId, userId).map(([id, state]) => ({
    place,
    username: world.user(id)?.username ?? id,
    roles: rolesOf(kind, state).join(' '),
    left: state.delete_at !== 0,
  }));
}

function rowsOf(members: Members, placeId: string, userId: string | undefined): readonly Membership[] {
  if (userId === undefined) return [...members.of(placeId)];
  const state = members.get(placeId, userId);
  return state === undefined ? [] : [[userId, state]];
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
