/** Every difference of a plan in one list, for formats that show one table of them all. */
import type { Change, Plan } from '../model/plan.ts';
import { classLabel, dueText, madeChanges } from './admin-marks.ts';
import { reasonText, showDifference } from './change-text.ts';
import { onceMerged } from './comparison.ts';

/** What becomes of a difference, the gravest first. */
export const planStates = ['unusable', 'blocked', 'planned', 'held', 'scheduled'] as const;
export type PlanState = (typeof planStates)[number];

export interface PlanRow {
  readonly state: PlanState;
  /** Concerns administration. */
  readonly isAdmin: boolean;
  readonly person: string;
  /** Class and field. */
  readonly what: string;
  readonly difference: string;
  /** The line of the file, and the rule. */
  readonly where: string;
  /** Why it does not happen, or not now; empty where it does. */
  readonly why: string;
  readonly todo: string;
  readonly at?: { readonly file: string; readonly line: number };
  /** The rail, the code or the class: what kind of row it is. */
  readonly kind: string;
}

const rowOf = (state: PlanState, change: Change, kind: string, why = '', todo = ''): PlanRow => ({
  state,
  isAdmin: change.concerns_admin !== undefined,
  person: change.person,
  what: `${classLabel(change)} ${change.attribute}`,
  difference: showDifference(change),
  where: reasonText(change),
  why,
  todo,
  kind,
  ...(change.reason.file !== undefined && { at: { file: change.reason.file, line: change.reason.line ?? 1 } }),
});

export function planRows(plan: Plan): readonly PlanRow[] {
  return [
    ...(plan.unusable ?? []).flatMap(unusableRows),
    ...plan.blocked.map(({ change, rail, reason, hint }) => rowOf('blocked', change, rail, `${rail}: ${reason}`, hint)),
    ...madeChanges(plan).map(({ change, isConditional }) =>
      rowOf('planned', change, change.class, isConditional ? `only ${onceMerged}` : ''),
    ),
    ...plan.held.map(({ change, code, reason, hint }) => rowOf('held', change, code, reason, hint)),
    ...plan.scheduled.map((one) => rowOf('scheduled', one.change, one.change.class, `due ${dueText(one)}`)),
  ];
}

function unusableRows({
  person,
  file,
  line,
  problems,
  left_alone: alone = [],
}: NonNullable<Plan['unusable']>[number]): readonly PlanRow[] {
  return problems.map((problem) => ({
    state: 'unusable',
    isAdmin: false,
    person: person ?? `${file}:${line}`,
    what: problem.code,
    difference: '',
    where: problem.file === undefined ? '' : `${problem.file}:${problem.line ?? 1}`,
    why: `${problem.message}${alone.length === 0 ? '' : `; left alone: ${alone.join(', ')}`}`,
    todo: problem.hint ?? '',
    kind: problem.code,
    at: { file: problem.file ?? file, line: problem.line ?? line },
  }));
}
