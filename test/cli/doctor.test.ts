/** Where the server cannot be read, the reason may be on this machine: muster doctor tells what is there, then the error. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/index.ts';
import { useFastTime } from '../support/fast-time.ts';
import { makeWorkplace } from '../support/run-muster.ts';

useFastTime();

const token = 'a'.repeat(26);
const nowhere = 'http://127.0.0.1:9';
const files = {
  'muster.yaml': 'version: 1\nfiles: [users.yaml]\npolicy: { invite: reset_mail }\n',
  'users.yaml': 'version: 1\nusers: [{ username: ada, email: ada@example.com }]\n',
};

describe('where the server cannot be read', () => {
  test.each<[what: string, env: NodeJS.ProcessEnv, code: number, error: string]>([
    ['it is down', { MUSTER_SERVER: nowhere, MUSTER_TOKEN: token }, 5, 'API_UNREACHABLE'],
    ['there is no token', { MUSTER_SERVER: nowhere }, 3, 'CALLER_TOKEN'],
    ['no server is named', { MUSTER_TOKEN: token }, 3, 'no server'],
    [
      'the address holds a password',
      { MUSTER_SERVER: 'http://u:hunter22@127.0.0.1:9', MUSTER_TOKEN: token },
      3,
      'holds a',
    ],
  ])('since %s, doctor tells what is on this machine, and the error last', async (_what, env, code, error) => {
    const place = await makeWorkplace(files, env);
    const run = await place.muster(['doctor']);

    expect(run.code).toBe(code);
    expect(run.stdout).toMatch(/^bad +server +not read/);
    expect(run.stdout).toMatch(/^ok +policy\.invite +reset_mail \(muster\.yaml:3\)$/m);
    expect(run.stdout).toMatch(/^ok +files +1 declared in users\.yaml \(muster\.yaml:2\)$/m);
    expect(run.stdout).not.toContain('hunter22');
    expect(run.stderr).toContain(error);
  });

  test('a proxy and a file that cannot be used show beside the error', async () => {
    const place = await makeWorkplace(
      { ...files, 'users.yaml': 'version: 1\nusers: []\n' },
      { MUSTER_SERVER: 'https://chat.example.com', MUSTER_TOKEN: token, HTTPS_PROXY: 'http://me:hunter22@127.0.0.1:9' },
    );
    const { code, stdout } = await place.muster(['doctor']);

    expect(code).toBe(5);
    expect(stdout).toMatch(/^ok +proxy +127\.0\.0\.1:9 \(HTTPS_PROXY\)$/m);
    expect(stdout).toMatch(/^note +files +the files declare no one$/m);
    expect(stdout).not.toContain('hunter22');
  });

  test('a program gets one answer: the error', async () => {
    const place = await makeWorkplace(files, { MUSTER_SERVER: nowhere, MUSTER_TOKEN: token });
    const { code, stdout } = await place.muster(['doctor', '--format', 'json']);

    expect(code).toBe(5);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'API_UNREACHABLE' } });
  });

  test('settings that cannot be read are the only thing to tell', async () => {
    const place = await makeWorkplace(
      { ...files, 'muster.yaml': 'version: 1\nfile: [users.yaml]\n' },
      { MUSTER_SERVER: nowhere, MUSTER_TOKEN: token },
    );
    const { code, stdout, stderr } = await place.muster(['doctor']);

    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain('unknown field file');
  });
});

test('where the server is read, nothing is told twice', async () => {
  const sandbox = await startSandbox();
  const place = await makeWorkplace(files, { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN_FILE: 'token' });
  await writeFile(join(place.dir, 'token'), sandbox.adminToken, { mode: 0o600 });
  const { code, stdout } = await place.muster(['doctor']);
  await sandbox.close();

  expect(code).toBe(0);
  expect(stdout.match(/^\w+ +server {2,}/gm)).toHaveLength(1);
  expect(stdout.match(/^ok +token +.*token \(MUSTER_TOKEN_FILE, mode 0600\)$/gm)).toHaveLength(1);
});
