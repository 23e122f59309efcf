/** Administration that comes or goes by a date is seen before its day, in every format, and does not come unseen. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { useFastTime } from '../support/fast-time.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';

useFastTime();

const config = 'version: 1\nfiles: [users.yaml]\npolicy: { min_admins: 1, budgets: { admin-gain: { floor: 5 } } }\n';
const eve = (starts: string): string =>
  `{ username: eve, email: eve@example.com, roles: [system_user, system_admin], starts: ${starts} }`;
const soon = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
const file = (...entries: readonly string[]): string =>
  `version: 1\nusers:\n${entries.map((entry) => `  - ${entry}\n`).join('')}`;

let sandbox: Sandbox;
let place: Workplace;
beforeEach(async () => {
  sandbox = await startSandbox({ seed: { users: [{ username: 'ceo' }] } });
  place = await makeWorkplace(
    { 'muster.yaml': config },
    { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken },
  );
});
afterEach(async () => {
  await sandbox.close();
});

describe('a far date', () => {
  test.each(['text', 'markdown', 'diff', 'json', 'github'])('is shown in %s', async (format) => {
    await place.write({ 'users.yaml': file(eve('2099-01-02'), '{ username: ceo, ends: 2098-03-04 }') });

    const { code, stdout } = await place.muster(['plan', '--format', format]);

    expect(code).toBe(0);
    expect(stdout).toContain('eve');
    expect(stdout).toContain('2099-01-02');
    expect(stdout).toMatch(/admin-gain/);
  });
});

describe('a date that is there', () => {
  test('gives no administration that no plan showed: that change alone is blocked, with what approves it', async () => {
    await place.write({ 'users.yaml': file(eve('2020-01-01')) });

    const { code, stdout } = await place.muster(['apply', '--yes']);

    expect(code).toBe(4);
    expect(stdout).toContain('no applied plan has shown it');
    expect(stdout).toMatch(/sha256:[0-9a-f]{64}/);
    expect(sandbox.control.user('eve')?.roles).toBe('system_user');
    // Nor does the next run, for which eve is there already.
    expect((await place.muster(['apply', '--yes'])).code).toBe(4);
    expect(sandbox.control.user('eve')?.roles).toBe('system_user');
  });

  test('gives it where exactly that is approved', async () => {
    await place.write({ 'users.yaml': file(eve('2020-01-01')) });
    const { stdout } = await place.muster(['plan', '--format', 'json']);
    const { blocked } = JSON.parse(stdout) as Plan;
    const [digest = '?'] = blocked.map(({ approval }) => approval ?? '?');
    const approval = `{ class: admin-gain, changes: '${digest}', by: boss, reason: planned, expires: ${soon} }`;
    await place.write({
      'muster.yaml': `${config}approvals: approvals.yaml\n`,
      'approvals.yaml': `version: 1\napprovals:\n  - ${approval}\n`,
    });

    const { code } = await place.muster(['apply', '--yes']);

    expect(blocked.map(({ rail }) => rail)).toEqual(['not-shown']);
    expect(code).toBe(0);
    expect(sandbox.control.user('eve')?.roles).toContain('system_admin');
  });
});
