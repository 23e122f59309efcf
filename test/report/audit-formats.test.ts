/** Whatever stands in a field that comes from outside, it is dead text in every format of an audit, and nothing is lost. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import type { Log } from 'sarif';
import { describe, expect, test } from 'vitest';
import { renderAudit } from '../../src/cli/render-audit.ts';
import type { AuditReport } from '../../src/model/generated/audit-report.ts';
import { plain } from '../../src/report/paint.ts';
import { auditReport, hostileTexts } from '../support/audit-reports.ts';
import { bySuite } from '../support/suite.ts';
import { allAttacks } from './injection-suite.ts';

const harmless = auditReport(2);
/** In the long suite also every attack on reports of plans. */
const texts = bySuite({ short: hostileTexts, long: [...hostileTexts, ...allAttacks] });
const hostile = texts.map((text) => [text, auditReport(2, () => text)] as const);

const show = (report: AuditReport, format: Parameters<typeof renderAudit>[1], redact = false): string =>
  renderAudit(report, format, redact, plain);

describe('as CSV', () => {
  test('each finding is a row with a cell for each column, and every text comes back by the rules of RFC 4180', () => {
    const [head = [], ...rows] = parseCsv(show(harmless, 'csv'));

    expect(head[0]).toBe('finding');
    expect(rows).toHaveLength(harmless.findings.length);
    for (const [i, row] of rows.entries()) {
      const cell = (name: string): string | undefined => row[head.indexOf(name)];
      const { id, person = '', text, at, waived } = harmless.findings[i] ?? { id: '', text: '' };
      expect(row).toHaveLength(head.length);
      expect([cell('finding'), cell('person'), cell('text')]).toEqual([id, person, text]);
      expect([cell('file'), cell('line')]).toEqual([at?.file ?? '', String(at?.line ?? '')]);
      expect([cell('waived_by'), cell('waived_until')]).toEqual([waived?.by ?? '', waived?.expires ?? '']);
      expect(cell('read')).toBe(
        '2 accounts (the server counted 2 before, 2 after), 2 tokens, webhooks not read: the server does not show them',
      );
    }
  });

  test('every line ends with CR and LF, and no text adds a line', () => {
    for (const [, report] of hostile) {
      const lines = show(report, 'csv').split('\r\n');
      expect(lines).toHaveLength(report.findings.length + 2);
      expect(lines.at(-1)).toBe('');
      expect(lines.join('')).not.toMatch(/[\r\n\t]/);
    }
  });

  test('no cell is a formula, neither for programs that take a comma for the end of a cell nor for those that take a semicolon', () => {
    for (const [, report] of hostile) {
      const csv = show(report, 'csv');
      for (const cell of parseCsv(csv).flat()) expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠]/u);
      for (const cell of csv.split(/[;\t\r\n]/)) expect(cell).not.toMatch(/^["\s]*[=+\-@＝＋－＠]/u);
    }
  });
});

