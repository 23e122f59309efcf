/** The tables of the page. Cells that say a word before their content on narrow screens have it in `data-of`. */

import { severities } from '../../model/audit-rules.ts';
import { count } from '../../model/count.ts';
import type { AppliedRule, AuditReport, Finding } from '../../model/generated/audit-report.ts';
import { controlCounts, controlName, evidenceText, openFindings, placeText, rulesByName } from '../audit-parts.ts';
import { authorshipText } from '../authorship-text.ts';
import { type Markup, markup } from '../markup.ts';
import { bar, grouped } from './charts.ts';

export function readsTable({ completeness: { reads } }: AuditReport): Markup {
  return markup`<table class="rows reads"><thead><tr><th scope="col">What</th><th scope="col" class="number">Found</th><th scope="col" class="number">Server counted before</th><th scope="col" class="number">Server counted after</th><th scope="col">How</th></tr></thead><tbody>
${reads.map(({ what, found, before, after, by, missing }) =>
  missing === undefined
    ? markup`<tr><td><b>${what}</b></td><td class="number" data-of="found">${grouped(found)}</td>${counted('counted before', before)}${counted('counted after', after)}<td>${by}</td></tr>\n`
    : markup`<tr><td><b>${what}</b></td><td class="high">not read</td><td></td><td></td><td>${missing}<small>${by}</small></td></tr>\n`,
)}</tbody></table>`;
}

const counted = (of: string, number: number | undefined): Markup =>
  number === undefined
    ? markup`<td class="number"></td>`
    : markup`<td class="number" data-of="${of}">${grouped(number)}</td>`;

export function findingsTable(report: AuditReport): Markup {
  const open = openFindings(report);
  if (open.length === 0) return markup`<p class="none">None.</p>`;
  return markup`${tools('open')}${tableOf('open', open, report)}`;
}

export function waivedTable(report: AuditReport): Markup {
  const waived = report.findings.filter((finding) => finding.waived !== undefined);
  return waived.length === 0 ? markup`<p class="none">None.</p>` : tableOf('waived', waived, report);
}

/** Hidden until a script runs: without one it could do nothing. */
function tools(table: 'open'): Markup {
  return markup`<div class="tools" data-table="${table}" hidden><input type="search" placeholder="Search: words, names, ids" aria-label="Search the findings"><select aria-label="Severity"><option value="">every severity</option>${severities.map((severity) => markup`<option>${severity}</option>`)}</select><output></output></div>`;
}

function tableOf(id: 'open' | 'waived', findings: readonly Finding[], report: AuditReport): Markup {
  const rules = rulesByName(report);
  return markup`<table class="rows sortable findings" id="${id}"><thead><tr><th scope="col">Severity</th><th scope="col">Rule</th><th scope="col">Person</th><th scope="col">Finding and evidence</th><th scope="col">Where, id</th></tr></thead><tbody>
${findings.map((finding) => findingRow(finding, rules.get(finding.rule)))}</tbody></table>`;
}

function findingRow(finding: Finding, rule: AppliedRule | undefined): Markup {
  const { id, severity, person, text, waived } = finding;
  const waiver =
    waived === undefined ? '' : markup`<small>Waived by ${waived.by} until ${waived.expires}: ${waived.reason}</small>`;
  return markup`<tr><td class="${severity}" data-key="${severities.indexOf(severity)}">${severity}</td><td>${rule?.title ?? finding.rule}</td><td>${person ?? 'the server'}</td><td>${text}<small>${evidenceText(finding)}</small>${waiver}</td><td>${placeText(finding)}<small><code>${id}</code></small></td></tr>\n`;
}

export function controlsTable(report: AuditReport): Markup {
  const counts = controlCounts(report);
  const most = Math.max(...counts.map(({ found }) => found), 0);
  return markup`<table class="rows controls"><thead><tr><th scope="col">Control</th><th scope="col">What it asks for</th><th scope="col" class="number">Findings</th><th scope="col"></th><th scope="col">Checked by</th></tr></thead><tbody>
${counts.map(
  ({ control, found, checkedBy, uncheckedBy }) =>
    markup`<tr><td><b>${controlName(control)}</b></td><td>${control.title}</td><td class="number" data-of="findings">${grouped(found)}</td><td class="share">${bar(found, most)}</td><td>${checkedBy.length} of ${checkedBy.length + uncheckedBy.length} rules${uncheckedBy.length === 0 ? '' : markup`<small>not checked: ${uncheckedBy.map(({ title }) => title).join('; ')}</small>`}</td></tr>\n`,
)}</tbody></table>`;
}

export function rulesTable({ rules, findings }: AuditReport): Markup {
  const advice = new Map(findings.map((finding) => [finding.rule, finding.advice]));
  return markup`<table class="rows sortable rules"><thead><tr><th scope="col">Severity</th><th scope="col">Rule</th><th scope="col" class="number">Found</th><th scope="col">State</th><th scope="col">Controls</th></tr></thead><tbody>
${rules.toSorted(byFinding).map((rule) => {
  const todo = advice.get(rule.rule);
  return markup`<tr><td class="${rule.severity}" data-key="${severities.indexOf(rule.severity)}">${rule.severity}</td><td>${rule.title}${todo === undefined ? '' : markup`<small>What to do: ${todo}</small>`}<small><code>${rule.rule}</code></small></td><td class="number" data-of="found">${grouped(rule.found)}</td><td>${stateOf(rule)}</td><td>${rule.controls.map(controlName).join(', ')}</td></tr>\n`;
})}</tbody></table>`;
}

/** Those that found something, the most serious first; then the others. */
function byFinding(one: AppliedRule, other: AppliedRule): number {
  return (
    Number(other.found > 0) - Number(one.found > 0) ||
    severities.indexOf(one.severity) - severities.indexOf(other.severity)
  );
}

function stateOf({ on, unread, days }: AppliedRule): string {
  if (!on) return 'off';
  if (unread !== undefined) return `not checked: ${unread} could not be read`;
  return days === undefined ? 'checked' : `checked, limit ${count(days, 'day')}`;
}

const waiverStates: Readonly<Record<AuditReport['waivers'][number]['state'], string>> = {
  valid: 'valid',
  expired: 'expired: accepts nothing',
  'too-far-ahead': 'too far ahead: accepts nothing',
  self: 'given by the person whom it concerns: accepts nothing about them',
  'not-proven': 'no signature proves who gave it: accepts nothing',
};

export function waiversTable({ waivers }: AuditReport): Markup {
  if (waivers.length === 0) return markup`<p class="none">None.</p>`;
  return markup`<table class="rows sortable waivers"><thead><tr><th scope="col">Rule</th><th scope="col">People</th><th scope="col">By</th><th scope="col">Until</th><th scope="col">State</th><th scope="col" class="number">Accepts</th><th scope="col">Reason</th></tr></thead><tbody>
${waivers.map(({ rule, users, by, expires, state, waives, reason, authorship }) => markup`<tr><td>${rule}</td><td>${users.join(', ')}</td><td data-of="by">${by}${authorship === undefined ? '' : markup`<small>${authorshipText(authorship)}</small>`}</td><td data-of="until">${expires}</td><td>${waiverStates[state]}</td><td class="number" data-of="accepts">${waives}</td><td data-of="reason">${reason}</td></tr>\n`)}</tbody></table>`;
}
