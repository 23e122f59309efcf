/** How a run is taken back: each place as the run found it, but for teams that a person left. */
import { isCallOf } from '../../model/calls.ts';
import { isChannelPlace, type Standing, standingIn, teamOf } from '../../model/memberships.ts';
import { note } from '../../model/messages/notice-rows.ts';
import type { Change, ChangeClass, Notice, Reason } from '../../model/plan.ts';
import type { Ask, Findings, Person, PlanContext, ResourceDefinition, Undo } from '../../model/resource-definition.ts';
import { noFindings } from '../../model/resource-definition.ts';
import type { AccountId } from '../../model/user-values.ts';
import type { WrittenAction } from '../../model/written-action.ts';
import { placeChange } from './definition-change.ts';

interface PlaceGoal {
  readonly place: string;
  /** Of the team or channel that the run wrote to. */
  readonly id: string;
  readonly wanted: Standing;
}

type Goals = ReadonlyMap<AccountId, readonly PlaceGoal[]>;

export function undoMemberships(
  membership: ResourceDefinition<'membership'>,
  written: ReadonlyMap<AccountId, readonly WrittenAction[]>,
  leaving: ReadonlySet<AccountId>,
): Undo {
  const goals = new Map<AccountId, readonly PlaceGoal[]>();
  const notGivenBack = new Map<AccountId, string>();
  for (const [account, own] of written) {
    const all = goalsOf(own);
    // An account that leaves again is given nothing: it would come back with it.
    const kept = leaving.has(account) ? all.filter(({ wanted }) => wanted === 'none') : all;
    if (kept.length > 0) goals.set(account, kept);
    if (kept.length < all.length) notGivenBack.set(account, `memberships (${all.length - kept.length})`);
  }
  const goalsFor = (id: AccountId | undefined): readonly PlaceGoal[] => (id === undefined ? [] : (goals.get(id) ?? []));
  const definition: ResourceDefinition<'membership'> = {
    ...membership,
    reads: ({ account }) => (goalsFor(account?.id).length > 0 ? 'needed' : 'nothing'),
    asks: ({ account }) => goalsFor(account?.id).map(({ place }): Ask => ({ name: place, mayTake: true })),
    diff: (person, context) => diffToGoals(person, context, goals),
  };
  return { definition, notGivenBack };
}

/** What each place was before the first call of the run; a team that the person left is not given back. */
function goalsOf(own: readonly WrittenAction[]): readonly PlaceGoal[] {
  const goals = new Map<string, PlaceGoal>();
  const left = new Set<string>();
  for (const { action } of own) {
    const { call, precondition } = action;
    if (!isCallOf('membership', call) || precondition.membership === undefined) continue;
    const { place, is } = precondition.membership;
    if (call.operation === 'leave-team') left.add(place);
    if (!goals.has(place)) goals.set(place, { place, id: 'channel' in call ? call.channel : call.team, wanted: is });
  }
  const leaves = new Set([...goals.values()].filter(({ wanted }) => wanted === 'none').map(({ place }) => place));
  // With a team its channels go: a guest is not taken out of the last one alone.
  const goesAlong = ({ place }: PlaceGoal): boolean => isChannelPlace(place) && leaves.has(teamOf(place));
  return [...goals.values()].filter((goal) => !left.has(goal.place) && !goesAlong(goal));
}

function diffToGoals(person: Person, context: PlanContext, goals: Goals): Findings {
  const { user, membership } = person.live;
  const own = user === undefined ? [] : (goals.get(user.id) ?? []);
  if (own.length === 0 || membership === undefined) return noFindings;
  const { file, line, column } = context.desired.locate(person.desired);
  const reason: Reason = { text: 'as before the run', rule: 'undo', file, line, column };
  const changes: Change[] = [];
  const notices: Notice[] = [];
  for (const { place, id, wanted } of own) {
    const there = isChannelPlace(place)
      ? context.common?.membership?.channels.get(place)
      : context.common?.membership?.teams.get(place);
    const now = standingIn(membership, place);
    if (there?.id !== id || there.isArchived || now === undefined) {
      notices.push({ ...note('changed-since', { attribute: `teams.${place}` }), person: person.desired.username });
      continue;
    }
    changes.push(
      ...stepsTo(wanted, now, isChannelPlace(place)).map(([name, before, after]) =>
        placeChange(person, { place, class: name, before, after, reason }),
      ),
    );
  }
  return { ...noFindings, changes, notices };
}

type PlaceStep = readonly [name: ChangeClass, before: Standing, after: Standing];

function stepsTo(wanted: Standing, now: Standing, isChannel: boolean): readonly PlaceStep[] {
  if (wanted === now) return [];
  if (wanted === 'none') return [[isChannel ? 'channel-leave' : 'team-leave', now, 'none']];
  const joined: readonly PlaceStep[] =
    now === 'none' ? [[isChannel ? 'channel-join' : 'team-join', 'none', 'member']] : [];
  const standing = now === 'none' ? 'member' : now;
  if (wanted === standing) return joined;
  const role = isChannel ? 'channel-admin' : wanted === 'admin' ? 'team-admin-gain' : 'team-admin-loss';
  return [...joined, [role, standing, wanted]];
}
