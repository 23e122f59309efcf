/** The exit code says how it went, and no format of any command changes it. */
import { describe, expect, test } from 'vitest';
import type { ExitCode } from '../../src/cli/exit-codes.ts';
import { type Sandbox, type SandboxSeed, startSandbox } from '../../src/sandbox/index.ts';
import { type MusterOptions, makeWorkplace, type Run, type Workplace } from '../support/run-muster.ts';
import { share } from '../support/suite.ts';

const file = (...entries: readonly string[]): string =>
  `version: 1\nusers:\n${entries.map((entry) => `  - ${entry}\n`).join('')}`;
const ada = '{ username: ada, nickname: Countess }';
const people: SandboxSeed = { users: [{ username: 'ada', nickname: 'before' }, { username: 'bob' }] };

interface State {
  readonly users: string;
  readonly seed?: SandboxSeed;
  readonly break?: (sandbox: Sandbox, place: Workplace) => void | Promise<void>;
  /** Of the commands that make sense in it. */
  readonly codes: Readonly<Partial<Record<Command, ExitCode>>>;
  readonly options?: MusterOptions;
}

type Command = 'validate' | 'plan' | 'plan --detailed-exitcode' | 'show' | 'explain' | 'apply' | 'apply plan.json';

const commands: Readonly<Record<Command, { readonly args: readonly string[]; readonly formats: readonly string[] }>> = {
  validate: { args: ['validate', '-f', 'users.yaml'], formats: ['text', 'json', 'markdown', 'github'] },
  plan: { args: ['plan', '-f', 'users.yaml'], formats: ['text', 'json', 'markdown', 'diff', 'github'] },
  'plan --detailed-exitcode': {
    args: ['plan', '-f', 'users.yaml', '--detailed-exitcode'],
    formats: ['text', 'json', 'markdown', 'diff', 'github'],
  },
  show: { args: ['show', 'plan.json'], formats: ['text', 'json', 'markdown', 'diff', 'github'] },
  explain: { args: ['explain', 'ada', '-f', 'users.yaml'], formats: ['text', 'json'] },
  apply: { args: ['apply', '-f', 'users.yaml'], formats: ['text', 'json', 'markdown', 'github'] },
  'apply plan.json': {
    args: ['apply', 'plan.json', '-f', 'users.yaml', '--state-dir', 'state'],
    formats: ['text', 'json', 'markdown', 'github'],
  },
};

/** Nobody can foresee it. */
function refuseOnePatch(sandbox: Sandbox): void {
  sandbox.faults.add({
    kind: 'error',
    status: 400,
    id: 'model.user.is_valid.app_error',
    match: { method: 'PUT', path: '/users/*/patch' },
  });
}

const states: Readonly<Record<string, State>> = {
  clean: {
    users: file('{ username: ada, nickname: before }'),
    codes: {
      validate: 0,
      plan: 0,
      'plan --detailed-exitcode': 0,
      show: 0,
      explain: 0,
      apply: 0,
      'apply plan.json': 0,
    },
  },
  changes: {
    users: file(ada),
    codes: {
      validate: 0,
      plan: 0,
      'plan --detailed-exitcode': 2,
      show: 0,
      explain: 0,
      apply: 0,
      'apply plan.json': 0,
    },
  },
  invalid: {
    users: file('{ username: ada, nick_name: 7 }'),
    codes: { validate: 3, plan: 3, 'plan --detailed-exitcode': 3, explain: 3, apply: 3 },
  },
  ambiguous: {
    users: file('{ username: ada, email: bob@example.com }'),
    codes: { validate: 0, plan: 3, explain: 3, apply: 3 },
  },
  rail: {
    users: file(ada, '{ username: boss, active: false }'),
    seed: { users: [...(people.users ?? []), { username: 'boss', roles: ['system_user', 'system_admin'] }] },
    codes: {
      validate: 0,
      plan: 4,
      'plan --detailed-exitcode': 4,
      show: 4,
      explain: 0,
      apply: 4,
      'apply plan.json': 4,
    },
  },
  incomplete: {
    users: file(ada),
    break: (sandbox) => {
      sandbox.faults.add({
        kind: 'short-page',
        drop: 1,
        match: { method: 'GET', path: '/users' },
        times: Number.POSITIVE_INFINITY,
      });
    },
    codes: { validate: 0, plan: 5, 'plan --detailed-exitcode': 5, explain: 5, apply: 5 },
  },
  'no access': {
    users: file(ada),
    options: { env: { MUSTER_TOKEN: 'x'.repeat(26) } },
    codes: { validate: 0, plan: 5, explain: 5, apply: 5 },
  },
  partial: {
    users: file('{ username: ada, nickname: A }', '{ username: bob, nickname: B }'),
    break: refuseOnePatch,
    codes: { plan: 0, apply: 6, 'apply plan.json': 6 },
  },
  refused: {
    users: file(ada),
    break: (_sandbox, place) => place.write({ 'plan.json': '{}\n' }),
    codes: { show: 7, 'apply plan.json': 7 },
  },
  declined: {
    users: file(ada),
    options: { answer: 'no' },
    codes: { apply: 130, 'apply plan.json': 130 },
  },
};

