/** Chains of people and access: whatever stands in a field that comes from outside is dead text in every format. */
import { describe, expect, test } from 'vitest';
import { renderAccess, renderChain } from '../../src/cli/render-chain.ts';
import type { AccessReport } from '../../src/model/generated/access-report.ts';
import type { ChainReport } from '../../src/model/generated/chain-report.ts';
import { plain } from '../../src/report/paint.ts';
import { hostileTexts } from '../support/audit-reports.ts';
import { isLong } from '../support/suite.ts';

type TextOf = (place: string) => string;
const asIs: TextOf = (place) => place;

const chains = (text: TextOf = asIs, people = 2): ChainReport => ({
  format: 'muster-chain/1',
  about: 'offboarding',
  tool: 'muster 1.0.0',
  server: { url: text('https://chat.example.com'), key: 'key' },
  moment: '2027-03-01T12:00:00.000Z',
  leaver_hours: 24,
  sample: { of: 'people', population: 9, drawn: people, seed: text('7'), how: text('by hash') },
  people: Array.from({ length: people }, (_, i) => ({
    person: text(`person${i}`),
    account: `account${i}`,
    steps: [
      {
        step: 'declared',
        state: 'proven',
        text: text('a commit'),
        at: '2027-03-01T08:00:00.000Z',
        by: text('an author'),
        file: text('users.yaml'),
        line: 7,
        commit: '0123456789abcdef',
        signature: 'verified',
      },
      { step: 'approved', state: 'unknown', text: text('why') },
      { step: 'applied', state: 'proven', text: text('took'), run: '000001-x', job: text('job'), url: text('url') },
    ],
    loss: {
      verdict: i === 1 ? 'late' : 'in-time',
      text: text('how'),
      ended: '2027-02-28T00:00:00.000Z',
      ended_by: 'ends',
    },
    server_lines: {
      lines: [{ at: '2027-03-01T08:00:00.000Z', action: text('action'), info: text('info') }],
      left_out: false,
      missing: text('missing'),
    },
  })),
  late: 1,
  late_severity: 'high',
});

const access = (text: TextOf = asIs, people = 2): AccessReport => ({
  format: 'muster-access/1',
  at: '2027-03-01T12:00:00.000Z',
  tool: 'muster 1.0.0',
  server: { url: text('https://chat.example.com'), key: 'key' },
  rests_on: { observations: 2, runs: 1 },
  population: 'unknown',
  counts: { accounts: people, known: people, partly: people, unknown: people, not_yet: 3 },
  accounts: Array.from({ length: people }, (_, i) => ({
    id: `account${i}`,
    username: text(`person${i}`),
    parts: [
      { kind: 'user', state: 'known', grants: [{ key: 'account', text: text('active'), state: 'held' }] },
      { kind: 'token', state: 'partly', grants: [{ key: 'token:1', text: text('laptop'), state: 'there' }] },
      { kind: 'team', state: 'unknown', grants: [], before: { at: '2027-02-01T00:00:00.000Z', text: text('seen') } },
    ],
    declared: { file: text('users.yaml'), line: 7, commit: '0123456789abcdef', roles: [text('role')] },
  })),
  files: [
    {
      file: text('users.yaml'),
      state: 'committed',
      commit: '0123456789abcdef',
      author: text('an author'),
      date: 'then',
    },
    { file: text('other.yaml'), state: 'not verifiable', why: text('why') },
  ],
});

const shown = (format: 'text' | 'csv' | 'markdown', text: TextOf = asIs, people = 2): readonly string[] => [
  renderChain(chains(text, people), format, plain),
  renderAccess(access(text, people), format, plain),
];

/** With every code span left out. */
const skeleton = (text: string): string => text.replaceAll(/(`+)(?!`).+?(?<!`)\1(?!`)/g, '«»');

describe('as Markdown', () => {
  test('every text stands in a code span, so that links, images and tags are dead', () => {
    const wanted = shown('markdown').map(skeleton);

    for (const text of hostileTexts) expect(shown('markdown', () => text).map(skeleton)).toEqual(wanted);
  });

  test.runIf(isLong)('of thousands of people it fits a comment, and says what it leaves out', () => {
    for (const markdown of shown('markdown', asIs, 3000)) {
      expect(markdown.length).toBeLessThanOrEqual(65_536);
      expect(markdown).toMatch(/… and \d+ more of 3000, left out to fit a comment/);
    }
  });

  test('late leavers come first, and what is not proven is named', () => {
    const [chain = '', now = ''] = shown('markdown');

    expect(chain).toMatch(/^### muster audit offboarding: 1 late, 1 in-time\n/);
    expect(chain.indexOf('`person1` | late')).toBeLessThan(chain.indexOf('`person0` | in-time'));
    expect(chain).toContain('| late | `how` | approved |');
    expect(now).toContain('### muster access, 6 rows: 2 proven, 2 in part, 2 unknown');
    expect(now).toContain('Whether these were all accounts is not known.');
  });
});

test('as text the first lines tell how much of how many accounts is proven', () => {
  const [, now = ''] = shown('text');

  expect(now).toContain('\n2 accounts, 6 rows: 2 proven, 2 in part, 2 unknown\n');
});

test('as CSV and text no text adds a line, a formula or a control character', () => {
  const [wantedChain = 0, wantedAccess = 0] = shown('csv').map((csv) => csv.split('\r\n').length);
  for (const text of hostileTexts) {
    const tables = shown('csv', () => text);
    expect(tables.map((csv) => csv.split('\r\n').length)).toEqual([wantedChain, wantedAccess]);
    for (const csv of tables)
      for (const cell of csv.split(/[,;\t\r\n]/)) expect(cell).not.toMatch(/^["\s]*[=+\-@＝＋－＠]/u);
    for (const [i, lines] of shown('text', () => text).entries()) {
      expect(lines.split('\n')).toHaveLength(shown('text')[i]?.split('\n').length ?? 0);
      // oxlint-disable-next-line no-control-regex
      expect(lines).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u200b\u202e\u2066]/);
    }
  }
});
