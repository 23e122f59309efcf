/** A plan as one page to keep, with search: it asks for nothing from elsewhere, and is whole without scripts. */
import { changeClasses } from '../../model/change-classes.ts';
import type { Plan } from '../../model/plan.ts';
import { approvalAbout, approvalYaml } from '../approval-yaml.ts';
import { grouped } from '../audit-html/charts.ts';
import { script } from '../audit-html/script.ts';
import { comparisonSummary, differenceName, differenceText, placeOf } from '../comparison.ts';
import { type Markup, markup, ours } from '../markup.ts';
import { nameList } from '../names.ts';
import { noticeGroups } from '../notice-groups.ts';
import { pagePolicy } from '../page-policy.ts';
import { type PlanRow, planRows, planStates } from '../plan-rows.ts';
import { declaredText, limitLines, summaryLine } from '../plan-text.ts';
import { previouslyAbout, previouslyCure } from '../previously-declared.ts';
import { takenBackText } from '../run-text.ts';
import { signInGroups } from '../sign-in.ts';
import { count } from '../values.ts';
import { style } from './style.ts';

const contentPolicy = pagePolicy(style, script);

export function planHtml(plan: Plan): string {
  const { server, desired, tool, digest } = plan;
  const rows = planRows(plan);
  const back = takenBackText(plan);
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${ours(contentPolicy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Plan for ${server.url}</title>
<style>${ours(style)}</style>
</head>
<body>
<header>
<p class="kicker">${back === '' ? 'Plan' : 'Undo'}</p>
<h1>${server.url}</h1>
<p class="soft">Mattermost ${server.version}, as ${server.caller}, as of ${desired.moment}${back === '' ? '' : `: ${back}`}</p>
<p class="verdict ${verdictOf(plan)}">${headline(plan)}</p>
<p class="soft">${declaredText(plan.summary)}</p>
${limitLines(plan).map((line) => markup`<p>${line}</p>\n`)}</header>
<main>
${tiles(plan)}
${comparison(plan)}
<section id="changes"><h2>Changes</h2>${changesTable(rows)}</section>
${approvals(plan)}
${others(plan)}
</main>
<footer>${summaryLine(plan)}<br>Made by ${tool.name} ${tool.version}${digest === undefined ? '' : markup`. Digest <code>${digest}</code>`}. This page is one file: it loads nothing and sends nothing.</footer>
<script>${ours(script)}</script>
</body>
</html>
`.toString();
}

/** The gravest thing in it. */
function verdictOf({ summary, actions }: Plan): string {
  if ((summary.unusable ?? 0) > 0) return 'critical';
  if (summary.blocked > 0) return 'high';
  return actions.some(({ changes }) => changes.some((one) => one.concerns_admin !== undefined)) ? 'medium' : '';
}

function headline({ summary }: Plan): string {
  const { actions, people, blocked, unusable = 0 } = summary;
  const parts = [
    actions === 0 ? 'No actions' : `${count(actions, 'action')} for ${count(people, 'person', 'people')}`,
    ...(blocked === 0 ? [] : [`${count(blocked, 'change')} blocked`]),
    ...(unusable === 0 ? [] : [`${count(unusable, 'entry', 'entries')} unusable`]),
  ];
  return `${parts.join(', ')}.`;
}

function tiles({ summary }: Plan): Markup {
  const byClass = changeClasses.flatMap((name) => {
    const number = summary.changes[name] ?? 0;
    return number === 0 ? [] : [[number, name] as const];
  });
  const all: ReadonlyArray<readonly [figure: number, label: string]> = [
    ...byClass,
    [summary.blocked, 'blocked'],
    [summary.held, 'held'],
    [summary.scheduled, 'scheduled'],
    [summary.mails, 'mails'],
  ];
  return markup`<div class="tiles">${all
    .filter(([figure]) => figure > 0)
    .map(([figure, label]) => markup`<div class="tile"><b>${grouped(figure)}</b><span>${label}</span></div>`)}</div>`;
}

function comparison({ compared }: Plan): Markup {
  if (compared === undefined) return markup``;
  const { differences } = compared;
  const table = markup`<table class="rows base"><thead><tr><th scope="col">Field</th><th scope="col">Before → after</th><th scope="col">Where</th></tr></thead><tbody>
${differences.map((one) => markup`<tr><td>${differenceName(one)}</td><td>${differenceText(one)}</td><td>${placeOf(one)}</td></tr>\n`)}</tbody></table>`;
  return markup`<section id="base"><h2>Compared with the base</h2><p>${comparisonSummary(compared)}</p>${differences.length === 0 ? '' : table}</section>`;
}

function changesTable(rows: readonly PlanRow[]): Markup {
  if (rows.length === 0) return markup`<p class="none">None.</p>`;
  const there = planStates.filter((state) => rows.some((row) => row.state === state));
  return markup`<div class="tools" data-table="open" hidden><input type="search" placeholder="Search: names, classes, fields, files" aria-label="Search the changes"><select aria-label="State"><option value="">every state</option>${there.map((state) => markup`<option>${state}</option>`)}</select><output></output></div>
<table class="rows sortable changes" id="open"><thead><tr><th scope="col">State</th><th scope="col">Person</th><th scope="col">What</th><th scope="col">Change</th><th scope="col">Why</th></tr></thead><tbody>
${rows.map(changeRow)}</tbody></table>`;
}

const changeRow = ({ state, isAdmin, person, what, difference, where, why, todo }: PlanRow): Markup =>
  markup`<tr><td class="${state}" data-key="${planStates.indexOf(state)}">${state}</td><td>${person}${isAdmin ? markup`<small>administrator</small>` : ''}</td><td>${what}</td><td>${difference}</td><td>${why}<small>${where}</small>${todo === '' ? '' : markup`<small class="todo">→ ${todo}</small>`}</td></tr>\n`;

function approvals(plan: Plan): Markup {
  const yaml = approvalYaml(plan);
  if (yaml.length === 0) return markup``;
  return markup`<section><h2>An approval of what is blocked</h2><p>${approvalAbout}</p><pre>${yaml.map((line) => markup`${line}\n`)}</pre></section>`;
}

function others(plan: Plan): Markup {
  const { undeclared, previously_declared: previously = [] } = plan;
  const signIn = signInGroups(plan).map(({ text, hint, people }) => ({ who: people, text, hint }));
  const notices = noticeGroups(plan.notices).map(({ people, text, hint }) => ({ who: people, text, hint }));
  const accounts = undeclared.map(({ username, admin }) => (admin ? `${username} (administrator)` : username));
  return markup`${list('New people, and how they sign in', signIn)}
${list('Notices', notices)}
${
  previously.length === 0
    ? ''
    : markup`<section><h2>Previously declared</h2><p>${previouslyAbout}: ${previouslyCure}</p><p>${previously.map(({ username, last_declared: last }) => `${username} (last ${last})`).join(', ')}</p></section>`
}
${accounts.length === 0 ? '' : markup`<section><h2>Active and undeclared</h2><p>${accounts.join(', ')}</p></section>`}`;
}

interface Told {
  readonly who: readonly string[];
  readonly text: string;
  readonly hint?: string | undefined;
}

function list(title: string, all: readonly Told[]): Markup {
  if (all.length === 0) return markup``;
  return markup`<section><h2>${title}</h2><ul>${all.map(
    ({ who, text, hint }) =>
      markup`<li>${who.length === 0 ? '' : markup`<b>${nameList(who)}</b>: `}${text}${hint === undefined ? '' : markup`<small class="todo">→ ${hint}</small>`}</li>\n`,
  )}</ul></section>`;
}
