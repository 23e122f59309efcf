/** Holds changes that muster made twice, and that were changed back each time. */
import { hold } from '../model/messages/held-rows.ts';
import type { HeldChange } from '../model/plan.ts';
import { type ContestedChange, contestedKeyOf, type Withheld } from '../model/withheld.ts';
import { type HeldApart, holdSome, type PersonChange } from './person-change.ts';

export function holdContested(changes: readonly PersonChange[], { contested }: Withheld): HeldApart {
  return holdSome(changes, (change) => {
    const known = contested.get(contestedKeyOf(change));
    return known === undefined ? undefined : verdictOf(known);
  });
}

const verdictOf = ({ written, found }: ContestedChange): Omit<HeldChange, 'change'> =>
  hold('contested', 'another person or program', { written: timesText(written), found: timesText(found) });

const timesText = (times: readonly string[]): string =>
  times.map((time) => `${time.slice(0, 16)}Z`).join(' and ') || 'an unknown time';
