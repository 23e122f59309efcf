import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import type { Waiver } from '../../src/model/audit.ts';
import { auditRuleNames, auditRules } from '../../src/model/audit-rules.ts';
import { identityOf } from '../../src/model/identity.ts';
import { account, admin, entry, markedToken } from '../support/build-states.ts';
import { auditOf, dateAgo, daysAgo, foundIn, nameOf } from './support/audit-world.ts';

const ada = account('ada');
const declared = { entries: [entry('ada')], accounts: [ada] };
const token = markedToken(ada, { name: 'ci', generation: 1, date: dateAgo(400) });
const old = { ...declared, tokens: [token] };

describe('a rule', () => {
  test('finds nothing where it is off, and the report says so', () => {
    const report = auditOf({ ...old, settings: { tuned: { 'old-token': 'off' } } });

    expect(report.findings).toEqual([]);
    expect(report.rules.find(({ rule }) => rule === 'old-token')).toMatchObject({ on: false, found: 0 });
  });

  test('has the severity and the days that the policy gives it', () => {
    const settings = { tuned: { 'old-token': { severity: 'critical', days: 399 } } } as const;
    const report = auditOf({ ...old, settings });

    expect(report.findings).toMatchObject([{ rule: 'old-token', severity: 'critical' }]);
    expect(report.rules.find(({ rule }) => rule === 'old-token')).toMatchObject({ severity: 'critical', days: 399 });
    expect(auditOf({ ...old, settings: { tuned: { 'old-token': { days: 400 } } } }).findings).toEqual([]);
  });

  test('keeps the severity of the policy where the fault itself would say another', () => {
    const wanted = { entries: [entry('ada', { active: false })], accounts: [ada] };

    expect(auditOf(wanted).findings).toMatchObject([{ rule: 'drift', severity: 'high' }]);
    expect(auditOf({ ...wanted, settings: { tuned: { drift: { severity: 'low' } } } }).findings).toMatchObject([
      { rule: 'drift', severity: 'low' },
    ]);
  });

  test('does not take the step aside of an exchange of names for what an entry asks for', () => {
    const { findings } = auditOf({
      entries: [entry('ada', { email: 'bob@example.com' }), entry('bob', { email: 'ada@example.com' })],
      accounts: [ada, account('bob')],
    });

    expect(findings.filter(({ rule }) => rule === 'drift').map(({ person, text }) => [person, text])).toEqual([
      ['ada', 'username is ada, expected bob'],
      ['bob', 'username is bob, expected ada'],
    ]);
  });

  test('says which read it would have needed', () => {
    const { rules } = auditOf({ ...declared, missing: ['activity', 'webhooks'] });

    expect(rules.filter(({ unread }) => unread !== undefined).map(({ rule, unread }) => [rule, unread])).toEqual([
      ['leaver-webhook', 'webhooks'],
      ['dormant-account', 'activity'],
      ['service-account', 'activity'],
    ]);
  });

  test('is listed with its controls, whether it found something or not', () => {
    const { rules } = auditOf(declared);

    expect(rules.map(({ rule }) => rule)).toEqual(auditRuleNames);
    for (const { rule, title, controls } of rules) {
      expect(title).toBe(auditRules[rule as keyof typeof auditRules].title);
      expect(new Set(controls.map(({ framework }) => framework)).size, rule).toBeGreaterThanOrEqual(3);
    }
  });
});

