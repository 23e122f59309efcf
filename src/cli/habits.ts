/** What people type who come from other tools, and what muster has instead: advice alone, nothing of it is taken. */
import type { CommandRow } from './command-row.ts';

interface Habit {
  readonly words: readonly string[];
  readonly advice: string;
  /** Only where the command has this option. */
  readonly needs?: string;
}

const instead = (option: string): Pick<Habit, 'advice' | 'needs'> => ({
  advice: `did you mean ${option}?`,
  needs: option.split(' ', 1)[0] ?? option,
});

const optionHabits: readonly Habit[] = [
  { words: ['--json', '-json'], ...instead('--format json') },
  { words: ['--markdown', '--md'], ...instead('--format markdown') },
  {
    words: ['--auto-approve', '-auto-approve', '--approve', '-y', '--assume-yes', '--non-interactive'],
    ...instead('--yes'),
  },
  {
    words: ['--dry-run', '--dryrun', '-n', '--check', '--noop', '--what-if'],
    advice: 'muster plan shows what would change, and writes nothing',
  },
  { words: ['--target', '-target', '--username', '-u'], ...instead('--user') },
  { words: ['-v', '--debug', '--trace'], ...instead('--verbose') },
  { words: ['-c'], ...instead('--config') },
  { words: ['--output', '-out'], ...instead('--out') },
  { words: ['--url', '--host', '--endpoint'], ...instead('--server') },
  { words: ['--force'], advice: 'there is no --force: an approval in the approvals file lifts a budget' },
  {
    words: ['--token', '--password', '--auth'],
    advice: 'the token is in MUSTER_TOKEN, or in the file that MUSTER_TOKEN_FILE names',
  },
  {
    words: ['--insecure', '-k', '--insecure-skip-tls-verify', '--skip-tls-verify', '--no-verify-ssl', '--no-verify'],
    advice: '--ca-file trusts an authority of your own; certificates are always checked',
    needs: '--ca-file',
  },
  { words: ['--no-color', '--no-colour', '-no-color'], advice: 'NO_COLOR=1 in the environment switches colours off' },
];

const wordHabits: readonly Habit[] = [
  { words: ['version', '-v', '--v'], advice: 'did you mean muster --version?' },
  { words: ['diff', 'preview', 'dry-run'], advice: 'did you mean muster plan?' },
  { words: ['sync', 'push', 'deploy', 'up'], advice: 'did you mean muster apply?' },
  { words: ['rollback', 'revert', 'destroy', 'down'], advice: 'did you mean muster undo?' },
  { words: ['lint', 'check', 'fmt', 'test'], advice: 'did you mean muster validate?' },
  { words: ['export', 'pull', 'dump'], advice: 'did you mean muster import?' },
  { words: ['history', 'log', 'logs', 'runs'], advice: 'did you mean muster journal?' },
  {
    words: ['list', 'ls', 'get', 'users', 'who'],
    advice: 'muster access shows who has what; muster explain, one person',
  },
  { words: ['daemon', 'watch', 'run', 'serve'], advice: 'did you mean muster reconcile?' },
  {
    words: ['login', 'auth'],
    advice: 'there is no login: the token is in MUSTER_TOKEN, or in the file that MUSTER_TOKEN_FILE names',
  },
];

const hasOption = ({ options, formats = [] }: CommandRow, name: string): boolean =>
  name === '--format' ? formats.length > 0 : options.some(({ long }) => long === name);

/**
 * What to write instead of an option that the command does not have.
 *
 * @param row - the command; none: the option stands before any
 */
export function adviceOnOption(option: string, row: CommandRow | undefined): string | undefined {
  if (row === undefined) return wordHabits.find(({ words }) => words.includes(option))?.advice;
  const habit = optionHabits.find(({ words }) => words.includes(option));
  if (habit === undefined) return undefined;
  return habit.needs === undefined || hasOption(row, habit.needs) ? habit.advice : undefined;
}

/** What to write instead of a command that muster does not have. */
export const adviceOnCommand = (word: string): string | undefined =>
  wordHabits.find(({ words }) => words.includes(word))?.advice;

/** An option that stands before its command, where the parser takes only those of the program. */
export function adviceOnOrder(
  option: string,
  words: readonly string[],
  rows: readonly CommandRow[],
): string | undefined {
  const known = (row: CommandRow): boolean => hasOption(row, option) || (row.commands ?? []).some(known);
  const meant = rows.find((row) => row.isHidden !== true && words.includes(row.name) && known(row));
  if (meant !== undefined) return `options stand behind the command: muster ${meant.name} ${option} …`;
  const taking = rows.filter((row) => row.isHidden !== true && hasOption(row, option));
  const one = taking.find(({ name }) => name === 'plan') ?? taking[0];
  return one === undefined ? undefined : `options stand behind a command, such as muster ${one.name} ${option} …`;
}
