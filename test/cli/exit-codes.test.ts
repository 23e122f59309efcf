import { describe, expect, test } from 'vitest';
import { codeOfApply, codeOfError, type ExitCode, exitCodes, mostSerious } from '../../src/cli/exit-codes.ts';
import {
  JournalBrokenError,
  JournalTamperedError,
  LockedError,
  StateNotSignedError,
  StateTamperedError,
} from '../../src/journal/errors.ts';
import { InsufficientVisibilityError, ReadNotCompleteError } from '../../src/live/errors.ts';
import type { Outcome } from '../../src/model/outcome.ts';
import { InputError } from '../../src/model/problem.ts';
import type { SandboxSeed } from '../../src/sandbox/index.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { action, change } from '../report/support.ts';
import { type MusterOptions, makeWorkplace } from '../support/run-muster.ts';
import { share } from '../support/suite.ts';

const usersFile = (...entries: string[]): string =>
  `version: 1\nusers:\n${entries.map((entry) => `  - ${entry}\n`).join('')}`;
const ada = '{ username: ada, email: ada@example.com }';
const seedAda: SandboxSeed = { users: [{ username: 'ada' }] };

const done: Outcome = { status: 'done', as: 'written', notes: [] };
const finished = { action: action(change('ada', 'update', 'nickname')), attempts: [], startedMs: 0, endedMs: 0 };

interface Row {
  readonly what: string;
  readonly users: string;
  readonly seed?: SandboxSeed;
  readonly args: readonly string[];
  readonly options?: MusterOptions;
  readonly break?: (sandbox: Sandbox) => void;
  readonly code: ExitCode;
}

const rows: readonly Row[] = [
  { what: 'a plan without changes', users: usersFile(ada), seed: seedAda, args: ['plan'], code: 0 },
  { what: 'a plan with changes', users: usersFile(ada), args: ['plan'], code: 0 },
  {
    what: 'a plan with changes, asked in detail',
    users: usersFile(ada),
    args: ['plan', '--detailed-exitcode'],
    code: 2,
  },
  {
    what: 'a plan without changes, asked in detail',
    users: usersFile(ada),
    seed: seedAda,
    args: ['plan', '--detailed-exitcode'],
    code: 0,
  },
  { what: 'an invalid file', users: 'version: 1\nusers: 7\n', args: ['plan'], code: 3 },
  {
    what: 'a change that a rail stops',
    users: usersFile('{ username: ada, active: false }'),
    seed: { users: [{ username: 'ada', roles: ['system_user', 'system_admin'] }] },
    args: ['plan'],
    code: 4,
  },
  {
    what: 'a change that a rail stops, asked in detail beside one that passes',
    users: usersFile('{ username: ada, active: false }', '{ username: bob, email: bob@example.com }'),
    seed: { users: [{ username: 'ada', roles: ['system_user', 'system_admin'] }] },
    args: ['plan', '--detailed-exitcode'],
    code: 4,
  },
  {
    what: 'a difference that is only held',
    users: usersFile('{ username: ada, active: false }'),
    seed: { users: [{ username: 'ada', auth_service: 'ldap', auth_data: 'ada' }] },
    args: ['plan', '--detailed-exitcode'],
    code: 0,
  },
  {
    what: 'a wrong token',
    users: usersFile(ada),
    args: ['plan'],
    options: { env: { MUSTER_TOKEN: 'wrong' } },
    code: 5,
  },
  { what: 'an apply that does everything', users: usersFile(ada), args: ['apply', '--yes'], code: 0 },
  { what: 'an apply with nothing to do', users: usersFile(ada), seed: seedAda, args: ['apply', '--yes'], code: 0 },
  {
    what: 'an apply that the person confirms',
    users: usersFile(ada),
    args: ['apply'],
    options: { answer: 'yes' },
    code: 0,
  },
  {
    what: 'an apply that the person declines',
    users: usersFile(ada),
    args: ['apply'],
    options: { answer: 'no' },
    code: 130,
  },
  {
    what: 'an apply beside a rail',
    users: usersFile('{ username: ada, active: false }', '{ username: bob, email: bob@example.com }'),
    seed: { users: [{ username: 'ada', roles: ['system_user', 'system_admin'] }] },
    args: ['apply', '--yes'],
    code: 4,
  },
  {
    what: 'an apply of which the server refuses a part',
    users: usersFile('{ username: ada, nickname: A }', '{ username: bob, email: bob@example.com }'),
    seed: seedAda,
    break: (sandbox) => {
      sandbox.faults.add({
        kind: 'error',
        status: 400,
        id: 'model.user.is_valid.app_error',
        match: { method: 'PUT', path: '/users/*/patch' },
      });
    },
    args: ['apply', '--yes'],
    code: 6,
  },
];

