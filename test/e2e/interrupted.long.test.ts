/**
 * Many people, half of them with several actions and tokens, in a run that is interrupted twice and gone on with.
 * Without `MUSTER_E2E_*` it runs against the sandbox; with them against any server with as many free seats.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../../src/cli/run-cli.ts';
import type { Plan } from '../../src/model/plan.ts';
import { Secret } from '../../src/model/secret.ts';
import { openBudgets } from '../apply/support/stage.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';
import { openTarget, type Target, useFastTimeOnSandbox } from './target.ts';

useFastTimeOnSandbox();

let target: Target;
let place: Workplace;

beforeAll(async () => {
  target = await openTarget();
  place = await makeWorkplace(
    { 'muster.yaml': JSON.stringify({ files: ['users.yaml'], policy: { budgets: openBudgets } }) },
    { MUSTER_SERVER: target.url, MUSTER_TOKEN: target.token },
  );
});

afterAll(async () => {
  await target.close();
});

const number = 200;
const names = Array.from({ length: number }, (_, i) => `p${String(i).padStart(3, '0')}`);
const busy = names.filter((_, i) => i % 2 === 0);

function usersFile(prefix: string): string {
  const entries = names.map((name, i) => {
    const plain = `username: ${prefix}${name}, email: ${prefix}${name}@example.com, first_name: P${i}`;
    return `  - { ${plain}${i % 2 === 0 ? ', notify_props: { desktop: none }, roles: [system_user, system_post_all], tokens: [{ name: ci }]' : ''} }`;
  });
  return `version: 1\nusers:\n${entries.join('\n')}\n`;
}

/** Interrupts a command once it has told of so many actions. */
async function interruptedAfter(actions: number, args: readonly string[]): Promise<{ code: number; stdout: string }> {
  const interrupt = new AbortController();
  const out: string[] = [];
  const onText = (text: string): void => {
    const [, ended = '0'] = /^\[(\d+)\//.exec(text) ?? [];
    if (Number(ended) >= actions) interrupt.abort(new Error('interrupted'));
  };
  const code = await runCli(args, {
    stdout: { write: (text) => out.push(text), isTTY: false },
    stderr: { write: onText, isTTY: false },
    ask: undefined,
    env: {
      MUSTER_SERVER: target.url,
      MUSTER_TOKEN: target.token,
      XDG_STATE_HOME: join(place.dir, 'state'),
    },
    workingDir: place.dir,
    signal: interrupt.signal,
  });
  return { code, stdout: out.join('') };
}

test('ends in a plan without actions, with every token in its place', async () => {
  await place.write({ 'users.yaml': usersFile(target.prefix) });
  const state = ['--state-dir', join(place.dir, 'runs')];

  const first = await interruptedAfter(number * 0.6, ['apply', '--yes', ...state]);
  const second = await interruptedAfter(number * 1.3, ['apply', '--yes', '--resume', ...state]);
  const last = await place.muster(['apply', '--yes', '--resume', ...state]);
  const after = await place.muster(['plan', '--format', 'json', ...state]);

  expect(first).toMatchObject({ code: 130, stdout: expect.stringContaining('muster apply --resume') });
  expect(second.code).toBe(130);
  expect(last.code, last.stdout + last.stderr).toBe(0);
  expect((JSON.parse(after.stdout) as Plan).actions).toEqual([]);
  for (const name of busy) {
    const username = target.prefix + name;
    const secret = await readFile(join(place.dir, 'secrets', `${username}~ci@1.token`), 'utf8');
    const me = await target.client.withToken(new Secret(secret.trim())).users.me();
    expect({ username: me.username, roles: me.roles }).toEqual({ username, roles: 'system_user system_post_all' });
  }
  const verified = await place.muster(['journal', 'verify', ...state]);
  expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining('1 journal as written') });
});
