import { Argument, type Command, type Option } from 'commander';
import { count } from '../model/count.ts';
import { suggest } from '../model/suggest.ts';
import { wrapWords } from '../report/columns.ts';
import type { ShownRequests } from '../report/request-text.ts';
import { exitCodeHelp } from './exit-code-help.ts';
import type { ExitCode } from './exit-codes.ts';
import type { CliIo, OutputStream } from './io.ts';
import { type Format, formatOption } from './options.ts';
import { refuseAlone } from './ruled-option.ts';

/** A command line that works as it stands, and what it is for where that needs words. */
export type Example = readonly [line: string, about?: string];

/** Everything that is true of one command: the parser, the help, completion and the tests of examples read it here. */
export interface CommandRow {
  readonly name: string;
  readonly arguments?: readonly Argument[];
  /** A few words, for lists of commands. */
  readonly summary: string;
  readonly description: string;
  readonly options: readonly Option[];
  /** The first is what comes without --format. Errors come in each of them, too. */
  readonly formats?: readonly Format[];
  /** What `--format` means nothing without. */
  readonly formatNeeds?: readonly string[];
  readonly examples: readonly Example[];
  /** What else the help says, after the examples. */
  readonly more?: string;
  readonly showsExitCodes?: boolean;
  /** For programs, such as the scripts of completion: in no list. */
  readonly isHidden?: boolean;
  readonly commands?: readonly CommandRow[];
  /** It tells of other commands, so that it needs them all. */
  readonly looksAtProgram?: boolean;
  /** Loads what it needs only now. Without it the command is only there for its subcommands. */
  readonly run?: (parsed: Command, io: CliIo, program: Command) => Promise<ExitCode>;
}

/** A row whose flags have a type. */
interface TypedRow<Flags> extends Omit<CommandRow, 'run'> {
  run(args: readonly string[], flags: Flags, io: CliIo, program: Command): Promise<ExitCode>;
}

export function command<Flags extends object>(row: TypedRow<Flags>): CommandRow {
  return { ...row, run: (parsed, io, program) => row.run(parsed.args, parsed.opts<Flags>(), io, program) };
}

export const argument = (text: string): Argument => new Argument(text);

/** @param parent - the program, or the command that this is a subcommand of */
export function addCommand(
  row: CommandRow,
  parent: Command,
  program: Command,
  io: CliIo,
  setCode: (code: ExitCode) => void,
): void {
  const made = parent
    .command(row.name, { hidden: row.isHidden === true })
    .summary(row.summary)
    .description(row.description);
  for (const one of row.arguments ?? []) made.addArgument(one);
  for (const one of row.options) made.addOption(one);
  if (row.formats !== undefined) made.addOption(formatOption(row.formats).needs(...(row.formatNeeds ?? [])));
  made.addHelpText('after', () => helpText(row, helpWidth(io.stdout)));
  // What follows a subcommand is its own; muster help shows each.
  if (row.commands !== undefined) made.enablePositionalOptions().helpCommand(false);
  for (const one of row.commands ?? []) addCommand(one, made, program, io, setCode);
  const { run } = row;
  if (run === undefined) return;
  // What is too much is told here, where more is known of what was meant.
  made.allowExcessArguments(true).action(async () => {
    refuseExcess(row, made);
    refuseAlone(made);
    setCode(await run(made, { ...io, requests: requestsShown(made) }, program));
  });
}

/** --verbose shows requests, whichever command makes them; --redact hides whom they concern. */
function requestsShown(parsed: Command): ShownRequests {
  if (parsed.getOptionValue('verbose') !== true) return 'none';
  return parsed.getOptionValue('redact') === true ? 'without names' : 'each';
}

/** Words that no argument takes: a users file without its flag is the usual one. */
function refuseExcess({ name, arguments: taken = [], options, commands = [] }: CommandRow, made: Command): void {
  const excess = taken.at(-1)?.variadic === true ? [] : made.args.slice(taken.length);
  const [first] = excess;
  if (first === undefined) return;
  const takesFiles = options.some(({ long }) => long === '--files');
  const areFiles = takesFiles && excess.every((word) => /^[\w./-]+\.ya?ml$/i.test(word));
  if (commands.length > 0) refuseUnknown(first, made);
  const message = areFiles
    ? `error: users files are named with -f\n(Did you mean muster ${name} ${excess.map((file) => `-f ${file}`).join(' ')}?)`
    : `error: too many arguments for '${name}'. Expected ${count(taken.length, 'argument')} but got ${made.args.length}.`;
  made.error(message, { code: 'commander.excessArguments' });
}

/** As the parser itself says it of a command of the program. */
export function refuseUnknown(word: string, parent: Command, others: readonly string[] = []): never {
  const near = suggest(word, [...visibleCommands(parent).map((one) => one.name()), ...others]);
  const suggestion = near === undefined ? '' : `\n(Did you mean ${near}?)`;
  return parent.error(`error: unknown command '${word}'${suggestion}`, { code: 'commander.unknownCommand' });
}

/** Without what is for programs. */
export const visibleCommands = (parent: Command): readonly Command[] => parent.createHelp().visibleCommands(parent);

/** Where no terminal says how wide it is, as wide as terminals are at first. */
export const helpWidth = ({ isTTY, columns }: OutputStream): number => (isTTY ? columns?.() : undefined) ?? 80;

/** What help and man page say of an option, with its choices where the text has them not. */
export function optionText({ description, argChoices = [] }: Option): string {
  const isComplete = argChoices.every((choice) => description.includes(choice));
  return isComplete ? description : `${description}: ${argChoices.join(', ')}`;
}

function helpText({ examples, more, showsExitCodes }: CommandRow, width: number): string {
  return [
    ...(examples.length === 0 ? [] : ['', exampleLines(examples, width)]),
    ...(more === undefined ? [] : ['', ...more.split('\n').flatMap((line) => wrapWords(line, width))]),
    ...(showsExitCodes === true ? ['', exitCodeHelp] : []),
  ].join('\n');
}

/** What an example is for stands beside it, or below each where that is too wide. */
export function exampleLines(examples: readonly Example[], width: number): string {
  const explained = examples.filter(([, about]) => about !== undefined);
  const column = Math.max(0, ...explained.map(([line]) => line.length));
  const isWide = explained.some(([, about = '']) => column + about.length + 5 > width);
  const lines = examples.flatMap(([line, about]) => {
    if (about === undefined) return [`  ${line}`];
    return isWide ? [`  ${line}`, `      ${about}`] : [`  ${line.padEnd(column)}   ${about}`];
  });
  return ['Examples:', ...lines].join('\n');
}
