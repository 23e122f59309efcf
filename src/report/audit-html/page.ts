/** An audit as one page to keep: it asks for nothing from elsewhere, and is whole without scripts. */
import { severities } from '../../model/audit-rules.ts';
import { count, wordFor } from '../../model/count.ts';
import type { AuditReport } from '../../model/generated/audit-report.ts';
import { findingsText, hasLooked, readText, utcText } from '../audit-parts.ts';
import { type Markup, markup, ours } from '../markup.ts';
import { pagePolicy } from '../page-policy.ts';
import { charts, grouped } from './charts.ts';
import { script } from './script.ts';
import { style } from './style.ts';
import { controlsTable, findingsTable, readsTable, rulesTable, waivedTable, waiversTable } from './tables.ts';

const contentPolicy = pagePolicy(style, script);

export function auditHtml(report: AuditReport): string {
  const { server, moment, tool } = report.completeness;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${ours(contentPolicy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Access audit of ${server.url}</title>
<style>${ours(style)}</style>
</head>
<body>
<header>
<p class="kicker">Access audit</p>
<h1>${server.url}</h1>
<p class="soft">as of ${utcText(moment)}</p>
<p class="verdict ${worstOf(report)}">${sentence(findingsText(report))}</p>
<nav aria-label="Sections"><a href="#completeness">Completeness</a><a href="#figures">Figures</a><a href="#findings">Findings</a><a href="#accepted">Waived</a><a href="#controls">Controls</a><a href="#rules">Rules</a><a href="#waivers">Waivers</a></nav>
</header>
<main>
<section id="completeness"><h2>Completeness</h2>${completeness(report)}${readsTable(report)}</section>
<section id="figures"><h2>Figures</h2>${tiles(report)}${charts(report)}</section>
<section id="findings"><h2>Findings</h2>${findingsTable(report)}</section>
<section id="accepted"><h2>Waived findings</h2>${waivedTable(report)}</section>
<section id="controls"><h2>Findings by control</h2><p class="soft">A finding counts for every control that its rule serves.</p>${controlsTable(report)}</section>
<section id="rules"><h2>Rules</h2><p class="soft">${rulesAbout(report)}</p>${rulesTable(report)}</section>
<section id="waivers"><h2>Waivers</h2>${waiversTable(report)}</section>
</main>
<footer>Made by ${tool}. This page is one file: it loads nothing and sends nothing. The same figures for programs: muster audit --format json.</footer>
<script>${ours(script)}</script>
</body>
</html>
`.toString();
}

/** The class of the verdict; nothing where nothing was found. */
const worstOf = ({ summary: { findings } }: AuditReport): string =>
  severities.find((severity) => findings[severity] > 0) ?? '';

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

function completeness({ completeness: one }: AuditReport): Markup {
  const [accounts] = one.reads;
  const unread = one.reads.filter(({ missing }) => missing !== undefined).map(({ what }) => what);
  const proof = accounts === undefined ? '' : sentence(`no account is missing: ${readText(accounts)}`);
  return markup`<p>${proof}${unread.length === 0 ? '' : markup` <b>Not read: ${unread.join(', ')}</b>; rules that need them found nothing.`}</p>
<dl><dt>Read by</dt><dd>${one.run_by.username} (<code>${one.run_by.id}</code>)</dd>
<dt>With</dt><dd>${one.tool}, ${count(one.requests, 'request')}</dd>
<dt>Server</dt><dd>${one.server.url}, Mattermost ${one.server.version}, key <code>${one.server.key}</code></dd>
<dt>When</dt><dd>${utcText(one.began)} to ${utcText(one.ended)}</dd>
<dt>Users files</dt><dd>${one.files.join(', ')}</dd></dl>`;
}

function tiles({ summary }: AuditReport): Markup {
  const { accounts, active, inactive, bots, admins, declared, undeclared, tokens, waived } = summary;
  const all: ReadonlyArray<readonly [figure: number, label: string]> = [
    [accounts, wordFor(accounts, 'account')],
    [active, 'active'],
    [inactive, 'inactive'],
    [admins, wordFor(admins, 'active admin')],
    [bots, wordFor(bots, 'bot')],
    [declared, 'declared in files'],
    [undeclared, 'active and undeclared'],
    [tokens, wordFor(tokens, 'token')],
    [waived, wordFor(waived, 'finding waived', 'findings waived')],
  ];
  return markup`<div class="tiles">${all.map(([figure, label]) => markup`<div class="tile"><b>${grouped(figure)}</b><span>${label}</span></div>`)}</div>`;
}

function rulesAbout({ rules }: AuditReport): string {
  const looked = rules.filter(hasLooked).length;
  return `${looked} of ${rules.length} rules were checked; what each found includes waived findings.`;
}
