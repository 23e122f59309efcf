/** How an apply ended, for the pull request or the commit that it was of: a comment, or annotations. */
import { actionName, classesOf } from '../model/action-name.ts';
import type { FinishedAction, RunResult } from '../model/outcome.ts';
import type { Plan } from '../model/plan.ts';
import { type Annotation, annotations, annotationsOfPlan, placeOf } from './annotations.ts';
import { outcomeText, totalText } from './apply-text.ts';
import { code } from './markdown.ts';
import type { CommentPart } from './markdown-sections.ts';
import { summaryLine } from './plan-text.ts';
import { unusableHead, unusableRows, unusableTitle } from './unusable.ts';

const maxRows = 50;

type Ended = Omit<RunResult, 'created'>;

const unfinished = ({ results }: Ended): readonly FinishedAction[] =>
  results.filter(({ outcome }) => outcome.status !== 'done');

/** What is done is counted, what is not is named. */
export function applyMarkdown(plan: Plan, ended: Ended, { heading = '### muster apply' }: CommentPart = {}): string {
  const others = unfinished(ended);
  const rows = others.slice(0, maxRows).map(({ action, outcome }) => {
    const hint = outcome.status === 'failed' ? outcome.error.hint : undefined;
    return `| ${code(action.person)} | ${code(classesOf(action).join(', '))} | ${outcome.status} | ${code(outcomeText(outcome))} | ${hint === undefined ? '' : code(hint)} |`;
  });
  const more = others.length - rows.length;
  return [
    `${heading}: ${totalText(ended)}`,
    '',
    `${code(plan.server.url)}, as ${code(plan.server.caller)}`,
    ...unusableTable(plan),
    ...(ended.stopped === undefined ? [] : ['', code(ended.stopped)]),
    ...(rows.length === 0
      ? []
      : ['', '| who | what | how it ended | why | what to do |', '|---|---|---|---|---|', ...rows]),
    ...(more > 0 ? ['', `… and ${more} more of ${others.length}`] : []),
    ...(plan.blocked.length === 0 ? [] : ['', `Blocked: ${plan.blocked.length} (exit code 4)`]),
    '',
    summaryLine(plan),
    '',
  ].join('\n');
}

function unusableTable(plan: Plan): readonly string[] {
  const rows = unusableRows(plan);
  const more = rows.length - maxRows;
  if (rows.length === 0) return [];
  return [
    '',
    unusableTitle(plan),
    '',
    ...unusableHead,
    ...rows.slice(0, maxRows),
    ...(more > 0 ? ['', `… and ${more} more`] : []),
  ];
}

export const applyAnnotations = (plan: Plan, ended: Ended): string => annotations(annotationsOfApply(plan, ended));

export function annotationsOfApply(plan: Plan, ended: Ended): readonly Annotation[] {
  const title = 'muster apply';
  const others = unfinished(ended).map(
    ({ action, outcome }): Annotation => ({
      level: 'error',
      ...placeOf(action.changes[0]?.reason ?? {}),
      title: outcome.status,
      text: `${actionName(action)}: ${outcomeText(outcome)}`,
    }),
  );
  const total: Annotation = { level: 'notice', title, text: totalText(ended), isTotal: true };
  return [...others, ...annotationsOfPlan(plan), total];
}
