/** How muster reconcile stands, as one page that only shows: no script, nothing from elsewhere, read again by itself. */
import { createHash } from 'node:crypto';
import type { LastCycle, ReconcileState } from '../../model/generated/reconcile-state.ts';
import { type Health, type HealthReport, healthOf } from '../../model/reconcile-health.ts';
import { type Markup, type MarkupPart, markup, ours } from '../markup.ts';
import { readText, spanText, whyText } from '../status-text.ts';
import { count } from '../values.ts';
import { style } from './style.ts';

/** One server with the name that it has among several, or the empty text. */
export type ShownServer =
  | { readonly name: string; readonly state: ReconcileState }
  /** muster reconcile could not begin. */
  | { readonly name: string; readonly failure: { readonly code: string; readonly text: string } };

export interface StatusPage {
  readonly servers: readonly ShownServer[];
  readonly nowMs: number;
  /** Without names of people, and texts that may hold one. */
  readonly redact: boolean;
  readonly tool: string;
}

/** How often a browser reads it again, in seconds. */
const refreshSeconds = 30;

/** Nothing but this style. */
export const statusPolicy: string = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Tells states apart where colours do not. */
const signs: Readonly<Record<Health, string>> = { ok: '✓', paused: '‖', quarantined: '⊘', failing: '✗', stale: '?' };

