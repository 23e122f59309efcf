/**
 * Accounts that no entry stands for, where a kind has something to say of them: they are inside of a thing that accounts share and of
 * which the policy says who may be in it.
 */
import type { Matching } from '../match/match-people.ts';
import type { LiveState, LiveUser } from '../model/live-state.ts';
import type { Match, Person, PlanContext, ResourceDefinition } from '../model/resource-definition.ts';
import { noFindings } from '../model/resource-definition.ts';
import type { Found } from './assemble-plan.ts';
import { handsOffOf } from './hands-off.ts';

/** What kinds find of them. Whom an entry that cannot be used may mean is out of reach, as ever. */
export function findStrangers(
  { insiders = new Map() }: Pick<LiveState, 'insiders'>,
  { people, doubts }: Matching,
  kinds: readonly ResourceDefinition[],
  context: PlanContext,
): readonly Found[] {
  if (insiders.size === 0) return [];
  const declared = new Set(people.flatMap(({ account }) => account?.id ?? []));
  const names = new Set(people.map(({ desired }) => desired.username));
  return [...insiders.values()].flatMap((live) => {
    if (declared.has(live.id)) return [];
    const [doubt] = doubts.about(live);
    const match = { ...asStranger(live, names), ...(doubt !== undefined && { doubtedBy: doubt }) };
    const handsOff = handsOffOf(match, context);
    const { desired, transition } = match;
    const person: Person = { desired, live: { user: live }, transition, ...(handsOff !== undefined && { handsOff }) };
    return kinds.flatMap((kind) => {
      const findings = kind.stranger?.(person, context) ?? noFindings;
      return findings === noFindings ? [] : [{ person, findings }];
    });
  });
}

/** An entry that wants nothing. Where another person is to have the account's name, the id stands in its place. */
function asStranger(live: LiveUser, names: ReadonlySet<string>): Match {
  const { username: own } = live.values;
  const username = names.has(own) ? `id:${live.id}` : own;
  return {
    desired: {
      username,
      id: live.id,
      previousUsernames: [],
      adopt: true,
      values: { username: own },
      onCreate: { welcomeEmail: false, emailVerified: true },
    },
    account: live,
    by: [],
    hits: [live],
    transition: live.values.active ? 'stays' : 'stays-away',
  };
}
