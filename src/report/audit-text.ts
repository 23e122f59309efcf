import { severities } from '../model/audit-rules.ts';
import { count } from '../model/count.ts';
import type { AuditReport, Finding, Severity } from '../model/generated/audit-report.ts';
import { groupBy } from '../model/group-by.ts';
import { authorshipText } from './authorship-text.ts';
import { alignColumns, type Cell } from './columns.ts';
import type { Colour, Paint } from './paint.ts';
import { printable } from './printable.ts';

const colours: Readonly<Record<Severity, Colour>> = {
  critical: 'red',
  high: 'red',
  medium: 'yellow',
  low: 'cyan',
  info: 'dim',
};

/** So many findings of one rule are shown; the others are counted. */
const maxRows = 50;

/** An audit for a terminal: what was looked at, then the findings, the most serious first, by rule. */
export function auditText(report: AuditReport, paint: Paint): string {
  const open = report.findings.filter(({ waived }) => waived === undefined);
  const blocks = [
    headline(report, paint),
    ...findingBlocks(report, open, paint),
    ...waivedBlock(report, paint),
    ...unreadBlock(report, paint),
    completeness(report, paint),
    summary(report),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function headline(
  { completeness: { server, moment }, summary: { accounts, active, admins } }: AuditReport,
  paint: Paint,
): string {
  return `${paint('bold', `Audit of ${printable(server.url)}`)} as of ${moment}\n${count(accounts, 'account')}: ${active} active, ${admins} of them with an administrative role`;
}

function findingBlocks({ rules }: AuditReport, open: readonly Finding[], paint: Paint): readonly string[] {
  const titles = new Map<string, string>(rules.map(({ rule, title }) => [rule, title]));
  return [...groupBy(open, ({ severity, rule }) => `${severity} ${rule}`).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { severity, rule, advice } = first;
    const title = `${paint(colours[severity], severity)}  ${paint('bold', titles.get(rule) ?? rule)}  ${paint('dim', rule)}`;
    const rows = group
      .slice(0, maxRows)
      .map(({ person, text, at }): readonly Cell[] => [
        { text: printable(person ?? '(server)') },
        { text: printable(text) },
        { text: at === undefined ? '' : printable(`${at.file}:${at.line}`), paint: (word) => paint('dim', word) },
      ]);
    const hidden = group.length - rows.length;
    const more = hidden === 0 ? [] : [`  and ${hidden} more: --format json names all`];
    return [[title, ...alignColumns(rows, '  '), ...more, `  ${paint('cyan', `→ ${printable(advice)}`)}`].join('\n')];
  });
}

function waivedBlock({ findings, waivers }: AuditReport, paint: Paint): readonly string[] {
  const waived = findings.filter((finding) => finding.waived !== undefined);
  const idle = waivers.filter(({ state, waives }) => state !== 'valid' || waives === 0);
  if (waived.length === 0 && idle.length === 0) return [];
  const rows = [
    ...waived.map(({ person = '', rule, waived: by }) => [
      { text: printable(person) },
      { text: rule },
      { text: printable(`until ${by?.expires ?? ''} by ${by?.by ?? ''}: ${by?.reason ?? ''}`) },
    ]),
    ...idle.map(({ users, rule, state, expires }) => [
      { text: printable(users.join(', ')) },
      { text: rule },
      {
        text: state === 'valid' ? 'waiver without a finding' : `waiver ${idleTexts[state]}: ${expires}`,
      },
    ]),
  ];
  return [[paint('bold', 'Waived'), ...alignColumns([...rows, ...givers(waivers)], '  ')].join('\n')];
}

/** What git tells of who gave each waiver. */
const givers = (waivers: AuditReport['waivers']): readonly (readonly Cell[])[] =>
  waivers.flatMap(({ rule, users, by, authorship }) =>
    authorship === undefined
      ? []
      : [
          [
            { text: printable(users.join(', ')) },
            { text: rule },
            { text: printable(`given by ${by}: ${authorshipText(authorship)}`) },
          ],
        ],
  );

const idleTexts: Readonly<Record<Exclude<AuditReport['waivers'][number]['state'], 'valid'>, string>> = {
  expired: 'expired',
  'too-far-ahead': 'too far ahead',
  self: 'by the person whom it concerns',
  'not-proven': 'not proven by a signature',
};

function unreadBlock({ completeness: { reads } }: AuditReport, paint: Paint): readonly string[] {
  const missing = reads.filter((read) => read.missing !== undefined);
  if (missing.length === 0) return [];
  const rows = missing.map(({ what, missing: why = '' }) => [{ text: what }, { text: printable(why) }]);
  return [[paint('bold', 'Not read'), ...alignColumns(rows, '  ')].join('\n')];
}

function completeness({ completeness: one }: AuditReport, paint: Paint): string {
  const rows = one.reads
    .filter(({ missing }) => missing === undefined)
    .map(({ what, found, before, after, by }): readonly Cell[] => [
      { text: what },
      {
        text: `${found}${before === undefined || after === undefined ? '' : ` (the server counted ${before} before, ${after} after)`}`,
      },
      { text: by, paint: (word) => paint('dim', word) },
    ]);
  const by = `${printable(one.run_by.username)} with ${one.tool}, Mattermost ${printable(one.server.version)}, ${count(one.requests, 'request')}`;
  return [paint('bold', 'Complete'), `  ${one.began} to ${one.ended} by ${by}`, ...alignColumns(rows, '  ')].join('\n');
}

function summary({ summary: { findings, waived } }: AuditReport): string {
  const counts = severities
    .filter((severity) => findings[severity] > 0)
    .map((severity) => `${findings[severity]} ${severity}`);
  const more = waived === 0 ? '' : `, ${waived} waived`;
  return counts.length === 0 ? `No findings${more}.` : `Findings: ${counts.join(', ')}${more}.`;
}
