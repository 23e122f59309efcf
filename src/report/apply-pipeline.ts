/** How an apply ended, for the pull request or the commit that it was of: a comment, or annotations. */
import type { ActionResult, ApplyResult } from '../model/outcome.ts';
import type { Plan } from '../model/plan.ts';
import { command, maxWarnings, planAnnotations } from './annotations.ts';
import { outcomeText, totalText } from './apply-text.ts';
import { code } from './markdown.ts';
import { summaryLine } from './plan-text.ts';
import { unusableHead, unusableRows, unusableTitle } from './unusable.ts';

const maxRows = 50;

type Ended = Omit<ApplyResult, 'created'>;

const unfinished = ({ results }: Ended): readonly ActionResult[] =>
  results.filter(({ outcome }) => outcome.status !== 'done');

/** What is done is counted, what is not is named. */
export function applyMarkdown(plan: Plan, ended: Ended): string {
  const others = unfinished(ended);
  const rows = others.slice(0, maxRows).map(({ action, outcome }) => {
    const hint = outcome.status === 'failed' ? outcome.error.hint : undefined;
    return `| ${code(action.person)} | ${code(action.call.operation)} | ${outcome.status} | ${code(outcomeText(outcome))} | ${hint === undefined ? '' : code(hint)} |`;
  });
  const more = others.length - rows.length;
  return [
    `### muster apply: ${totalText(ended)}`,
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

export function applyAnnotations(plan: Plan, ended: Ended): string {
  const others = unfinished(ended);
  const shown = others.slice(0, maxWarnings).map(({ action, outcome }) => {
    const reason = action.changes[0]?.reason;
    const place = reason?.file === undefined ? {} : { file: reason.file, line: String(reason.line ?? 1) };
    const text = `${action.call.operation} of ${action.person}: ${outcomeText(outcome)}`;
    return command('error', { ...place, title: outcome.status }, text);
  });
  const more = others.length - shown.length;
  if (more > 0)
    shown.push(command('error', { title: 'muster apply' }, `and ${more} more: muster plan shows what is left`));
  const total = command('notice', { title: 'muster apply' }, totalText(ended));
  return `${shown.join('')}${planAnnotations(plan)}${total}`;
}
