/**
 * Changes that wait for each other in a ring: people who exchange their names. The server allows no moment in which two have
 * the same, so one of them steps aside for a moment, by a name of muster's own; what cannot be solved so is held.
 */
import { byText } from '../model/compare.ts';
import type { Change, HeldChange } from '../model/plan.ts';
import { temporaryUsernamePrefix } from '../model/user-rules.ts';
import type { PersonChange, Sorted } from './person-change.ts';
import type { Need } from './prerequisites.ts';

/**
 * Breaks rings of usernames: one person of each is renamed twice, aside and then to the wanted name.
 *
 * @returns the changes and needs without the rings that could be broken
 */
export function breakRings(sorted: Sorted, needs: readonly Need[]): { sorted: Sorted; needs: readonly Need[] } {
  let state = { sorted, needs };
  for (;;) {
    const rename = whoStepsAside(state.needs);
    if (rename === undefined) return state;
    state = stepAside(rename, state.sorted, state.needs);
  }
}

/** Somebody whose name another one of the ring waits for, and who is known again by more than a name if the run ends early. */
function whoStepsAside(needs: readonly Need[]): PersonChange | undefined {
  const [first] = ringNeeds(needs)
    .map(({ needs: freeing }) => freeing)
    .filter((freeing) => freeing.change.class === 'rename' && isKnownBeyondNames(freeing))
    .toSorted(byText(({ change }) => change.id));
  return first;
}

function isKnownBeyondNames({ person }: PersonChange): boolean {
  const {
    desired,
    live: { user: live },
  } = person;
  if (live === undefined) return false;
  const { email, auth } = desired.values;
  const known = live.values.auth;
  return (
    desired.id !== undefined ||
    email === live.values.email ||
    (auth?.data !== undefined && auth.data === known.data && auth.service === known.service)
  );
}

function stepAside(
  rename: PersonChange,
  sorted: Sorted,
  needs: readonly Need[],
): { sorted: Sorted; needs: readonly Need[] } {
  const { person, change } = rename;
  const aside: PersonChange = {
    person,
    change: {
      ...change,
      id: `${change.id}/aside`,
      after: `${temporaryUsernamePrefix}${person.live.user?.id ?? ''}`,
      part_of: 'exchange',
      reason: { ...change.reason, rule: 'exchange', text: 'for a moment, so that names can be exchanged' },
    },
  };
  // Whoever waits for the name waits for the step aside; and nobody steps aside in vain.
  const redirected = needs.map((need) =>
    need.needs === rename && need.change.person !== person ? { ...need, needs: aside } : need,
  );
  const sharedFate: Need = {
    change: aside,
    needs: rename,
    because: 'the person does not get the wanted name',
    isUnordered: true,
  };
  return { sorted: { ...sorted, passed: [...sorted.passed, aside] }, needs: [...redirected, sharedFate] };
}

const isDifference = ({ change }: { readonly change: Change }): boolean => change.part_of !== 'exchange';

/** A step aside that is not made is no difference that anybody has to know of. */
export function forgetStepsAside({ passed, held, blocked }: Sorted): Sorted {
  return { passed, held: held.filter(isDifference), blocked: blocked.filter(isDifference) };
}

const isWaiting = ({ isUnordered }: Need): boolean => isUnordered !== true;

/** The needs that make up rings. */
function ringNeeds(needs: readonly Need[]): readonly Need[] {
  const waiting = needs.filter(isWaiting);
  const inRing = ringsOf(waiting.map(({ change, needs: other }) => [callOf(change), callOf(other)]));
  return waiting.filter(({ change, needs: other }) => inRing.has(callOf(change)) && inRing.has(callOf(other)));
}

/** Holds back what still waits in a ring: e-mails, auth data, names of people who would not be known again. */
export function holdRings(sorted: Sorted, needs: readonly Need[]): Sorted {
  const held = new Set(ringNeeds(needs).flatMap(({ change, needs: other }) => [change, other]));
  if (held.size === 0) return sorted;
  return {
    ...sorted,
    passed: sorted.passed.filter((one) => !held.has(one)),
    held: [...sorted.held, ...sorted.passed.filter((one) => held.has(one)).map(({ change }) => holdInRing(change))],
  };
}

/** What is written by one call waits as one; a ring may close over a name here and an e-mail there. */
function callOf({ change }: PersonChange): string {
  if (change.part_of === 'exchange') return change.id;
  const isPatch = change.class === 'rename' || change.class === 'email' || change.class === 'update';
  return isPatch ? `${change.person}/patch` : change.id;
}

function holdInRing(change: Change): HeldChange {
  const [code, names] =
    change.class === 'email'
      ? ['email-cycle', 'e-mails']
      : change.class === 'auth'
        ? ['auth-cycle', 'auth data']
        : ['username-cycle', 'usernames'];
  return {
    change,
    code,
    owner: 'the server',
    reason: `people exchange their ${names} among each other, and the server allows no moment in which two have the same`,
    hint: 'give one of them another one first, apply, then write the wanted ones',
  };
}

/** The calls from which a way along the edges leads back to themselves. */
function ringsOf(edges: ReadonlyArray<readonly [from: string, to: string]>): ReadonlySet<string> {
  const next = new Map<string, string[]>();
  for (const [from, to] of edges) next.set(from, [...(next.get(from) ?? []), to]);
  const inRing = new Set<string>();
  for (const start of next.keys()) {
    const seen = new Set<string>();
    const open = [...(next.get(start) ?? [])];
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      if (one === start) inRing.add(start);
      if (seen.has(one)) continue;
      seen.add(one);
      open.push(...(next.get(one) ?? []));
    }
  }
  return inRing;
}