interface Row {
  readonly name: string;
  readonly state: State;
  readonly command: Command;
  readonly code: ExitCode;
}

const rows: readonly Row[] = Object.entries(states).flatMap(([name, state]) =>
  Object.keys(commands).flatMap((command) => {
    if (!isCommand(command)) return [];
    const code = state.codes[command];
    return code === undefined ? [] : [{ name, state, command, code }];
  }),
);

function isCommand(name: string): name is Command {
  return Object.hasOwn(commands, name);
}

async function run({ state, command }: Row, more: readonly string[]): Promise<Run> {
  const sandbox = await startSandbox({ seed: state.seed ?? people });
  try {
    const place = await makeWorkplace(
      { 'users.yaml': state.users },
      { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken },
    );
    const { args } = commands[command];
    if (args.includes('plan.json') && (state.break === undefined || state.break === refuseOnePatch))
      await place.muster(['plan', '-f', 'users.yaml', '--out', 'plan.json']);
    await state.break?.(sandbox, place);
    const asks = args[0] === 'apply' && state.options?.answer === undefined ? ['--yes'] : [];
    return await place.muster([...args, ...asks, ...more], state.options ?? {});
  } finally {
    await sandbox.close();
  }
}

/** Whether stdout is what a program that asked for a format expects, however it went. */
function isOf(format: string, stdout: string): boolean {
  if (format === 'json') return typeof JSON.parse(stdout) === 'object';
  if (format === 'markdown') return stdout.startsWith('### muster');
  return format !== 'github' || /^(::(error|warning|notice)( [^\n]*)?::[^\n]+\n)+$/.test(stdout);
}

describe.each(rows.map((row, i) => ({ ...row, i })))(
  '$command of a state that is $name exits with $code',
  ({ i, ...row }) => {
    test.each(share(commands[row.command].formats, 7, i))('as %s', async (format) => {
      const { code, stdout, stderr } = await run(row, ['--format', format]);

      expect(code).toBe(row.code);
      expect(isOf(format, stdout)).toBe(true);
      expect(`${stdout}${stderr}`).toMatch([3, 5, 7].includes(code) ? /error|problems|Unusable/ : /./);
    });
  },
);

describe('--redact changes no code', () => {
  const redacting = rows.filter(({ command }) => /^(plan|show|apply)/.test(command));

  test.each(share(redacting, 8))('$command of $name', async (row) => {
    expect((await run(row, ['--redact'])).code).toBe(row.code);
  });
});

const rowOfTwo: Row = {
  name: 'partial',
  command: 'apply',
  code: 6,
  state: {
    users: file(
      '{ username: adalovelace, nickname: A, email: countess@example.com }',
      '{ username: babbage, nickname: B }',
    ),
    break: refuseOnePatch,
    seed: { users: [{ username: 'adalovelace' }, { username: 'babbage' }, { username: 'hopper' }] },
    codes: {},
  },
};

describe('with --redact', () => {
  test.each(['text', 'json'])('the %s of an apply names no one, nor does its progress', async (format) => {
    const { code, stdout, stderr } = await run(rowOfTwo, ['--redact', '--format', format]);

    expect(code).toBe(6);
    expect(stderr).toContain('person-');
    expect(`${stdout}${stderr}`).not.toMatch(/lovelace|babbage|hopper|countess|sandbox-admin/i);
  });

  test('an apply still says how it went', async () => {
    const { stdout } = await run(rowOfTwo, ['--redact', '--format', 'json']);

    const { result } = JSON.parse(stdout) as { result: { results: { operation: string; status: string }[] } };
    // Two people are served at the same time: either may be the first to end.
    expect(result.results.map(({ operation, status }) => `${operation} ${status}`).toSorted()).toEqual([
      'patch-user done',
      'patch-user failed',
    ]);
  });
});

test('an unknown format is an error of usage that names the others', async () => {
  const place = await makeWorkplace();

  const { code, stderr } = await place.muster(['plan', '--format', 'pdf']);

  expect(code).toBe(3);
  expect(stderr).toContain('text, json, markdown, diff, html, junit, sarif, github');
});
