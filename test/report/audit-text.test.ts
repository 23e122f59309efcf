import { expect, test } from 'vitest';
import type { Waiver } from '../../src/model/audit.ts';
import { identityOf } from '../../src/model/identity.ts';
import { auditText } from '../../src/report/audit-text.ts';
import { type AuditWorld, auditOf, dateAgo } from '../audit/support/audit-world.ts';
import { account, entry, liveToken, markedToken } from '../support/build-states.ts';

const plain = (_style: unknown, text: string): string => text;
const textOf = (world: AuditWorld): string => auditText(auditOf(world), plain);

const ada = account('ada');
const gone = account('gone', { active: false });
const waiver: Waiver = {
  rule: 'old-token',
  users: new Set(['ada']),
  reason: 'retired in July',
  by: 'security',
  identity: identityOf('security', []),
  expires: '2026-07-31',
  state: 'valid',
  at: { file: 'waivers.yaml', line: 3, column: 5 },
  lines: [3],
};
const bad: AuditWorld = {
  entries: [entry('ada', { nickname: 'Countess', position: 'Engineer' }), entry('new', { email: 'new@example.com' })],
  accounts: [ada, gone],
  tokens: [markedToken(ada, { name: 'ci', generation: 1, date: dateAgo(400) }), liveToken(gone)],
  missing: ['webhooks'],
  waivers: [waiver, { ...waiver, rule: 'unused-token', expires: '2026-06-14', state: 'expired' }],
};

test('says what was looked at, what is wrong, who accepts what, what was not read, and that the rest is complete', () => {
  expect(textOf(bad)).toMatchInlineSnapshot(`
    "Audit of https://chat.example.com as of 2026-06-15T12:00:00.000Z
    4 accounts: 3 active, 2 of them with an administrative role

    high  Inactive account with an enabled token  leaver-token
      gone  token "made by hand" is enabled, and the account is inactive
      → run muster plan if an entry declares the person inactive: it disables the token; else revoke it

    medium  Account differs from its entry  drift
      ada  nickname is empty, expected Countess; position is empty, expected Engineer  users.yaml:3
      new  has no account  users.yaml:3
      → run muster plan, then apply it or change the entry

    Waived
      ada  old-token     until 2026-07-31 by security: retired in July
      ada  unused-token  waiver expired: 2026-06-14

    Not read
      webhooks  refused

    Complete
      2026-06-15T12:00:00.000Z to 2026-06-15T12:00:01.000Z by root with muster 0.1.0, Mattermost 11.6.0, 1 request

    Findings: 1 high, 2 medium, 1 waived.
    "
  `);
});

test('says so where nothing is wrong', () => {
  expect(textOf({ entries: [entry('ada')], accounts: [ada] })).toMatch(/\n\nNo findings\.\n$/);
});

test('counts what would drown the rest, and says which format has all of it', () => {
  const idle = Array.from({ length: 53 }, (_, at) => account(`idle${at}`));
  const shown = textOf({ accounts: idle });

  expect(shown.match(/^ {2}idle\d+ /gm)).toHaveLength(50);
  expect(shown).toMatch(/^ {2}and 3 more: --format json names all$/m);
  expect(shown).toMatch(/^Findings: 53 medium\.$/m);
});

test('makes names harmless that would move the cursor or hide text', () => {
  const hostile = liveToken(gone, { description: 'x\u001b[2Jy\u202ez' });

  expect(textOf({ ...bad, tokens: [hostile] })).not.toMatch(/[\u001b\u202e]/);
});
