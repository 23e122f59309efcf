/**
 * Nothing that decides who gets in, or where a secret goes, is out of a reviewer's sight, whichever format it is: neither behind long
 * values, nor by letters that look like others, nor because it is due later.
 */
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { note } from '../../src/model/messages/notice-rows.ts';
import type { Change, Plan } from '../../src/model/plan.ts';
import { listScheduled } from '../../src/plan/scheduled.ts';
import { planAnnotations } from '../../src/report/annotations.ts';
import { plain } from '../../src/report/paint.ts';
import { planDiff } from '../../src/report/plan-diff.ts';
import { planHtml } from '../../src/report/plan-html/page.ts';
import { planJunit } from '../../src/report/plan-junit.ts';
import { planMarkdown } from '../../src/report/plan-markdown.ts';
import { planSarif } from '../../src/report/plan-sarif.ts';
import { planText } from '../../src/report/plan-text.ts';
import { action, change, plan } from './support.ts';

const formats: ReadonlyArray<readonly [name: string, show: (one: Plan) => string]> = [
  ['text', (one) => planText(one, plain)],
  ['markdown', (one) => planMarkdown(one)],
  ['diff', (one) => planDiff(one, plain)],
  ['html', planHtml],
  ['junit', planJunit],
  // As a program reads the JSON; a number in braces would be a place for an argument.
  ['sarif', (one) => planSarif(one).replaceAll(/\\+/g, '\\').replaceAll('{ ', '{')],
  ['github', planAnnotations],
];

/** Of what concerns no administrator annotations count what is made, and SARIF has what is blocked alone; a diff has no line of what is not done. */
const leftOut: Readonly<Record<string, readonly string[]>> = {
  diff: ['blocked'],
  github: ['made'],
  sarif: ['made', 'scheduled'],
};

/** A change wherever a plan may have it. */
const places: ReadonlyArray<readonly [place: string, of: (one: Change) => Plan]> = [
  ['made', (one) => plan({ actions: [action(one)] })],
  ['made to an administrator', (one) => plan({ actions: [action({ ...one, concerns_admin: 'touch' })] })],
  ['scheduled', (one) => plan({ scheduled: [{ change: one, due: '2026-12-20T00:00:00.000Z' }] })],
  [
    'scheduled for an administrator',
    (one) => plan({ scheduled: [{ change: { ...one, concerns_admin: 'gain' }, due: '2026-12-20T00:00:00.000Z' }] }),
  ],
];
const blocked = (one: Change): Plan =>
  plan({ blocked: [{ change: one, rail: 'budget', reason: 'too much', hint: 'approve it' }] });

const long = 'x'.repeat(120);
const tokens = change('ada', 'token-create', 'tokens.ci@1', { after: 'enabled' });
const toEmail = change('ada', 'auth', 'auth', {
  before: { service: 'saml', data: 'ada@idp' },
  after: { service: 'email' },
});

/** A change, and what of it no reader may miss. */
const shown: ReadonlyArray<readonly [what: string, Change, parts: readonly string[]]> = [
  ['the sink of a new token', { ...tokens, destination: 'sink borrowed' }, ['sink borrowed']],
  ['the source of a password', { ...toEmail, source: 'welcome' }, ['welcome']],
  [
    'how a new person signs in, behind long names',
    change('ada', 'create', 'account', {
      after: {
        username: 'ada',
        email: 'ada@example.com',
        first_name: long,
        last_name: long,
        nickname: long,
        position: long,
        auth: { service: 'saml', data: 'eve@idp' },
      },
    }),
    ['ada@example.com', 'eve@idp'],
  ],
  [
    'the person at a provider, behind a long one of before',
    change('ada', 'auth', 'auth', {
      before: { service: 'saml', data: `ada@${long}` },
      after: { service: 'saml', data: `ada@${long}.eve` },
    }),
    ['.eve'],
  ],
  [
    'a letter that looks like another one, in an address',
    change('ada', 'email', 'email', { before: 'ada@example.com', after: 'ada@ex\u0430mple.com' }),
    ['ada@ex\\u{430}mple.com'],
  ],
  [
    'such a letter in what a provider knows',
    change('ada', 'auth', 'auth', {
      before: { service: 'saml', data: 'ada@idp' },
      after: { service: 'saml', data: '\u0430da@idp' },
    }),
    ['\\u{430}da@idp'],
  ],
  [
    'such a letter in the address of a new person',
    change('ada', 'create', 'account', { after: { username: 'ada', email: 'ad\u0430@example.com' } }),
    ['ad\\u{430}@example.com'],
  ],
];

describe.each(formats)('in %s', (format, show) => {
  const own = ([...places, ['blocked', blocked]] as const).filter(
    ([place]) => leftOut[format]?.includes(place) !== true,
  );

  describe.each(own)('%s:', (_place, of) => {
    test.each(shown)('%s', (_what, one, parts) => {
      const text = show(of(one));

      for (const part of parts) expect(text).toContain(part);
    });
  });
});

