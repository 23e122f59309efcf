import type { Budgets } from '../../model/approval.ts';
import { budgetsOfChange } from '../../model/change-classes.ts';
import { block } from '../../model/messages/blocked-rows.ts';
import { note } from '../../model/messages/notice-rows.ts';
import type { Notice } from '../../model/plan.ts';
import type { Policy } from '../../model/settings.ts';
import { noUse, type WindowUse } from '../../model/window-use.ts';
import type { PersonChange } from '../person-change.ts';
import { blockEach, type Rail } from './rail.ts';

/** Where nothing tells what earlier runs used, the policy may ask that nothing with a budget is changed. */
export function windowRail({ budgets, window: wanted }: Policy, { state }: WindowUse = noUse): Rail {
  const isOff = state === 'known' || wanted === 'report';
  return {
    name: 'window',
    check: (changes) =>
      isOff ? new Map() : blockEach(changes, (one) => (hasBudget(one, budgets) ? notKnown : undefined)),
  };
}

const hasBudget = ({ change }: PersonChange, budgets: Budgets): boolean =>
  budgetsOfChange(change).some((name) => budgets[name] !== undefined);

const notKnown = block('window', {});

/** A reader of the plan must know that it was counted alone. */
export const windowUnknown: Notice = note('window-unknown', {});
