/**
 * Changes that wait for each other in a cycle: people who exchange their names. The server allows no moment in which two have
 * the same, so one of them steps aside for a moment, by a name of muster's own; what cannot be solved so is held.
 */

import { rowOf } from '../model/change-classes.ts';
import { byText } from '../model/compare.ts';
import { groupBy } from '../model/group-by.ts';
import { hold } from '../model/messages/held-rows.ts';
import type { Change, HeldChange } from '../model/plan.ts';
import { temporaryUsernamePrefix } from '../model/user-rules.ts';
import { cyclesOf } from './cycles-of.ts';
import type { PersonChange, Sorted } from './person-change.ts';
import type { Need } from './prerequisites.ts';

/**
 * Breaks cycles of usernames: one person of each is renamed twice, aside and then to the wanted name.
 *
 * @returns the changes and needs without the cycles that could be broken
 */
export function breakCycles(sorted: Sorted, needs: readonly Need[]): { sorted: Sorted; needs: readonly Need[] } {
  let state = { sorted, needs };
  for (;;) {
    const renames = whoStepsAside(state.needs);
    if (renames.length === 0) return state;
    state = stepAside(renames, state.sorted, state.needs);
  }
}

/** Of each cycle a person whose name another one waits for, and who can be recognised by more than a name if the run ends early. */
function whoStepsAside(needs: readonly Need[]): readonly PersonChange[] {
  const cycles = cyclesIn(needs);
  const byCycle = groupBy(
    cycleNeeds(needs, cycles)
      .map(({ needs: freeing }) => freeing)
      .filter((freeing) => freeing.change.class === 'rename' && isKnownBeyondNames(freeing)),
    (freeing) => cycles.get(callOf(freeing)),
  );
  const first = [...byCycle.values()].flatMap((own) => own.toSorted(byText(({ change }) => change.id)).slice(0, 1));
  return first.toSorted(byText(({ change }) => change.id));
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
  renames: readonly PersonChange[],
  sorted: Sorted,
  needs: readonly Need[],
): { sorted: Sorted; needs: readonly Need[] } {
  const asides = new Map(renames.map((rename) => [rename, asideOf(rename)]));
  // A person who waits for the name waits for the step aside; and no step aside is made in vain.
  const redirected = needs.map((need) => {
    const aside = asides.get(need.needs);
    return aside !== undefined && need.change.person !== aside.person ? { ...need, needs: aside } : need;
  });
  const sharedFates = [...asides].map(
    ([rename, aside]): Need => ({
      change: aside,
      needs: rename,
      because: 'the person does not get the wanted name',
      isUnordered: true,
    }),
  );
  return {
    sorted: { ...sorted, passed: [...sorted.passed, ...asides.values()] },
    needs: [...redirected, ...sharedFates],
  };
}

function asideOf({ person, change }: PersonChange): PersonChange {
  return {
    person,
    change: {
      ...change,
      id: `${change.id}/aside`,
      after: `${temporaryUsernamePrefix}${person.live.user?.id ?? ''}`,
      part_of: 'exchange',
      reason: { ...change.reason, rule: 'exchange', text: 'for a moment, so that names can be exchanged' },
    },
  };
}

const isDifference = ({ change }: { readonly change: Change }): boolean => change.part_of !== 'exchange';

/** A step aside that is not made is no difference that anybody has to know of. */
export function forgetStepsAside({ passed, held, blocked }: Sorted): Sorted {
  return { passed, held: held.filter(isDifference), blocked: blocked.filter(isDifference) };
}

const isWaiting = ({ isUnordered }: Need): boolean => isUnordered !== true;

/** The calls that are part of a cycle, each with what its cycle is known by. */
function cyclesIn(needs: readonly Need[]): ReadonlyMap<string, number> {
  return cyclesOf(needs.filter(isWaiting).map(({ change, needs: other }) => [callOf(change), callOf(other)]));
}

/** The needs that make up cycles. */
function cycleNeeds(needs: readonly Need[], cycles: ReadonlyMap<string, number> = cyclesIn(needs)): readonly Need[] {
  return needs.filter((need) => {
    const cycle = cycles.get(callOf(need.change));
    return isWaiting(need) && cycle !== undefined && cycles.get(callOf(need.needs)) === cycle;
  });
}

/** Holds back what still waits in a cycle: e-mails, auth data, names of people who would not be known again. */
export function holdCycles(sorted: Sorted, needs: readonly Need[]): Sorted {
  const held = new Set(cycleNeeds(needs).flatMap(({ change, needs: other }) => [change, other]));
  if (held.size === 0) return sorted;
  return {
    ...sorted,
    passed: sorted.passed.filter((one) => !held.has(one)),
    held: [...sorted.held, ...sorted.passed.filter((one) => held.has(one)).map(({ change }) => holdInCycle(change))],
  };
}

/** What is written by one call waits as one; a cycle may close over a name here and an e-mail there. */
function callOf({ change }: PersonChange): string {
  if (change.part_of === 'exchange') return change.id;
  return rowOf(change).isPatched === true ? `${change.person}/patch` : change.id;
}

function holdInCycle(change: Change): HeldChange {
  const { class: name } = change;
  const code = name === 'email' ? 'email-cycle' : name === 'auth' ? 'auth-cycle' : 'username-cycle';
  return { change, ...hold(code, 'the server', {}) };
}
