import { alignColumns } from './columns.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';

/** What `init` did. */
export interface InitLines {
  readonly files: ReadonlyArray<{
    readonly name: string;
    readonly status: 'written' | 'left-alone' | 'not-written';
    readonly about: string;
    readonly lines?: readonly string[];
  }>;
  readonly leftOut: readonly string[];
  readonly lacks: ReadonlySet<'token' | 'server' | 'users'>;
}

/** A command to type, and what it is for. */
type Step = readonly [line: string, about: string];

/** @param muster - how the program is called here */
export function initText(lines: InitLines, muster: string, paint: Paint): string {
  const rows = lines.files.map(({ name, status, about }) => [
    { text: status.replace('-', ' '), paint: (text: string) => paint(status === 'written' ? 'green' : 'dim', text) },
    { text: name },
    { text: printable(about) },
  ]);
  const leftOut = lines.leftOut.map((line) => `left out: ${printable(line)}`);
  const steps = nextSteps(lines, muster).map(([line, about]) => [{ text: line }, { text: `# ${about}` }]);
  return [...alignColumns(rows, ''), ...leftOut, '', 'Next:', ...alignColumns(steps, '  '), ''].join('\n');
}

/** Each line works where it is printed, once its example is replaced by what is true. */
export function nextSteps({ files, lacks }: Pick<InitLines, 'files' | 'lacks'>, muster: string): readonly Step[] {
  const isReady = lacks.size === 0;
  return [
    ...files.flatMap(({ name, lines = [] }): readonly Step[] =>
      lines.length === 0 ? [] : [[addLines(name, lines), 'what is never committed']],
    ),
    ...(lacks.has('server') ? ([['export MUSTER_SERVER=https://chat.example.com', 'your server']] as const) : []),
    ...(lacks.has('token')
      ? ([['export MUSTER_TOKEN_FILE=~/.config/muster/token', 'the token of an administrator, chmod 600']] as const)
      : []),
    ...(isReady ? [] : ([[`${muster} doctor`, 'is everything as a plan needs it?']] as const)),
    ...(lacks.has('users') ? ([[`${muster} init`, 'writes users.yaml, and leaves the rest alone']] as const) : []),
    [`${muster} plan`, 'what would change; no actions right after the import'],
    [`${muster} apply`, 'once users.yaml says what you want'],
  ];
}

/** The empty text ends a last line that has no end. */
const addLines = (file: string, lines: readonly string[]): string =>
  `printf '%s\\n' ${['', ...lines].map((line) => `'${line}'`).join(' ')} >> ${file}`;
