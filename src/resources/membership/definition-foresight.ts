import { isCallOf } from '../../model/calls.ts';
import type { LiveByKind } from '../../model/kinds.ts';
import { isChannelPlace, type LiveMemberships, type Standing, standingIn, teamOf } from '../../model/memberships.ts';
import type { ActionDraft } from '../../model/plan.ts';
import { standingAfter } from './definition-judge.ts';

/** The memberships of a person as a plan will have left them. */
export function membershipsAfter(
  actions: readonly ActionDraft[],
  { user, membership }: Partial<LiveByKind>,
): LiveMemberships | undefined {
  // An account that this plan makes has none of before.
  const before = membership ?? (user?.id === '' ? { asked: 'all' as const, members: [] } : undefined);
  return before === undefined ? undefined : actions.reduce(after, before);
}

function after(live: LiveMemberships, { call, precondition: { membership } }: ActionDraft): LiveMemberships {
  if (membership === undefined || !isCallOf('membership', call)) return live;
  const { place } = membership;
  const standing = standingAfter(call, standingIn(live, place) ?? membership.is);
  return withStanding(live, place, standing);
}

function withStanding({ asked, members }: LiveMemberships, place: string, standing: Standing): LiveMemberships {
  // Who leaves a team leaves its channels.
  const goes = (one: string): boolean =>
    one === place || (standing === 'none' && !isChannelPlace(place) && teamOf(one) === place);
  const others = members.filter((one) => !goes(one.place));
  return {
    asked: asked === 'all' ? asked : new Set([...asked, place]),
    members: standing === 'none' ? others : [...others, { place, isAdmin: standing === 'admin' }],
  };
}
