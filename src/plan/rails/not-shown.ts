import type { Approval } from '../../model/approval.ts';
import { advise, block } from '../../model/messages/blocked-rows.ts';
import { notShown, type Shown, shownKey } from '../../model/shown.ts';
import type { PersonChange } from '../person-change.ts';
import { isDueByDate } from '../scheduled.ts';
import { knownAs } from '../whom.ts';
import { changesDigest, isApproved, refusedApproval, refusedText } from './budgets.ts';
import { blockEach, type Rail } from './rail.ts';

/** A gain of administration that falls due by date waits for an approval, unless a plan showed it before. */
export function notShownRail(approvals: readonly Approval[], shown: Shown = notShown): Rail {
  return {
    name: 'not-shown',
    check: (changes, { desired }) => {
      const wasShown = ({ person, change }: PersonChange): boolean =>
        knownAs(person).some((whom) => shown.keys.has(shownKey({ ...change, whom })));
      const unseen = (one: PersonChange): boolean =>
        one.change.concerns_admin === 'gain' && isDueByDate(one.person, desired.momentMs) && !wasShown(one);
      const waiting = shown.isAskedFor ? [] : changes.filter(unseen);
      if (waiting.length === 0 || isApproved('admin-gain', waiting, approvals)) return new Map();
      const approval = changesDigest(waiting);
      const refused = refusedApproval('admin-gain', waiting, approvals);
      const advice = refusedText(refused) ?? advise('approve', { budget: 'admin-gain', changes: approval });
      return blockEach(waiting, ({ change }) => ({
        ...block('not-shown', { person: change.person, advice }),
        budget: 'admin-gain',
        approval,
        ...refused,
      }));
    },
  };
}
