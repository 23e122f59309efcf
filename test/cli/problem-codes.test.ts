/** Each problem of the register that no other test names, in the smallest situation that brings it about. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { lifetimeOf, readPlanToUse } from '../../src/app/apply-plan-file.ts';
import { defaultPorts } from '../../src/app/ports.ts';
import { type ProblemCode, refuse } from '../../src/model/messages/problems.ts';
import { longestLifetimeMs } from '../../src/model/plan-lifetime.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { useFastTime } from '../support/fast-time.ts';
import { makeWorkplace, type Run, type Workplace } from '../support/run-muster.ts';

useFastTime();

let sandbox: Sandbox;
let place: Workplace;

beforeAll(async () => {
  sandbox = await startSandbox({ seed: { users: [{ username: 'ada' }, { username: 'robot', is_bot: true }] } });
  place = await makeWorkplace(
    {
      'users.yaml': 'version: 1\nusers:\n  - { username: ada, nickname: Countess }\n',
      'several.yaml':
        'version: 1\nservers: { one: { url: https://a.example.com }, two: { url: https://b.example.com } }\n',
      'below/x.txt': '',
    },
    { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken },
  );
  await place.muster(['plan', '-f', 'users.yaml', '--out', 'plan.json']);
});
afterAll(() => sandbox.close());

/** The codes of everything that a run calls wrong. */
const codesOf = ({ stdout }: Run): readonly unknown[] => {
  const { error } = JSON.parse(stdout) as { error: { problems?: readonly { code: unknown }[] } };
  return (error.problems ?? []).map(({ code }) => code);
};

const asUsers = (entry: string): string => `version: 1\nusers:\n  - ${entry}\n`;
const ofToken = (token: string): string => asUsers(`{ username: ada, tokens: [{ name: ci, ${token} }] }`);

describe('a users file with', () => {
  test.each<[code: ProblemCode, text: string]>([
    ['merge-conflict', '<<<<<<< HEAD\nversion: 1\n'],
    ['json-lines', '{"version":1}\n{"users":[]}\n'],
    ['odd-blank', 'version: 1\nusers:\n\u00a0 - username: ada\n'],
    [
      'too-many-items',
      asUsers(`{ username: ada, tokens: [${Array.from({ length: 251 }, (_, i) => `{ name: t${i} }`).join(', ')}] }`),
    ],
    ['auth-data-too-long', asUsers(`{ username: ada, auth: { service: saml, data: ${'ä'.repeat(65)} } }`)],
    ['rotate-before-nothing', ofToken('rotate_before: 14d')],
    ['rotate-before-too-early', ofToken('expires_in: 14d, rotate_before: 14d')],
    ['rotate-after-expiry', ofToken('expires_in: 30d, rotate_every: 90d')],
    ['overlap-too-long', ofToken('rotate_every: 30d, overlap: 40d')],
  ])('%s is refused by that code', async (code, text) => {
    await place.write({ 'wrong.yaml': text });

    expect(codesOf(await place.muster(['validate', '-f', 'wrong.yaml', '--format', 'json']))).toContain(code);
  });
});

describe('a file to import with', () => {
  test.each<[code: ProblemCode, text: string, ...flags: readonly string[]]>([
    ['csv-quote-open', 'username\n"ada\n'],
    ['csv-quote', 'username\n"ada"b\n'],
    ['csv-row', 'username,email\nada\n'],
    ['no-such-column', 'email\nada@example.com\n'],
    ['secret-column', 'username,password\nada,x\n', '--map', 'password=nickname'],
    ['duplicate-column', 'username,username\nada,ada\n'],
  ])('%s is refused by that code', async (code, text, ...flags) => {
    await place.write({ 'people.csv': text });

    const run = await place.muster(['import', '--from-csv', 'people.csv', ...flags, '--format', 'json']);

    expect(codesOf(run)).toContain(code);
  });

  test.each<[code: ProblemCode, text: string]>([
    ['not-a-bulk-file', '{"type":"user"}\n'],
    ['bulk-line', '{"type":"version","version":1}\n[]\n'],
  ])('%s is refused by that code, too', async (code, text) => {
    await place.write({ 'export.jsonl': text });

    const run = await place.muster(['import', '--from-bulk', 'export.jsonl', '--format', 'json']);

    expect(codesOf(run)).toEqual([code]);
  });
});

