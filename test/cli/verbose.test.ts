/** --verbose shows on stderr what is asked of the server, beside everything else. */
import type { Command } from 'commander';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeProgram } from '../../src/cli/program.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { useFastTime } from '../support/fast-time.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';

useFastTime();

const adaId = 'a'.repeat(26);
let sandbox: Sandbox;
let place: Workplace;

beforeAll(async () => {
  sandbox = await startSandbox({ seed: { users: [{ username: 'ada', email: 'ada@example.com', id: adaId }] } });
  place = await makeWorkplace(
    { 'users.yaml': 'version: 1\nusers:\n  - { username: ada, email: ada@example.com, nickname: Countess }\n' },
    { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken },
  );
});
afterAll(() => sandbox.close());

const nowhere = { write: () => undefined, isTTY: false };
const program = makeProgram(
  { stdout: nowhere, stderr: nowhere, ask: undefined, env: {}, workingDir: '/', signal: AbortSignal.abort() },
  () => undefined,
);
const all = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(all)];

/** `GET /api/v4/users/me → 200 (12 ms, attempt 1)`. */
const request = /^(?:GET|POST|PUT|DELETE) \/api\/v4\/\S+ → (?:\d{3}|no answer, [A-Z_]+) \(\d+ ms, attempt \d\)$/;
const requestsOf = (stderr: string): readonly string[] => stderr.split('\n').filter((line) => request.test(line));

/** They take a server for its settings and its state: they ask it nothing. */
const asksNothing = ['validate', 'status'];

test('every command that asks a server takes --verbose', () => {
  const takes = (command: Command, flag: string): boolean => command.options.some(({ long }) => long === flag);
  const withServer = all(program).filter(
    (command) => takes(command, '--server') && !asksNothing.includes(command.name()),
  );

  expect(withServer.length).toBeGreaterThan(7);
  expect(withServer.filter((command) => !takes(command, '--verbose')).map((command) => command.name())).toEqual([]);
});

test.each([['plan'], ['explain', 'ada'], ['doctor'], ['audit'], ['import'], ['review', 'open', 'q1']])(
  '%s shows its requests on stderr alone, and only with --verbose',
  async (...words) => {
    const shown = await place.muster([...words, '--verbose', '--format', 'json']);
    const quiet = await place.muster([...words, '--format', 'json']);

    expect(requestsOf(shown.stderr).length).toBeGreaterThan(2);
    expect(requestsOf(quiet.stderr)).toEqual([]);
    expect(() => JSON.parse(shown.stdout) as unknown).not.toThrow();
  },
);

test('an attempt that is repeated shows as two requests, with what came back', async () => {
  sandbox.faults.add({ kind: 'error', status: 503, match: { method: 'GET', path: '/users/me' }, times: 1 });

  const { code, stderr } = await place.muster(['plan', '--verbose']);

  expect(code).toBe(0);
  expect(stderr).toMatch(/users\/me → 503 \(\d+ ms, attempt 1\)\n[^]*users\/me → 200 \(\d+ ms, attempt 2\)\n/);
});

test('a request without an answer is shown, too', async () => {
  const { code, stderr } = await place.muster(['plan', '--verbose'], { env: { MUSTER_SERVER: 'http://127.0.0.1:9' } });

  expect(code).toBe(5);
  expect(stderr).toMatch(/^GET \/api\/v4\/users\/me → no answer, API_UNREACHABLE \(\d+ ms, attempt 1\)$/m);
});

test('requests say whom they concern, but not with --redact', async () => {
  const open = await place.muster(['apply', '--yes', '--verbose']);
  await place.write({ 'again.yaml': 'version: 1\nusers:\n  - { username: ada, nickname: Lady }\n' });
  const redacted = await place.muster(['apply', '-f', 'again.yaml', '--yes', '--verbose', '--redact']);

  expect([open.code, redacted.code]).toEqual([0, 0]);
  expect(open.stderr).toContain(`PUT /api/v4/users/${adaId}/patch → 200`);
  expect(redacted.stderr).toContain('PUT /api/v4/users/{user_id}/patch → 200');
  expect(redacted.stderr).toContain('[1/1] done');
  expect(redacted.stderr).not.toMatch(new RegExp(`${adaId}|\\bada\\b`));
});
