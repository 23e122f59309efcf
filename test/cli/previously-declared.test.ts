import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rememberDeclared } from '../../src/journal/declared-memory.ts';
import { stateDirOf } from '../../src/journal/state-dir.ts';
import type { Plan } from '../../src/model/plan.ts';
import { Secret } from '../../src/model/secret.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { journalKeyOf } from '../../src/secrets/journal-key.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';
import { isLong } from '../support/suite.ts';

const users = 'version: 1\nusers:\n  - { username: ada, email: ada@example.com }\n';

let sandbox: Sandbox;
let place: Workplace;
let stateDir: string;

/** Bob was declared once, and is remembered in a folder that has to be named. */
beforeEach(async () => {
  sandbox = await startSandbox({ seed: { users: [{ username: 'ada' }, { username: 'bob' }] } });
  place = await makeWorkplace(
    { 'users.yaml': users, 'muster.yaml': 'files: [users.yaml]\npolicy: { min_admins: 1 }\n' },
    { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken },
  );
  const { server } = JSON.parse((await place.muster(['plan', '--format', 'json'])).stdout) as Plan;
  stateDir = stateDirOf(join(place.dir, 'kept'), server.key, {});
  const id = sandbox.control.user('bob')?.id ?? '';
  await rememberDeclared(
    stateDir,
    new Map([[id, { username: 'bob', lastDeclared: '2026-06-15T12:00:00.000Z' }]]),
    journalKeyOf(new Secret(sandbox.adminToken), server.key),
  );
});
afterEach(() => sandbox.close());

const formats = ['text', 'json', 'markdown', 'diff', 'github'];

describe('plan --state-dir', () => {
  test.each(formats)('names in %s who was previously declared, and has no exit code for it', async (format) => {
    const args = ['plan', '--state-dir', 'kept', '--format', format, '--detailed-exitcode'];
    const { code, stdout, stderr } = await place.muster(args);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('bob');
    expect(stdout).toContain('2026-06-15');
    if (format !== 'json') expect(stdout).toContain('write active: false');
  });

  test.each(formats)('names no one in %s with --redact', async (format) => {
    const { stdout } = await place.muster(['plan', '--state-dir', 'kept', '--format', format, '--redact']);

    expect(stdout).not.toMatch(/\bbob\b/);
    expect(stdout).toMatch(/person-\d+/);
    expect(stdout).toContain('2026-06-15');
  });

  test('puts it into the plan file, from which show shows it', async () => {
    await place.muster(['plan', '--state-dir', 'kept', '--out', 'plan.json']);

    const { code, stdout } = await place.muster(['show', 'plan.json']);

    expect(code).toBe(0);
    expect(stdout).toContain('Previously declared: 1');
  });

  test.runIf(isLong)('is not needed to explain someone, nor is the memory', async () => {
    await place.write({ [join('state', 'muster', stateDir.split('/').at(-1) ?? '', 'declared.json')]: 'spoilt' });

    expect((await place.muster(['plan'])).code).toBe(3);
    expect((await place.muster(['explain', 'ada'])).code).toBe(0);
  });
});

test('without it a plan looks into the state home, where apply left what it remembers', async () => {
  await place.write({ 'users.yaml': `${users}  - { username: bob }\n` });
  await place.muster(['apply', '--yes']);
  await place.write({ 'users.yaml': users });

  expect((await place.muster(['plan'])).stdout).toContain('Previously declared: 1');
  const { stdout } = await place.muster(['plan'], { env: { XDG_STATE_HOME: join(place.dir, 'elsewhere') } });
  expect(stdout).not.toContain('Previously declared');
});