describe('as SARIF', () => {
  const validate = sarifValidator();
  const logOf = (report: AuditReport): Log => JSON.parse(show(report, 'sarif'));

  test('it is what the schema of SARIF 2.1.0 asks for, whatever the texts are', () => {
    for (const report of [harmless, ...hostile.map(([, one]) => one)]) {
      expect(validate(logOf(report)), JSON.stringify(validate.errors)).toBe(true);
    }
  });

  test('a finding with a file and a line has a physical location, and every one a logical location', () => {
    const [run] = logOf(harmless).runs;
    for (const [i, { locations = [] }] of (run?.results ?? []).entries()) {
      const at = harmless.findings[i]?.at;
      expect(locations).toHaveLength(1);
      expect(locations[0]?.physicalLocation?.region).toEqual(
        at === undefined ? undefined : { startLine: at.line, startColumn: at.column },
      );
      expect(locations[0]?.logicalLocations).toHaveLength(1);
    }
  });

  test('levels come from severities, and waived findings are suppressed with who, until when and why', () => {
    const levels = { critical: 'error', high: 'error', medium: 'warning', low: 'note', info: 'note' } as const;
    const [run] = logOf(harmless).runs;
    for (const [i, { level, suppressions = [], ruleId, ruleIndex = -1 }] of (run?.results ?? []).entries()) {
      const { severity = 'info', waived } = harmless.findings[i] ?? {};
      expect(level).toBe(levels[severity]);
      expect(suppressions.map(({ justification }) => justification)).toEqual(
        waived === undefined ? [] : ['a reason (by approver, until 2027-01-31)'],
      );
      expect(run?.tool.driver.rules?.[ruleIndex]?.id).toBe(ruleId);
    }
  });

  test('every rule has help, and says whether it is on', () => {
    const rules = logOf(harmless).runs[0]?.tool.driver.rules ?? [];

    expect(rules.map(({ id }) => id)).toEqual(harmless.rules.map(({ rule }) => rule));
    for (const { help } of rules) expect(help?.text).toMatch(/./);
    expect(rules.filter(({ defaultConfiguration: one }) => one?.enabled === false).map(({ id }) => id)).toEqual([
      'service-account',
    ]);
  });

  test('no message holds a link or a place for an argument, and no file name leaves its path', () => {
    for (const [, report] of hostile) {
      for (const { message, locations = [] } of logOf(report).runs[0]?.results ?? []) {
        expect(message.text).not.toMatch(/\]\(|\{\d/);
        const uri = locations[0]?.physicalLocation?.artifactLocation?.uri ?? '';
        expect(uri).toMatch(/^[\w.%/!'()*~-]*$/);
      }
    }
  });
});

describe('as HTML', () => {
  const tagsOf = (html: string): readonly string[] => html.match(/<[^>]*>/g) ?? [];

  test('texts from outside make no tag, no attribute and no script: the tags are those of any other report', () => {
    const wanted = tagsOf(show(harmless, 'html'));
    for (const [, report] of hostile) expect(tagsOf(show(report, 'html'))).toEqual(wanted);
  });

  test('what could reorder a line or be invisible is shown as its code', () => {
    const html = show(
      auditReport(1, () => '\u202eadmin\u200b'),
      'html',
    );

    expect(html).toContain('\\u{202e}admin\\u{200b}');
    expect(html).not.toMatch(/[\u202e\u200b]/);
  });

  test('nothing is asked for from elsewhere, and only the one script may run', () => {
    const html = show(harmless, 'html');

    expect(html).toMatch(
      /Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'/,
    );
    expect(html).not.toMatch(/<(link|img|iframe|object|embed|form)|\ssrc=|url\(|@import|\sstyle=|\son\w+=/);
    for (const [, address] of html.matchAll(/href="([^"]*)"/g)) expect(address).toMatch(/^#\w+$/);
  });

  test.each([
    [1, ['account', 'active admin', 'bot', 'token', 'finding waived']],
    [2, ['accounts', 'active admins', 'bots', 'tokens', 'findings waived']],
  ])('a figure of %i has words for it', (figure, words) => {
    const { summary, ...rest } = harmless;
    const figures = { accounts: figure, admins: figure, bots: figure, tokens: figure, waived: figure };

    const page = show({ ...rest, summary: { ...summary, ...figures } }, 'html');

    for (const word of words) expect(page).toContain(`<b>${figure}</b><span>${word}</span>`);
  });

  test('every finding stands in it with person, text, evidence and id, and so do figures, reads and controls', () => {
    const html = show(harmless, 'html');

    for (const { id } of harmless.findings) expect(html).toContain(`<code>${id}</code>`);
    expect(html.match(/accounts: a fact, another fact; tokens: a third fact/g)).toHaveLength(harmless.findings.length);
    expect(html).toContain('No account is missing: 2 accounts (the server counted 2 before, 2 after).');
    expect(html).toContain('the server does not show them');
    expect(html).toContain('2 others</th>');
    for (const { controls } of harmless.rules) for (const { id } of controls) expect(html).toContain(id);
  });
});

describe('as Markdown', () => {
  test('every text stands in a code span, so that links, images and tags are dead', () => {
    const skeleton = (text: string): string => text.replaceAll(/(`+)(?!`).+?(?<!`)\1(?!`)/g, '«»');
    // Few enough that nothing is left out, however long the texts are.
    const few = (report: AuditReport): AuditReport => ({ ...report, findings: report.findings.slice(0, 12) });
    const wanted = skeleton(show(few(auditReport(1)), 'markdown'));
    for (const text of texts) expect(skeleton(show(few(auditReport(1, () => text)), 'markdown'))).toBe(wanted);
  });

  test.each([1, 40, 150])('of %d people with every fault it fits a comment, and its totals are exact', (people) => {
    const report = auditReport(people);
    const markdown = show(report, 'markdown');
    const { critical, high, medium, low, info } = report.summary.findings;

    expect(markdown.length).toBeLessThanOrEqual(65_536);
    expect(markdown).toContain(`| ${critical} | ${high} | ${medium} | ${low} | ${info} |`);
    expect(markdown).toMatch(new RegExp(`: ${critical + high + medium + low + info} findings: `));
    expect(markdown).toContain(`Waived: ${report.summary.waived}<`);
  });
});

test('as annotations every line is a command of ours, at its line where a finding has one', () => {
  for (const [, report] of hostile) {
    const lines = show(report, 'github').trimEnd().split('\n');
    expect(lines).toHaveLength(10);
    for (const line of lines)
      expect(line).toMatch(/^::(error|warning|notice) (file=[^,:]*,line=\d+,col=5,)?title=[^,:]*::/);
  }
});

test.each(['text', 'csv', 'sarif', 'html', 'json', 'github'] as const)(
  '%s grows as the findings do, and no faster',
  (format) => {
    const [few, many] = [10, 100].map((people) => show(auditReport(people), format).length);

    expect(many).toBeLessThan((few ?? 0) * 10.5);
  },
);

describe('without names', () => {
  const secret = auditReport(2, (place) => `Zoë.${place.replaceAll(/\W/g, '')}@secret.example`);
  /** The server is named in reports without names, too, and the words of roles and services are the server's. */
  const shown = ['https://chat.example.com', 'key', '11.6.0', 'a service', 'the server does not show them'];

  test.each(['text', 'json', 'csv', 'markdown', 'sarif', 'html', 'github'] as const)(
    'as %s no one is named, and the same person has the same number everywhere',
    (format) => {
      const report = auditReport(2, (place) =>
        shown.includes(place) || place.startsWith('role') ? place : `zoe-${place.replaceAll(/\W/g, '')}@secret.example`,
      );
      const text = show(report, format, true);

      expect(text).not.toMatch(/zoe|secret\.example/);
      expect(text).toMatch(/person-1/);
    },
  );

  test('ids, severities, places in files and totals stay', () => {
    const redacted: AuditReport = JSON.parse(show(secret, 'json', true));
    const facts = ({ findings }: AuditReport): unknown =>
      findings.map(({ id, severity, account, at }) => [id, severity, account, at?.line]);

    expect(facts(redacted)).toEqual(facts(secret));
    expect(redacted.summary.findings).toEqual(secret.summary.findings);
  });
});

/** As RFC 4180 reads a text. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? bare ?? '');
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

/** The schema is of draft 4: of what differs in later drafts it only uses `id`. */
function sarifValidator(): ReturnType<Ajv['compile']> {
  const path = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  return ajv.compile(schema);
}