describe('a waiver', () => {
  const waiver: Waiver = {
    rule: 'old-token',
    users: new Set(['ada']),
    reason: 'retired in July',
    by: 'security@example.com',
    identity: identityOf('security@example.com', []),
    expires: '2026-07-31',
    state: 'valid',
    at: { file: 'waivers.yaml', line: 3, column: 5 },
    lines: [3],
  };

  test('keeps the finding in the report, and out of the counts', () => {
    const { findings, summary, waivers } = auditOf({ ...old, waivers: [waiver] });

    const { by, reason, expires } = waiver;
    expect(findings).toMatchObject([{ rule: 'old-token', person: 'ada', waived: { by, reason, expires } }]);
    expect(summary).toMatchObject({ findings: { medium: 0 }, waived: 1 });
    expect(waivers).toMatchObject([{ rule: 'old-token', users: ['ada'], state: 'valid', waives: 1 }]);
  });

  test.each(['expired', 'too-far-ahead'] as const)('accepts nothing once it is %s', (state) => {
    const { findings, waivers } = auditOf({ ...old, waivers: [{ ...waiver, state }] });

    expect(findings[0]?.waived).toBeUndefined();
    expect(waivers).toMatchObject([{ state, waives: 0 }]);
  });

  test.each(['ada', '@Ada', 'Ada <ada@example.com>'])('by %s accepts nothing about ada: self-waiver', (by) => {
    const { findings, waivers } = auditOf({ ...old, waivers: [{ ...waiver, by, identity: identityOf(by, []) }] });

    expect(findings[0]?.waived).toBeUndefined();
    expect(waivers).toMatchObject([{ state: 'self', waives: 0 }]);
  });

  test('by a name that muster.yaml says is ada accepts nothing about ada', () => {
    const identity = identityOf('boss', [{ name: 'boss', emails: ['ada@example.com'], keys: [] }]);
    const { waivers } = auditOf({ ...old, waivers: [{ ...waiver, by: 'boss', identity }] });

    expect(waivers).toMatchObject([{ state: 'self', waives: 0 }]);
  });

  test.each([
    ['another rule', { rule: 'unused-token' }],
    ['another person', { users: new Set(['bob']) }],
  ] as const)('of %s accepts nothing, and is listed without a finding', (_title, other) => {
    const { findings, waivers } = auditOf({ ...old, waivers: [{ ...waiver, ...other }] });

    expect(findings[0]?.waived).toBeUndefined();
    expect(waivers).toMatchObject([{ waives: 0 }]);
  });

  test('can name the entry of someone who has no account', () => {
    const world = { entries: [entry('new', { email: 'new@example.com' })] };
    const { findings } = auditOf({ ...world, waivers: [{ ...waiver, rule: 'drift', users: new Set(['new']) }] });

    expect(findings).toMatchObject([{ rule: 'drift', person: 'new', waived: { by: waiver.by } }]);
  });
});

describe('a report', () => {
  const many = {
    entries: [entry('zoe', { nickname: 'Z' }), entry('ada', { nickname: 'A' })],
    accounts: [account('zoe'), ada, admin('eve'), account('idle')],
    activity: { 'id-idle': { createdMs: daysAgo(200) } },
  };

  test('names the most serious first, then by rule and person', () => {
    expect(foundIn(auditOf(many))).toEqual([
      'undeclared-admin eve',
      'admin-without-mfa eve',
      'dormant-account idle',
      'drift ada',
      'drift zoe',
      'undeclared-account idle',
    ]);
  });

  test('is the same whatever the order of accounts and entries', () => {
    const turned = { ...many, entries: many.entries.toReversed(), accounts: many.accounts.toReversed() };

    expect(auditOf(turned).findings).toEqual(auditOf(many).findings);
  });

  test('gives a fault the same id whatever the account is called', () => {
    const [one] = auditOf({ accounts: [account('ada', { id: 'id-x' })] }).findings;
    const [other] = auditOf({ accounts: [account('bob', { id: 'id-x' })] }).findings;

    expect([one, other].map((finding) => finding && nameOf(finding))).toEqual([
      'undeclared-account ada',
      'undeclared-account bob',
    ]);
    expect(one?.id).toBe(other?.id);
  });

  test('has an id of its own for every fault', () => {
    const ids = auditOf(many).findings.map(({ id }) => id);

    expect(new Set(ids).size).toBe(ids.length);
  });

  test('is as its schema says', async () => {
    const schema: unknown = JSON.parse(
      await readFile(new URL('../../schemas/audit-report.schema.json', import.meta.url), 'utf8'),
    );
    const validate = new Ajv2020({ allErrors: true }).compile(Object(schema));
    const report: unknown = JSON.parse(JSON.stringify(auditOf(many)));

    expect(validate(report) ? [] : validate.errors).toEqual([]);
    expect(validate({ ...Object(report), findings: [{}] })).toBe(false);
  });
});