describe('the exit code', () => {
  test.each(rows.flatMap((row, i) => share(['text', 'json'] as const, 2, i).map((format) => ({ ...row, format }))))(
    'of $what is $code, with --format $format',
    async ({ users, seed, args, options, code, format, break: breakIt }) => {
      const sandbox = await startSandbox({ ...(seed !== undefined && { seed }) });
      breakIt?.(sandbox);
      const place = await makeWorkplace(
        { 'users.yaml': users },
        { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken },
      );

      const run = await place.muster([...args, '-f', 'users.yaml', '--format', format], options);
      await sandbox.close();

      expect(run.code, `${run.stdout}${run.stderr}`).toBe(code);
      if (format === 'json') expect(() => JSON.parse(run.stdout)).not.toThrow();
    },
  );

  test.each<[ExitCode, ExitCode[]]>([
    [130, [6, 130, 4]],
    [130, [1, 10, 130]],
    [1, [8, 1, 3]],
    [1, [10, 1]],
    [10, [8, 3, 10]],
    [8, [3, 8]],
    [3, [7, 3, 5]],
    [7, [5, 7]],
    [5, [6, 5]],
    [6, [4, 6]],
    [4, [2, 9, 4, 0]],
    [9, [2, 9, 0]],
    [2, [0, 2]],
    [0, []],
  ])('%i comes before the others of %j', (wanted, codes) => {
    expect(mostSerious(codes)).toBe(wanted);
  });

  test('is one and the same, whatever the order in which several are named', () => {
    const inOrder: readonly ExitCode[] = [130, 1, 10, 8, 3, 7, 5, 6, 4, 9, 2, 0];

    expect(new Set(inOrder)).toEqual(new Set(Object.values(exitCodes)));
    for (const [i, one] of inOrder.entries())
      for (const later of inOrder.slice(i)) {
        expect(mostSerious([one, later])).toBe(one);
        expect(mostSerious([later, one])).toBe(one);
      }
  });

  test.each<[string, unknown, ExitCode]>([
    ['refused input', new InputError([]), 3],
    ['a false world', new InsufficientVisibilityError('ada'), 5],
    ['an incomplete read', new ReadNotCompleteError(['one']), 5],
    ['anything unknown', new Error('what?'), 1],
    ['not even an error', 'what?', 1],
    ['a journal that was edited', new JournalTamperedError({ is: 'line-changed', file: 'x', line: 1 }), 10],
    ['a journal that cannot be read', new JournalBrokenError({ is: 'bad-line', file: 'x', line: 1 }), 3],
    ['a signature that does not fit', new StateTamperedError({ is: 'wrong-signature', file: 'x' }), 10],
    ['another run', new LockedError({ is: 'contended' }), 8],
    ['no signature where one is needed', new StateNotSignedError({ is: 'no-signature', file: 'x' }), 3],
  ])('of %s goes by its code', (_what, error, code) => {
    expect(codeOfError(error)).toBe(code);
  });

  const failed: Outcome = { status: 'failed', error: new InputError([]), written: 'no' };

  test.each<[what: string, outcomes: readonly Outcome[], interrupted: boolean, code: ExitCode]>([
    ['that did everything', [done, done], false, 0],
    ['that had nothing to do', [], false, 0],
    ['of which a part is stale', [done, { status: 'stale', expected: 'x', found: 'y' }], false, 6],
    ['of which a part was skipped', [done, { status: 'skipped', because: 'x' }], false, 6],
    ['of which a part failed', [done, failed], false, 6],
    ['that was interrupted after a failure', [failed], true, 130],
    ['that was interrupted when all was done', [done], true, 130],
  ])('of an apply %s', (_what, outcomes, interrupted, code) => {
    const results = outcomes.map((outcome) => ({ ...finished, outcome }));

    expect(codeOfApply({ results, interrupted })).toBe(code);
  });

  test('is 130 when the run was interrupted', async () => {
    const sandbox = await startSandbox();
    const place = await makeWorkplace(
      { 'users.yaml': usersFile(ada) },
      { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken },
    );

    const { code, stdout, stderr } = await place.muster(['apply', '--yes', '-f', 'users.yaml'], {
      signal: AbortSignal.abort(),
    });
    await sandbox.close();

    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toContain('error interrupted');
    expect(sandbox.requests).toEqual([]);
  });
});
