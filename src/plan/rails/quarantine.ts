import type { Approval } from '../../model/approval.ts';
import { budgetsOfChange } from '../../model/change-classes.ts';
import { block } from '../../model/messages/blocked-rows.ts';
import { nothingWithheld, type Withheld } from '../../model/withheld.ts';
import { isApproved } from './budgets.ts';
import { blockEach, type Rail } from './rail.ts';

/** A class that was over its budget waits for an approval, or for the time of its next try, also once it would fit. */
export function quarantineRail(
  approvals: readonly Approval[],
  { quarantined }: Pick<Withheld, 'quarantined'> = nothingWithheld,
): Rail {
  return {
    name: 'quarantine',
    check: (changes) => {
      const waiting = new Map(
        [...quarantined].filter(([budget]) => {
          const own = changes.filter(({ change }) => budgetsOfChange(change).includes(budget));
          return own.length > 0 && !isApproved(budget, own, approvals);
        }),
      );
      return blockEach(changes, ({ change }) => {
        const budget = budgetsOfChange(change).find((name) => waiting.has(name));
        if (budget === undefined) return undefined;
        return { ...block('quarantine', { budget, at: `${waiting.get(budget)?.slice(0, 16)}Z` }), budget };
      });
    },
  };
}
