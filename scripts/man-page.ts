/** The manual page, from the rows of the command line: `man/muster.1`. */
import type { Command, Option } from 'commander';
import { toolVersion } from '../src/app/version.ts';
import { type CommandRow, type Example, optionText } from '../src/cli/command-row.ts';
import { commandRows } from '../src/cli/command-rows.ts';
import { exitCodeTexts } from '../src/cli/exit-code-help.ts';
import { serverOptions } from '../src/cli/options.ts';
import { makeProgram, programEnvironment, programExamples } from '../src/cli/program.ts';

/** Text as roff takes it for text, at the beginning of a line too. */
const text = (plain: string): string =>
  plain
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/gm, '\\&')
    .replace(/[^ -~\n]/gu, (sign) => `\\[u${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`);

/** A macro takes quotes for its own. */
const argument = (plain: string): string => `"${text(plain).replaceAll('"', '\\(dq')}"`;

/** `-f, --files <path>`: what is typed in bold, what stands for something in italics. */
const flagsOf = (flags: string): string =>
  text(flags)
    .replace(/\\-[\w\\-]+/g, (flag) => `\\fB${flag}\\fR`)
    .replace(/[<[](.+?)[>\]]/g, '\\fI$1\\fR');

const entry = (term: string, about: string): string => `.TP\n${term}\n${text(about)}\n`;
const optionEntry = (option: Option): string => entry(flagsOf(option.flags), optionText(option));

const examplesOf = (examples: readonly Example[]): string =>
  examples
    .map(([line, about]) => {
      const typed = `\\fB${text(line)}\\fR`;
      return about === undefined ? `.PP\n${typed}\n` : entry(typed, about);
    })
    .join('');

function section(row: CommandRow, made: Command): string {
  if (row.isHidden === true) return '';
  const { options } = made;
  const own = options.filter(({ helpGroupHeading }) => helpGroupHeading !== serverOptions);
  const more = row.more === undefined ? [] : ['.PP\n.nf', text(row.more), '.fi'];
  const inner = (row.commands ?? []).map((one) => section(one, find(made, one)));
  return [
    `.SS ${argument(`${pathOf(made)} ${made.usage()}`)}`,
    text(row.description),
    ...own.map((option) => optionEntry(option).trimEnd()),
    ...(own.length < options.length ? ['.PP\nTakes the server options, too.'] : []),
    ...(row.examples.length === 0 ? [] : ['.PP\nExamples:', examplesOf(row.examples).trimEnd()]),
    ...more,
    ...inner.map((one) => one.trimEnd()),
    '',
  ].join('\n');
}

function find(parent: Command, row: CommandRow): Command {
  const found = parent.commands.find((one) => one.name() === row.name);
  if (found === undefined) throw new Error(`the program has no ${row.name}`);
  return found;
}

const pathOf = (made: Command): string =>
  made.parent === null ? made.name() : `${pathOf(made.parent)} ${made.name()}`;

const nowhere = { write: () => undefined, isTTY: false };

export function manPage(): string {
  const io = {
    stdout: nowhere,
    stderr: nowhere,
    ask: undefined,
    env: {},
    workingDir: '/',
    signal: AbortSignal.abort(),
  };
  const program = makeProgram(io, () => undefined);
  const commands = commandRows.map((row) => section(row, find(program, row)));
  const shared = new Map(
    program.commands
      .flatMap((made) => made.options)
      .filter(({ helpGroupHeading }) => helpGroupHeading === serverOptions)
      .map((option) => [option.long, option]),
  );
  return [
    '.\\" Generated from src/cli/rows by `npm run generate`. Do not edit.\n',
    `.TH MUSTER 1 "" "mattermuster ${toolVersion()}" "muster"\n`,
    '.SH NAME\nmuster \\- users as code for Mattermost\n',
    '.SH SYNOPSIS\n\\fBmuster\\fR \\fIcommand\\fR [\\fIoptions\\fR]\n',
    `.SH DESCRIPTION\n${text(program.description())}\n`,
    `.SH EXAMPLES\n${examplesOf(programExamples)}`,
    `.SH COMMANDS\n${commands.join('')}`,
    `.SH "SERVER OPTIONS"\n${[...shared.values()].map(optionEntry).join('')}`,
    `.SH ENVIRONMENT\n${programEnvironment.map(([names, about]) => entry(`\\fB${text(names)}\\fR`, about)).join('')}`,
    `.SH "EXIT STATUS"\n${Object.entries(exitCodeTexts)
      .map(([code, about]) => entry(code, about))
      .join('')}`,
  ].join('');
}
