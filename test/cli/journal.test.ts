/** `muster journal verify`: as written, by whom, and what it exits with. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';

const verify = ['journal', 'verify'];
const open: Sandbox[] = [];

afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.close();
});

interface Recorded {
  readonly place: Workplace;
  readonly token: string;
  /** Changes the text of the journal. */
  readonly edit: (change: (text: string) => string) => Promise<void>;
}

/** One run, and no token in the environment any more. */
async function recorded(): Promise<Recorded> {
  const sandbox = await startSandbox({ seed: { users: [{ username: 'ada' }] } });
  open.push(sandbox);
  const place = await makeWorkplace({
    'users.yaml': 'version: 1\nusers:\n  - username: ada\n    nickname: Countess\n',
    'muster.yaml': 'version: 1\nfiles: [users.yaml]\npolicy: {min_admins: 1}\n',
  });
  const env = { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken };
  const applied = await place.muster(['apply', '--yes'], { env });
  expect(applied.code, applied.stderr).toBe(0);
  const home = join(place.dir, 'state', 'muster');
  const [server = ''] = await readdir(home);
  const name = (await readdir(join(home, server))).find((one) => one.endsWith('.jsonl')) ?? '';
  const path = join(home, server, name);
  return {
    place,
    token: sandbox.adminToken,
    edit: async (change) => writeFile(path, change(await readFile(path, 'utf8'))),
  };
}

describe('journal verify', () => {
  test('without a token says that nothing was authenticated', async () => {
    const { place } = await recorded();

    const { code, stdout } = await place.muster(verify);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^1 journal as written; .*\nnot authenticated: set MUSTER_TOKEN/);
  });

  test('with the token of the run says that all is signed with it', async () => {
    const { place, token } = await recorded();

    const { code, stdout } = await place.muster([...verify, '--authenticate'], { env: { MUSTER_TOKEN: token } });

    expect(code).toBe(0);
    expect(stdout).toContain('all signed with this token');
  });

  test('with another token says so, and exits with 3 where that was asked for', async () => {
    const { place } = await recorded();
    const env = { MUSTER_TOKEN: 'another' };

    const run = await place.muster(verify, { env });

    expect(run.code).toBe(0);
    expect(run.stdout).toContain('not authenticated: 1 journal signed with another token');
    expect((await place.muster([...verify, '--authenticate'], { env })).code).toBe(3);
    expect((await place.muster([...verify, '--authenticate'])).code).toBe(3);
  });

  test.each<[what: string, change: (text: string) => string, code: number]>([
    ['a line was edited', (text) => text.replace('"attempt":1', '"attempt":2'), 10],
    ['a line was taken out', (text) => text.split('\n').toSpliced(1, 1).join('\n'), 10],
    ['a line is no line of a journal', (text) => text.replace('{"account"', '{account"'), 3],
  ])('when %s exits with its code', async (_, change, code) => {
    const { place, edit } = await recorded();

    await edit(change);

    const verified = await place.muster(verify);
    expect(verified.code, verified.stdout).toBe(code);
    expect(verified.stdout).toContain('broken');
  });
});
