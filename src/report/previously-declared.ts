import type { PreviouslyDeclaredAccount } from '../model/plan.ts';
import type { Cell } from './columns.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';

export const previouslyAbout = 'still active, and no entry stands for them any more';

/** Deleting a line is no offboarding. */
export const previouslyCure =
  'write active: false for each who is to go; name in policy.protect who is to stay as they are';

export function previouslyRow(
  { username, admin, last_declared }: PreviouslyDeclaredAccount,
  paint: Paint,
): readonly Cell[] {
  return [
    { text: `${printable(username)}${admin ? ' (admin)' : ''}` },
    { text: `last declared ${printable(last_declared)}`, paint: (text) => paint('dim', text) },
  ];
}