export function statusHtml({ servers, nowMs, redact, tool }: StatusPage): string {
  const all = servers.map(
    (one, i): Seen => ({ one, title: titleOf(one), id: `s${i + 1}`, ...standingOf(one, nowMs, redact) }),
  );
  const [only, ...others] = all;
  const title = only !== undefined && others.length === 0 ? only.title : count(all.length, 'server');
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="${refreshSeconds}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>muster reconcile: ${title}</title>
<style>${ours(style)}</style>
</head>
<body>
<header>
<p class="kicker">muster reconcile</p>
<h1>${title}</h1>
<p class="soft">as of ${utc(nowMs)}</p>
${others.length > 0 ? tallies(all) : ''}
</header>
<main>
${only === undefined ? markup`<p class="soft">Nothing is known yet: the first cycle has not begun.</p>` : ''}
${others.length > 0 ? fleetTable(all, nowMs) : ''}
${all.map((one) => serverSection(others.length > 0 ? one : { ...one, title: 'State' }, nowMs, redact))}
</main>
<footer>${tool}. This page shows what the process knows, and is read again every ${refreshSeconds} seconds. It changes nothing.</footer>
</body>
</html>
`.toString();
}

interface Seen {
  readonly one: ShownServer;
  readonly title: string;
  /** Ours: names of others stand in no attribute. */
  readonly id: string;
  readonly is: Health;
  readonly why?: string;
}

const titleOf = (one: ShownServer): string => (one.name === '' && 'state' in one ? one.state.server : one.name);

function standingOf(one: ShownServer, nowMs: number, redact: boolean): Pick<Seen, 'is' | 'why'> {
  if ('failure' in one) {
    const { code, text } = one.failure;
    return { is: 'failing', why: redact ? code : `could not begin: ${text} (${code})` };
  }
  const health = healthOf(one.state, nowMs);
  const why = whyOf(one.state, health, redact);
  return { is: health.is, ...(why !== undefined && why !== '' && { why }) };
}

function whyOf(state: ReconcileState, health: HealthReport, redact: boolean): string | undefined {
  if (health.budget !== undefined) return `${health.budget} waits; the other classes go on`;
  if (redact) return health.reason;
  return whyText(state, health)?.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (time) => utc(Date.parse(time)));
}

const badge = (is: Health): Markup => markup`<span class="state ${is}" data-sign="${signs[is]}">${is}</span>`;

function tallies(all: readonly Seen[]): Markup {
  const states: readonly Health[] = ['failing', 'quarantined', 'stale', 'paused', 'ok'];
  const known = states.map((is) => ({ is, of: all.filter((one) => one.is === is).length })).filter(({ of }) => of > 0);
  return markup`<ul class="tallies">${known.map(({ is, of }) => markup`<li>${of} ${badge(is)}</li>`)}</ul>`;
}

function fleetTable(all: readonly Seen[], nowMs: number): Markup {
  const rows = all.map(({ one, id, title, is }) => {
    const state = 'state' in one ? one.state : undefined;
    return markup`<tr><td><a href="#${id}">${title}</a></td><td>${badge(is)}</td><td class="number" data-of="Drift">${state === undefined ? '' : driftOf(state)}</td><td data-of="Last look">${moment(state?.looked, nowMs)}</td><td data-of="Next cycle">${moment(state?.next, nowMs, state === undefined ? 'none' : 'under way')}</td></tr>`;
  });
  return markup`<table class="fleet"><thead><tr><th scope="col">Server</th><th scope="col">State</th><th scope="col" class="number">Drift</th><th scope="col">Last look</th><th scope="col">Next cycle</th></tr></thead><tbody>${rows}</tbody></table>`;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
const driftOf = ({ drift }: ReconcileState): number => sum(drift.map(({ planned, blocked }) => planned + blocked));

function serverSection({ one, id, title, is, why }: Seen, nowMs: number, redact: boolean): Markup {
  return markup`<section id="${id}" class="${is}">
<header><h2>${title}</h2>${badge(is)}</header>
${one.name === '' || !('state' in one) ? '' : markup`<p class="soft">${one.state.server}</p>`}
${why === undefined ? '' : markup`<p class="why">${why}</p>`}
${'state' in one ? stateParts(one.state, nowMs, redact) : ''}
</section>`;
}

function stateParts(state: ReconcileState, nowMs: number, redact: boolean): Markup {
  return markup`${tiles(state)}
<dl>
<dt>Mode</dt><dd>${state.mode === 'enforce' ? 'enforce: writes what the rails let pass' : 'observe: only looks'}</dd>
<dt>Window</dt><dd>${windowText(state, nowMs)}</dd>
<dt>Last look</dt><dd>${moment(state.looked, nowMs)}</dd>
<dt>Last read</dt><dd>${state.read === undefined ? 'none yet' : (readText(state.read, nowMs) ?? '')}</dd>
<dt>Last success</dt><dd>${moment(state.succeeded, nowMs)}</dd>
<dt>Next cycle</dt><dd>${moment(state.next, nowMs, 'a cycle is under way')}</dd>
<dt>Cycles</dt><dd>${state.cycles}</dd>
</dl>
${driftTable(state)}${quarantineTable(state, nowMs)}${contestedTable(state, nowMs, redact)}${runsTable(state, nowMs)}`;
}

function tiles({ looked, drift, unusable = 0 }: ReconcileState): Markup {
  if (looked !== undefined && drift.length === 0 && unusable === 0) return markup`<p class="calm">No drift.</p>`;
  const all: ReadonlyArray<readonly [figure: number, label: string]> = [
    [sum(drift.map(({ planned }) => planned)), 'planned'],
    [sum(drift.map(({ blocked }) => blocked)), 'blocked by a rail'],
    [sum(drift.map(({ held }) => held)), 'held'],
    [unusable, 'unusable entries'],
  ];
  return markup`<div class="tiles">${all.map(([figure, label]) => markup`<div class="tile"><b>${figure}</b><span>${label}</span></div>`)}</div>`;
}

function windowText({ window }: ReconcileState, nowMs: number): Markup {
  if (window === undefined) return markup`none: may write at any time`;
  const until = window.until === undefined ? '' : markup` until ${moment(window.until, nowMs)}`;
  return window.open ? markup`open${until}` : markup`closed${until}: only looks`;
}

const table = (title: string, heads: readonly string[], rows: readonly Markup[]): Markup =>
  rows.length === 0
    ? markup``
    : markup`<h3>${title}</h3><table><thead><tr>${heads.map((head) => markup`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`;

/** @param cells - with what each is of, which stands above it or, on a narrow screen, before it */
const row = (cells: ReadonlyArray<readonly [of: string, cell: MarkupPart]>): Markup =>
  markup`<tr>${cells.map(([of, cell]) => markup`<td data-of="${of}">${cell}</td>`)}</tr>`;

const driftTable = ({ drift }: ReconcileState): Markup =>
  table(
    'Drift, by class of changes',
    ['Class', 'Planned', 'Blocked', 'Held'],
    drift.map(({ class: name, planned, blocked, held }) =>
      row([
        ['Class', name],
        ['Planned', planned],
        ['Blocked', blocked],
        ['Held', held],
      ]),
    ),
  );

const quarantineTable = ({ classes }: ReconcileState, nowMs: number): Markup =>
  table(
    'Quarantine: classes that wait for an approval or the next try',
    ['Class', 'Why', 'Since', 'Next try'],
    classes.map(({ budget, reason, since, retry }) =>
      row([
        ['Class', budget],
        ['Why', reason],
        ['Since', moment(since, nowMs)],
        ['Next try', moment(retry, nowMs)],
      ]),
    ),
  );

const contestedTable = ({ contested }: ReconcileState, nowMs: number, redact: boolean): Markup =>
  table(
    'Contested: held, since it was changed back twice',
    ['Change', 'Person', 'Written', 'Found changed back'],
    contested
      .filter(({ told }) => told !== undefined)
      .map(({ class: name, attribute, person, written, found }) =>
        row([
          ['Change', attribute === undefined ? name : `${name} (${attribute})`],
          ['Person', redact ? '(redacted)' : person],
          ['Written', moments(written, nowMs)],
          ['Found changed back', moments(found, nowMs)],
        ]),
      ),
  );

const runsTable = ({ recent = [], last }: ReconcileState, nowMs: number): Markup => {
  const runs: readonly LastCycle[] = recent.length > 0 || last === undefined ? recent : [last];
  return table(
    'Last runs',
    ['When', 'Mode', 'Done', 'Failed', 'Stale', 'Skipped', 'Took', 'Run'],
    runs.map(({ at, mode, done, failed, stale, skipped, took_ms: tookMs, run = '' }) =>
      row([
        ['When', moment(at, nowMs)],
        ['Mode', mode],
        ['Done', done],
        ['Failed', failed],
        ['Stale', stale],
        ['Skipped', skipped],
        ['Took', `${(tookMs / 1000).toFixed(1)} s`],
        ['Run', run],
      ]),
    ),
  );
};

const utc = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

function moment(at: string | undefined, nowMs: number, none = 'never'): Markup {
  if (at === undefined) return markup`${none}`;
  const seconds = (Date.parse(at) - nowMs) / 1000;
  const away = seconds > 0 ? `in ${spanText(seconds)}` : `${spanText(-seconds)} ago`;
  return markup`<time>${utc(Date.parse(at))}</time> <span class="soft">(${away})</span>`;
}

const moments = (all: readonly string[], nowMs: number): MarkupPart =>
  all.map((at) => markup`<div>${moment(at, nowMs)}</div>`);