test.each<[code: ProblemCode, config: string]>([
  ['folder-outside', 'files: ["../*.yaml"]'],
  ['unknown-time-zone', 'policy: { time_zone: Nowhere/There }'],
  ['same-server', 'servers: { one: { url: https://chat.example.com }, two: { url: https://chat.example.com/ } }'],
  ['rule-without-days', 'policy: { audit: { rules: { drift: { days: 3 } } } }'],
])('muster.yaml with %s is refused by that code', async (code, config) => {
  await place.write({ 'config/muster.yaml': `version: 1\n${config}\n` });

  const run = await place.muster(['validate', '--config', 'config/muster.yaml', '--format', 'json']);

  expect(codesOf(run)).toEqual([code]);
});

test.each<[code: ProblemCode, line: string]>([
  ['no-base', 'plan -f users.yaml --require-base'],
  ['base-unusable', 'plan -f users.yaml --base ./nowhere'],
  ['whom-to-audit', 'audit onboarding -f users.yaml'],
  ['no-such-entry', 'plan -f users.yaml --user nobody'],
  ['no-such-account', 'import --user nobody'],
  ['no-entry-possible', 'import --user robot'],
  ['plan-is-fixed', 'apply plan.json --user ada --yes'],
  ['run-is-fixed', 'apply --resume --user ada --yes'],
  ['no-one-to-ask', 'apply plan.json'],
  ['two-selections', 'import --user ada --undeclared'],
  ['no-table', 'import --map a=username'],
  ['file-exists', 'import --out users.yaml'],
  ['nothing-reconciled', 'status'],
  ['no-servers', 'plan --all'],
  ['several-servers', 'plan --config several.yaml'],
  ['no-such-server', 'plan --config several.yaml --server three'],
  ['option-alone', 'plan --parallel 3'],
  ['plan-is-of-one-server', 'apply plan.json --all --yes'],
])('%s is what is wrong with the command line %j', async (code, line) => {
  expect(codesOf(await place.muster([...line.split(' '), '--format', 'json']))).toEqual([code]);
});

test('an init below another config, a port that is none, a queue without a name, and an address that is taken are refused with their words', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => taken.once('listening', done));
  const { port } = taken.address() as AddressInfo;
  await place.write({ 'muster.yaml': 'version: 1\nfiles: [users.yaml]\n' });

  const init = await place.muster(['init'], { in: 'below' });
  const start = await place.muster(['sandbox', '--port', 'x']);
  const queue = await place.muster(['reconcile', '--all', '--queue', '--config', 'several.yaml']);
  const listen = await place.muster(['reconcile', '--listen', `127.0.0.1:${port}`]);
  taken.close();

  expect(init.stderr).toContain(refuse('config-above', { path: `${place.dir}/muster.yaml` }).message);
  expect(queue.stderr).toContain(refuse('no-queue', {}).message);
  expect(start.stderr).toContain(refuse('sandbox-refused', { is: 'no-port', port: 'x' }).message);
  expect(listen.stderr).toContain(refuse('cannot-listen', { host: '127.0.0.1', port, why: 'EADDRINUSE' }).message);
});

test('a program that gives a plan file more than two weeks is refused as the flag is', async () => {
  const use = { validForMs: longestLifetimeMs + 1 };
  const tooLong = readPlanToUse({ planFile: 'plan.json', ...use }, defaultPorts({ workingDir: place.dir, env: {} }));

  const code: ProblemCode = 'valid-for-too-long';
  await expect(tooLong).rejects.toMatchObject({ problems: [{ code }] });
  expect(() => lifetimeOf(use)).toThrow(expect.objectContaining({ problems: [expect.objectContaining({ code })] }));
});

test('a queue without the package that talks to it is refused before anything is asked of it', async () => {
  vi.doMock('pg-boss', () => {
    throw new Error('not there');
  });
  onTestFinished(() => vi.doUnmock('pg-boss'));
  const env = { MUSTER_QUEUE_URL: 'postgres://127.0.0.1:9/none' };

  const run = await place.muster(['reconcile', '--all', '--queue', '--config', 'several.yaml'], { env });

  expect([run.code, run.stderr]).toEqual([3, expect.stringContaining(refuse('queue-not-installed', {}).message)]);
});
