/** What a shell offers at a Tab comes from the rows of the commands, in each shell. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { complete, completionLines, valueKindOf } from '../../src/cli/completion.ts';
import { makeProgram } from '../../src/cli/program.ts';
import { changeClasses } from '../../src/model/change-classes.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';
import { isLong } from '../support/suite.ts';

const nowhere = { write: () => undefined, isTTY: false };
const program = makeProgram(
  {
    stdout: nowhere,
    stderr: nowhere,
    ask: undefined,
    env: {},
    workingDir: '/',
    signal: new AbortController().signal,
  },
  () => undefined,
);

const offered = async (...words: readonly string[]): Promise<readonly string[]> => {
  const { candidates, also } = await complete(program, words, () => Promise.resolve(['ada', 'ada.lovelace', 'bob']));
  return [...candidates.map(({ word }) => word), ...(also === 'nothing' ? [] : [also])];
};

test.each<[line: string, words: readonly string[], expected: readonly string[]]>([
  ['a command', ['pl'], ['plan']],
  ['a command of a command', ['journal', ''], ['list', 'show', 'verify']],
  ['a command of a review', ['review', 'c'], ['close']],
  ['a command after help', ['help', 'ex'], ['explain']],
  ['an option', ['plan', '--detailed'], ['--detailed-exitcode']],
  ['an option where nothing else may stand', ['doctor', '--f'], ['--files', '--format']],
  ['the choices of an option', ['validate', '--format', ''], ['text', 'json', 'markdown', 'github']],
  ['a choice behind a =', ['plan', '--format=ma'], ['--format=markdown']],
  ['a choice behind a = that the shell took for a word', ['plan', '--format', '=', 'ma'], ['markdown']],
  ['a choice right after such a =', ['sandbox', '--licence', '='], ['none', 'professional', 'enterprise']],
  ['a choice of an argument', ['completion', ''], ['bash', 'zsh', 'fish']],
  ['a class of changes', ['plan', '--only', 'role'], ['role-grant', 'role-revoke']],
  [
    'the classes of changes of teams',
    ['apply', '--only', 'team-'],
    ['team-join', 'team-leave', 'team-admin-gain', 'team-admin-loss'],
  ],
  [
    'the classes of changes of channels behind a =',
    ['plan', '--only=chan'],
    ['--only=channel-join', '--only=channel-leave', '--only=channel-admin'],
  ],
  ['what an import writes of memberships', ['import', '--memberships', ''], ['none', 'teams', 'channels']],
  ['a username as an argument', ['explain', 'ad'], ['ada', 'ada.lovelace']],
  ['a username as a value', ['apply', '--yes', '--user', 'b'], ['bob']],
  ['a file', ['show', ''], ['files']],
  ['a file as a value', ['plan', '-f', ''], ['files']],
  ['a folder', ['plan', '--state-dir', 'x'], ['folders']],
  ['nothing for an address', ['plan', '--server', ''], []],
  ['nothing after all arguments but options', ['show', 'plan.json', '--red'], ['--redact']],
  ['nothing for a command that does not exist', ['plam', 'x'], []],
])('offers %s', async (_what, words, expected) => {
  expect(await offered(...words)).toEqual(expected);
});

test('offers every class of changes, whatever kind finds it, where one may stand', async () => {
  const all = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(all)];
  const withClass = all(program).filter((one) => one.options.some(({ long }) => long === '--only'));

  expect(withClass.map((one) => one.name())).toEqual(expect.arrayContaining(['plan', 'apply', 'undo']));
  for (const one of withClass) expect(await offered(one.name(), '--only', '')).toEqual(changeClasses);
});

test('offers no command that is for programs alone', async () => {
  expect((await offered('')).filter((word) => word.startsWith('_'))).toEqual([]);
});

test('knows what each value of each command is', () => {
  const all = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(all)];
  const valued = all(program).flatMap((command) => [
    ...command.options.filter((option) => option.required && option.argChoices === undefined),
    ...command.registeredArguments.filter((one) => one.argChoices === undefined),
  ]);

  expect(valued.length).toBeGreaterThan(30);
  for (const one of valued) expect(valueKindOf(one)).toMatch(/./);
});

test('writes a word and what it is for in each line, and then what the shell adds', () => {
  const candidates = [
    { word: 'plan', about: 'two\nlines' },
    { word: 'ada', about: '' },
  ];

  expect(completionLines({ candidates, also: 'files' })).toBe('plan\ttwo\nada\t\n:files\n');
});

describe('the usernames of the files', () => {
  const people = 'version: 1\nusers: [{ username: ada }, { username: bob }]\n';

  test.each<[where: string, files: Readonly<Record<string, string>>, words: readonly string[]]>([
    ['users.yaml, where nothing names another', { 'users.yaml': people }, ['explain', '']],
    ['muster.yaml', { 'people.yaml': people, 'muster.yaml': 'version: 1\nfiles: [people.yaml]\n' }, ['explain', '']],
    ['the command line', { 'other.yaml': people }, ['explain', '-f', 'other.yaml', '']],
    [
      'the config that the command line names',
      { 'users.yaml': people, 'my.yaml': 'version: 1\n' },
      ['explain', '--config', 'my.yaml', ''],
    ],
  ])('are those of %s', async (_where, files, words) => {
    const place = await makeWorkplace(files);

    expect((await place.muster(['__complete', '--', ...words])).stdout).toBe('ada\t\nbob\t\n:nothing\n');
  });

  test.each<[what: string, files: Readonly<Record<string, string>>]>([
    ['there are none', {}],
    ['something is wrong in them', { 'users.yaml': 'version: 1\nusers: [{ nobody: x }]\n' }],
  ])('are not offered, and nothing is said, where %s', async (_what, files) => {
    const place = await makeWorkplace(files);

    expect(await place.muster(['__complete', '--', 'explain', ''])).toEqual({
      code: 0,
      stdout: ':nothing\n',
      stderr: '',
    });
  });
});

describe('the script', () => {
  test('of bash completes as bash asks it', async () => {
    const place = await makeWorkplace({ 'a b.json': '', 'plan.json': '' });
    const { stdout: script } = await place.muster(['completion', 'bash']);
    const asked = `
muster() { printf 'plan\\tabout\\nplant\\t\\n:nothing\\n'; }
COMP_WORDS=(muster pl); COMP_CWORD=1; _muster; printf '[%s]' "\${COMPREPLY[@]}"
muster() { printf ':files\\n'; }
COMP_WORDS=(muster show ''); COMP_CWORD=2; _muster; printf '[%s]' "\${COMPREPLY[@]}"
`;

    const said = execFileSync('bash', ['-c', `${script}${asked}`], { cwd: place.dir, encoding: 'utf8', stdio: 'pipe' });

    expect(said).toMatch(/^\[plan\]\[plant\]/);
    expect(said).toContain('[a b.json]');
    expect(said).toContain('[plan.json]');
  });

  test.each(['bash', 'zsh', 'fish'])('of %s asks muster, and serves both names', async (shell) => {
    const { code, stdout } = await (await makeWorkplace()).muster(['completion', shell]);

    expect(code).toBe(0);
    expect(stdout).toContain('__complete --');
    expect(stdout).toMatch(/\bmuster mattermuster\b|complete -c mattermuster/);
  });

  test('of another shell is refused, with those that there are', async () => {
    const { code, stderr } = await (await makeWorkplace()).muster(['completion', 'tcsh']);

    expect(code).toBe(3);
    expect(stderr).toContain('bash, zsh, fish');
  });
});

/** What the help says to do for a shell, as it is printed: the lines below its name. */
async function instructionsFor(shell: string): Promise<string> {
  const { stdout } = await (await makeWorkplace()).muster(['completion', '--help']);
  const [, lines = ''] = new RegExp(`^${shell}, .*:\\n((?: {2}.+\\n)+)`, 'm').exec(stdout) ?? [];
  return lines.replaceAll(/^ {2}/gm, '');
}

