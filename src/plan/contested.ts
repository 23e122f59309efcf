/** Holds changes that muster made twice, and that were changed back each time. */
import { hold } from '../model/messages/held-rows.ts';
import type { HeldChange } from '../model/plan.ts';
import { type ContestedChange, contestedKeyOf, type Withheld } from '../model/withheld.ts';
import type { PersonChange } from './person-change.ts';

export function holdContested(
  changes: readonly PersonChange[],
  { contested }: Withheld,
): {
  readonly passed: readonly PersonChange[];
  readonly held: ReadonlyArray<PersonChange & { readonly verdict: HeldChange }>;
} {
  const passed: PersonChange[] = [];
  const held: Array<PersonChange & { readonly verdict: HeldChange }> = [];
  for (const one of changes) {
    const known = contested.get(contestedKeyOf(one.change));
    if (known === undefined) passed.push(one);
    else held.push({ ...one, verdict: { change: one.change, ...verdictOf(known) } });
  }
  return { passed, held };
}

const verdictOf = ({ written, found }: ContestedChange): Omit<HeldChange, 'change'> =>
  hold('contested', 'another person or program', { written: timesText(written), found: timesText(found) });

const timesText = (times: readonly string[]): string =>
  times.map((time) => `${time.slice(0, 16)}Z`).join(' and ') || 'an unknown time';
