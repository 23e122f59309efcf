/** What people type who come from other tools is refused, with what muster has instead. */
import { describe, expect, test } from 'vitest';
import { commandRows } from '../../src/cli/command-rows.ts';
import { makeWorkplace } from '../support/run-muster.ts';

const place = await makeWorkplace();

async function adviceOn(line: string): Promise<string> {
  const { code, stdout, stderr } = await place.muster(line.split(' '));

  expect([code, stdout]).toEqual([3, '']);
  return /^ {2}→ (.*)$/m.exec(stderr)?.[1] ?? stderr;
}

describe('an option of another tool', () => {
  test.each([
    ['plan --json', 'did you mean --format json? see muster plan --help'],
    ['journal show --json', 'did you mean --format json? see muster journal show --help'],
    ['apply plan.json --auto-approve', 'did you mean --yes? see muster apply --help'],
    ['undo -y', 'did you mean --yes? see muster undo --help'],
    ['apply --dry-run', 'muster plan shows what would change, and writes nothing; see muster apply --help'],
    ['plan --target ada', 'did you mean --user? see muster plan --help'],
    ['plan -v', 'did you mean --verbose? see muster plan --help'],
    ['apply --force', 'there is no --force: an approval in the approvals file lifts a budget; see muster apply --help'],
    ['plan -k', '--ca-file trusts an authority of your own; certificates are always checked; see muster plan --help'],
    ['plan --no-color', 'NO_COLOR=1 in the environment switches colours off; see muster plan --help'],
    [
      'plan --token=hunter22',
      'the token is in MUSTER_TOKEN, or in the file that MUSTER_TOKEN_FILE names; see muster plan --help',
    ],
    [
      'plan --out json',
      'expected a file: --format json prints that format, ./json is a file of that name; see muster plan --help',
    ],
  ])('muster %s', async (line, advice) => {
    expect(await adviceOn(line)).toBe(advice);
  });

  test.each([
    ['a command that has no format', 'completion --json', 'see muster completion --help'],
    ['a command that asks nothing', 'plan --auto-approve', 'see muster plan --help'],
    ['a command without a connection', 'journal --insecure', 'see muster journal --help'],
  ])('is not answered with what %s does not take', async (_what, line, advice) => {
    expect(await adviceOn(line)).toBe(advice);
  });

  test('is refused without what was given to it', async () => {
    expect((await place.muster(['plan', '--token=hunter22'])).stderr).not.toContain('hunter22');
  });
});

describe('an option before its command', () => {
  test.each([
    ['--server x plan', 'options stand behind the command: muster plan --server …; see muster --help'],
    ['--format json journal', 'options stand behind the command: muster journal --format …; see muster --help'],
    ['--user ada', 'options stand behind a command, such as muster plan --user …; see muster --help'],
    ['--seed x', 'options stand behind a command, such as muster sandbox --seed …; see muster --help'],
    ['--nonsense plan', 'see muster --help'],
    ['-v', 'did you mean muster --version? see muster --help'],
  ])('muster %s', async (line, advice) => {
    const { code, stderr } = await place.muster(line.split(' '));

    expect(code).toBe(3);
    expect(/^ {2}→ (.*)$/m.exec(stderr)?.[1]).toBe(advice);
  });
});

describe('a command of another tool', () => {
  test.each([
    ['version', 'did you mean muster --version? see muster --help'],
    ['diff', 'did you mean muster plan? see muster --help'],
    ['rollback', 'did you mean muster undo? see muster --help'],
    ['lint', 'did you mean muster validate? see muster --help'],
    ['ls', 'muster access shows who has what; muster explain, one person; see muster --help'],
  ])('muster %s', async (line, advice) => {
    expect(await adviceOn(line)).toBe(advice);
  });

  test('is none of ours', async () => {
    for (const { name } of commandRows) expect((await place.muster([name, '--help'])).stderr).not.toContain('unknown');
  });
});

test.each([
  ['CALER_TOKEN', 'did you mean CALLER_TOKEN?'],
  ['record-refusd', 'did you mean record-refused?'],
  ['pln', 'did you mean plan?'],
])('muster help %s proposes the nearest command or code', async (word, advice) => {
  expect(await adviceOn(`help ${word}`)).toContain(advice);
});