const isThere = (shell: string): boolean => spawnSync(shell, ['--version']).error === undefined;

describe('what the help says to do', () => {
  const main = join(process.cwd(), 'src/cli/main.ts');

  /** A home, a users file, and muster on the path. */
  async function makeHome(): Promise<Workplace> {
    const place = await makeWorkplace({
      'bin/muster': `#!/bin/sh\nexec ${process.execPath} --import ${import.meta.resolve('tsx')} ${main} "$@"\n`,
      'users.yaml': 'version: 1\nusers: [{ username: ada }, { username: bob }]\n',
    });
    await chmod(join(place.dir, 'bin/muster'), 0o755);
    return place;
  }
  const environment = ({ dir }: Workplace): NodeJS.ProcessEnv => ({
    HOME: dir,
    PATH: `${join(dir, 'bin')}:${process.env['PATH'] ?? ''}`,
  });

  test.runIf(isLong)('makes bash complete a command and a username', async () => {
    const place = await makeHome();
    await place.write({ '.bashrc': await instructionsFor('bash') });
    const typed = `
. ~/.bashrc
asked() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); "$(complete -p muster | sed 's/.*-F \\([^ ]*\\).*/\\1/')"; }
asked muster exp; echo "\${COMPREPLY[*]}"
asked muster explain a; echo "\${COMPREPLY[*]}"
`;

    const said = execFileSync('bash', ['--norc', '-c', typed], {
      cwd: place.dir,
      env: environment(place),
      encoding: 'utf8',
    });

    expect(said).toBe('explain\nada\n');
  });

  test.skipIf(!isThere('fish'))('makes fish complete a command and a username', async () => {
    const place = await makeHome();
    const run = (typed: string): string =>
      execFileSync('fish', ['-c', typed], { cwd: place.dir, env: environment(place), encoding: 'utf8' });

    run(await instructionsFor('fish'));

    expect(run("complete -C 'muster exp'; complete -C 'muster explain a'")).toMatch(/^explain\t.*\nada\n$/);
  });

  test.skipIf(!isThere('zsh'))('is taken by zsh, with a function that completes both names', async () => {
    const place = await makeHome();
    await place.write({ '.zshrc': (await instructionsFor('zsh')).replace('&& compinit', '&& compinit -u') });

    const said = execFileSync('zsh', ['-i', '-c', 'echo $_comps[muster] $_comps[mattermuster]'], {
      cwd: place.dir,
      env: environment(place),
      encoding: 'utf8',
    });

    expect(said).toBe('_muster _muster\n');
  });

  test.each(['bash', 'zsh', 'fish'])('for %s runs muster completion of that shell', async (shell) => {
    expect(await instructionsFor(shell)).toContain(`muster completion ${shell}`);
  });
});
