/** A plan as JUnit XML, which most pipelines show: what cannot happen fails, what is held is skipped. */
import type { Plan } from '../model/plan.ts';
import { type Markup, markup } from './markup.ts';
import { type PlanRow, type PlanState, planRows } from './plan-rows.ts';
import { summaryLine } from './plan-text.ts';

export function planJunit(plan: Plan): string {
  const rows = planRows(plan);
  const of = (...states: readonly PlanState[]): number => rows.filter(({ state }) => states.includes(state)).length;
  const counts = markup`tests="${rows.length}" failures="${of('blocked')}" errors="${of('unusable')}" skipped="${of('held', 'scheduled')}"`;
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="muster plan" ${counts}>
<testsuite name="${plan.server.url}" timestamp="${plan.desired.moment.slice(0, 19)}" hostname="muster" time="0" ${counts}>
${rows.map(testCase)}<system-out>${summaryLine(plan)}</system-out>
</testsuite>
</testsuites>
`.toString();
}

function testCase(row: PlanRow): Markup {
  const { state, person, what, difference, at } = row;
  const place = at === undefined ? '' : markup` file="${at.file}" line="${at.line}"`;
  const name = difference === '' ? `${person}: ${what}` : `${person}: ${what}: ${difference}`;
  return markup`<testcase classname="${state}" name="${name}" time="0"${place}>${verdicts[state](row)}</testcase>\n`;
}

const told = ({ why, where, todo }: PlanRow): string =>
  [where, why, todo === '' ? '' : `→ ${todo}`].filter((part) => part !== '').join('\n');

const skipped = (row: PlanRow): Markup => markup`<skipped message="${row.why}"/>`;

const verdicts: Readonly<Record<PlanState, (row: PlanRow) => Markup>> = {
  unusable: (row) => markup`<error type="${row.kind}" message="${row.why}">${told(row)}</error>`,
  blocked: (row) => markup`<failure type="${row.kind}" message="${row.why}">${told(row)}</failure>`,
  planned: () => markup``,
  held: skipped,
  scheduled: skipped,
};
