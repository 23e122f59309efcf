/** Whatever goes wrong, a pull request gets its comment and its annotations, and a program its JSON. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { useFastTime } from '../support/fast-time.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';
import { isLong } from '../support/suite.ts';

useFastTime();

const adaId = 'a'.repeat(26);
let sandbox: Sandbox;
let place: Workplace;

beforeAll(async () => {
  sandbox = await startSandbox({ seed: { users: [{ username: 'ada', id: adaId }, { username: 'bob' }] } });
  place = await makeWorkplace(
    {
      'users.yaml': 'version: 1\nusers:\n  - { username: ada, nickname: Countess }\n',
      'wrong.yaml': 'version: 1\nusers:\n  - { username: ada, nick_name: x }\n  - { username: ada, locale: 7 }\n',
      'partly.yaml': 'version: 1\nusers:\n  - { username: ada, nickname: A }\n  - { username: bob, nickname: B }\n',
    },
    { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken },
  );
});
afterAll(() => sandbox.close());

const failures: ReadonlyArray<
  readonly [what: string, args: readonly string[], env: NodeJS.ProcessEnv, code: number, says: RegExp]
> = [
  ['files that are wrong', ['-f', 'wrong.yaml'], {}, 3, /nick_name/],
  ['files that are missing', ['-f', 'nowhere.yaml'], {}, 3, /nowhere\.yaml/],
  ['an option that does not exist', ['--nonsense=hunter2-hunter2'], {}, 3, /unknown option/],
  ['a value that is not allowed', ['--at', 'tomorrow'], {}, 3, /expected a date/],
];
const serverFailures: typeof failures = [
  ['a token that is refused', ['-f', 'users.yaml'], { MUSTER_TOKEN: 'x'.repeat(26) }, 5, /token|session/i],
  ['a server that is not there', ['-f', 'users.yaml'], { MUSTER_SERVER: 'http://127.0.0.1:9' }, 5, /no connection/],
  ['no server', ['-f', 'users.yaml'], { MUSTER_SERVER: '' }, 3, /no server/],
];

describe.each([
  ['validate', failures],
  ['plan', [...failures, ...serverFailures]],
  ['apply --yes', [...failures, ...serverFailures]],
] as const)('%s', (command, rows) => {
  test.each(rows)('tells of %s in every format', async (_what, args, env, expected, says) => {
    const run = (format: string): ReturnType<Workplace['muster']> =>
      place.muster([...command.split(' '), ...args, '--format', format], { env });

    const text = await run('text');
    const markdown = await run('markdown');
    const github = await run('github');
    const json = await run('json');

    expect([text, markdown, github, json].map((one) => one.code)).toEqual([expected, expected, expected, expected]);
    expect(text.stdout).toBe('');
    expect(text.stderr).toMatch(says);
    expect(markdown.stdout).toMatch(new RegExp(`^### muster ${command.split(' ')[0]}: `));
    expect(markdown.stdout).toMatch(says);
    expect(github.stdout).toMatch(/^(::error( [^\n]*)?::[^\n]+\n)+$/);
    expect(github.stdout).toMatch(says);
    expect(JSON.parse(json.stdout)).toMatchObject({ error: {} });
    expect(`${markdown.stdout}${github.stdout}${json.stdout}`).not.toContain('hunter2');
  });
});

test.each<[what: string, words: readonly string[], says: string, todo: RegExp]>([
  ['a command that does not exist', ['plam'], "unknown command 'plam'", /^did you mean plan\? see muster --help$/],
  [
    'a command of a command that does not exist',
    ['journal', 'veriffy'],
    "unknown command 'veriffy'",
    /^did you mean verify\? see muster journal --help$/,
  ],
  ['help for what does not exist', ['help', 'plam'], "unknown command 'plam'", /^did you mean plan\?/],
  [
    'an option that does not exist',
    ['plan', '--fils'],
    "unknown option '--fils'",
    /^did you mean --files\? see muster plan --help$/,
  ],
  ['a missing argument', ['show'], "missing required argument 'plan.json'", /^see muster show --help$/],
  [
    'an option without its value',
    ['plan', '--user'],
    "option '--user <username>' argument missing",
    /^see muster plan --help$/,
  ],
  [
    'a word too many',
    ['explain', 'ada', 'bob'],
    "too many arguments for 'explain'",
    /^expected 1 argument but got 2; see muster explain --help$/,
  ],
  [
    'a value that is none of the choices',
    ['audit', '--fail-on', 'bad'],
    "option '--fail-on <severity>' argument 'bad' is invalid",
    /^allowed choices are .*; see muster audit --help$/,
  ],
  [
    'an argument that is none of the choices',
    ['completion', 'tcsh'],
    "value 'tcsh' is invalid for argument 'shell'",
    /^allowed choices are bash, zsh, fish; see muster completion --help$/,
  ],
  [
    'options that exclude each other',
    ['apply', '--fail-fast', '--keep-going'],
    "option '--keep-going' cannot be used with option '--fail-fast'",
    /^see muster apply --help$/,
  ],
])('%s is told like any other error, in every format', async (_what, words, says, todo) => {
  const { code, stdout, stderr } = await place.muster(words);

  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  const [first, second] = stderr.split('\n');
  expect(first).toBe(`error ${says}`);
  expect(second?.replace(/^ {2}→ /, '')).toMatch(todo);
  for (const [format, shape] of [
    ['json', /^\{\n {2}"error": \{[^]*"code": "usage",\n +"message": ".+",\n +"hint": ".*see muster [a-z ]*--help"/],
    ['markdown', /^### muster[a-z ]*: 1 problem\n[^]*\| `.*see muster [a-z ]*--help` \|\n$/],
    ['github', /^::error::.* \(.*see muster [a-z ]*--help\)\n$/],
  ] as const) {
    const told = await place.muster([...words, '--format', format]);
    expect(told.code).toBe(3);
    expect(told.stdout).toMatch(shape);
    expect(told.stderr).toMatch(/^error /);
  }
});

test('a comment has each problem with its place and what to do', async () => {
  const { stdout } = await place.muster(['validate', '-f', 'wrong.yaml', '--format', 'markdown']);

  expect(stdout).toMatch(
    /^### muster validate: \d problems\n\nNothing was written\.\n\n\| where \| what \| what to do \|\n/,
  );
  expect(stdout).toMatch(/^\| `wrong\.yaml:3:\d+` \| `.*nick_name.*` \| `.*nickname.*` \|$/m);
});

test('files that are right are told in every format, too', async () => {
  const run = async (format: string): Promise<string> =>
    (await place.muster(['validate', '-f', 'users.yaml', '--format', format])).stdout;

  expect(await run('markdown')).toBe('### muster validate: valid\n\n1 person in 1 file\n\n- `users.yaml`\n');
  expect(await run('github')).toBe('::notice title=muster validate::valid: 1 person in 1 file\n');
});

test.runIf(isLong)('an apply names what it did not do, in a comment and in annotations', async () => {
  const run = async (format: string): Promise<string> => {
    const { code, stdout, stderr } = await place.muster(['apply', '--yes', '-f', 'partly.yaml', '--format', format]);
    expect(code).toBe(6);
    expect(stderr).toContain('2 actions');
    return stdout;
  };

  sandbox.faults.add({
    kind: 'error',
    status: 400,
    id: 'model.user.is_valid.app_error',
    match: { method: 'PUT', path: `/users/${adaId}/patch` },
    times: 2,
  });

  expect(await run('markdown')).toMatch(
    /^### muster apply: Applied: 1 of 2 actions done\n[^]*\| `ada` \| `update` \| failed \| `.+` \| .*\|\n/,
  );
  // The other one is done by now.
  const { stdout } = await place.muster(['apply', '--yes', '-f', 'partly.yaml', '--format', 'github']);
  expect(stdout).toMatch(/^::error file=partly\.yaml,line=3,title=failed::update of ada: /);
  expect(stdout).toMatch(/::notice title=muster apply::Applied: 0 of 1 action done\n$/);
});

test('an apply with nothing to do says so in a comment', async () => {
  await place.write({ 'same.yaml': 'version: 1\nusers: [{ username: ada }]\n' });

  const { code, stdout } = await place.muster(['apply', '--yes', '-f', 'same.yaml', '--format', 'markdown']);

  expect(code).toBe(0);
  expect(stdout).toMatch(/^### muster plan: no actions\n/);
});