describe('two values from right to left', () => {
  const [before, after] = ['\u05d0\u05d1 12', '\u05d2\u05d3'];
  const position = change('ada', 'update', 'position', { before, after });
  const compared: Plan['compared'] = { status: 'different', differences: [{ field: 'evidence', before, after }] };
  /** As far as such a letter goes on, over what has no direction, nothing else stands in its place. */
  const goesOn = /[\u0590-\u08ff][^\p{L}\u200e]*→/u;

  test.each(formats)('stay on their sides of an arrow in %s', (_format, show) => {
    const all = [...places.map(([, of]) => of(position)), blocked(position), plan({ compared })].map(show);

    // JSON has the codes of both.
    for (const text of all) expect(text.replaceAll('\\u200e', '\u200e')).not.toMatch(goesOn);
    expect(all.some((text) => text.includes('→'))).toBe(true);
  });

  test('stand on both sides of an arrow in one place of the sources alone', async () => {
    const files = await readdir('src', { recursive: true });
    const sources = await Promise.all(
      files
        .filter((file) => file.endsWith('.ts'))
        .map(async (file) => [file, await readFile(`src/${file}`, 'utf8')] as const),
    );
    const written = sources.filter(([, text]) => /\} → \$\{|join\((?:' → '|" → ")\)/.test(text)).map(([file]) => file);

    // Of a request there are a path and a status.
    expect(written.toSorted()).toEqual(['model/from-to.ts', 'report/request-text.ts']);
  });
});

describe('of entries beside a base', () => {
  const differences = [
    { person: 'lea', field: 'ends', before: '2026-12-31', after: '2027-12-31', file: 'users.yaml', line: 9 },
    { people: ['ada', 'ben'], field: 'position', before: 'managed', after: 'not managed' },
  ];
  const one = plan({ compared: { status: 'different', base: 'main', differences } });

  // A report of tests has what is done and what is not, and nothing of a base.
  test.each(formats.filter(([format]) => format !== 'junit'))('what no action shows is in %s', (_format, show) => {
    const text = show(one);

    for (const part of ['lea: ends', '2026-12-31', '2027-12-31', '2 people: position', 'not managed'])
      expect(text).toContain(part);
  });
});

describe('of a long list in muster.yaml', () => {
  const names = Array.from({ length: 60 }, (_, i) => `protected-person-${i}`);
  const differs = (before: readonly string[], after: readonly string[]): string =>
    planMarkdown(
      plan({ compared: { status: 'different', differences: [{ field: 'policy.protect', before, after }] } }),
    );

  test('a name that is taken out is seen', () => {
    expect(differs([...names, 'break-glass'], names)).toContain('break-glass');
  });

  test('each name is seen, wherever one is another in the same place', () => {
    const text = differs(['first', ...names, 'break-glass'], ['second', ...names, 'broken-glass']);

    for (const name of ['first', 'second', 'break-glass', 'broken-glass']) expect(text).toContain(name);
  });
});

test('what is too long even so says how much is left out', () => {
  const text = planMarkdown(
    plan({ actions: [action(change('ada', 'update', 'position', { after: 'x'.repeat(5000) }))] }),
  );

  expect(text).toMatch(/x… and \d+ more characters`/);
});

describe('of a plan that does not fit a comment', () => {
  const due = '2026-12-20T00:00:00.000Z';
  const joins = Array.from({ length: 2000 }, (_, i) => ({
    change: {
      ...change(`p${i}`, 'token-create', 'tokens.ci@1', { after: 'enabled' }),
      concerns_admin: 'touch' as const,
    },
    due: '2026-12-01T00:00:00.000Z',
  }));

  test('what administers later comes before all else that is scheduled', () => {
    const gain = {
      ...change('zoe', 'admin-gain', 'roles', { after: 'system_admin' }),
      concerns_admin: 'gain' as const,
    };
    const { listed } = listScheduled([...joins, { change: gain, due }], Date.parse('2026-11-24T12:00:00Z'));

    const text = planMarkdown(plan({ scheduled: listed }));

    expect(text).toContain('`zoe`');
    expect(text).toContain('left out to fit a comment');
  });

  test('who takes the name of an administrator stands with what concerns administrators', () => {
    const others = Array.from({ length: 2000 }, (_, i) => ({
      ...note('inactive-not-managed', {}),
      person: `p${i}`,
      text: `p${i} is away`,
    }));
    const taken = { ...note('administrators-name', { name: 'chief', holder: 'boss' }), person: 'zoe' };

    const text = planMarkdown(plan({ notices: [...others, taken] }));

    expect(text).toMatch(/Administrators: 1<\/summary>[^]*`zoe`.*a name that the administrator boss has or had/);
  });
});

test.each(formats.filter(([name]) => ['text', 'markdown', 'html'].includes(name)))(
  'what to write to approve a blocked change stands in a plan as %s',
  (_, show) => {
    const one = {
      change: tokens,
      rail: 'budget',
      reason: 'too much',
      hint: 'approve it',
      budget: 'token-create',
    } as const;

    const text = show(plan({ blocked: [{ ...one, approval: `sha256:${'a'.repeat(64)}` }] }));

    expect(text).toContain('approvals:\n  - class: token-create\n    reason:');
    expect(text).toContain(`\n    changes: sha256:${'a'.repeat(64)}`);
    expect(show(plan({ blocked: [one] }))).not.toContain('- class:');
  },
);
