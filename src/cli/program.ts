import { Command } from 'commander';
import { toolVersion } from '../app/version.ts';
import { wrapWords } from '../report/columns.ts';
import { addCommand, type Example, exampleLines, helpWidth, optionText } from './command-row.ts';
import { rowsFor } from './command-rows.ts';
import { exitCodeHelp } from './exit-code-help.ts';
import type { ExitCode } from './exit-codes.ts';
import type { CliIo } from './io.ts';
import { lookRows } from './rows/look.ts';

export const programExamples: readonly Example[] = [
  ['muster init', 'set up a folder, with the people that are there'],
  ['muster doctor', 'is everything as a plan needs it?'],
  ['muster plan', 'what would change, and why'],
  ['muster apply', 'plan, ask, carry it out'],
  ['muster sandbox', 'try it all on an embedded server'],
  ['muster help plan', 'what a command does and takes'],
];

/** Variables of the environment, and what they are for. */
export const programEnvironment: readonly (readonly [names: string, about: string])[] = [
  ['MUSTER_TOKEN', 'the access token of a system administrator; counts before MUSTER_TOKEN_FILE'],
  ['MUSTER_TOKEN_FILE', 'a file with it that only you can read (chmod 600)'],
  [
    'MUSTER_SERVER',
    'the server that the token belongs to; --server and muster.yaml may name no other. Must be set where CI is set',
  ],
  [
    'MUSTER_TOKEN_<NAME>, …',
    'the same of one of several servers of muster.yaml: also MUSTER_SERVER_<NAME>, MUSTER_TOKEN_FILE_<NAME>',
  ],
  ['MUSTER_QUEUE_URL', 'the PostgreSQL database of muster reconcile --queue and --worker'],
  ['XDG_STATE_HOME', 'where runs are recorded, below muster (default: ~/.local/state)'],
  ['HTTPS_PROXY, ALL_PROXY, NO_PROXY', 'the proxy to the server, and where none is used'],
  ['NO_COLOR, FORCE_COLOR', 'switch colours off or on'],
];

function environmentLines(width: number): readonly string[] {
  return programEnvironment.flatMap(([names, about]) => [
    `  ${names}`,
    ...wrapWords(about, width - 6).map((line) => `      ${line}`),
  ]);
}

/**
 * The command line. Each command is loaded only when it is run.
 *
 * @param args - where they begin with a command that knows nothing of the others, it is made alone
 */
export function makeProgram(io: CliIo, setCode: (code: ExitCode) => void, args: readonly string[] = []): Command {
  const width = helpWidth(io.stdout);
  const program = new Command('muster')
    .description('Users as code for Mattermost: declare people in YAML, see the plan, apply it.')
    .version(toolVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    .configureHelp({ optionDescription: optionText })
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      // Told like every other error, once it is caught.
      outputError: () => undefined,
      getOutHelpWidth: () => width,
      getErrHelpWidth: () => helpWidth(io.stderr),
    })
    .showSuggestionAfterError()
    // What follows a command is that command's own, also where both know a word.
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText('after', () =>
      ['', 'Environment:', ...environmentLines(width), '', exampleLines(programExamples, width), '', exitCodeHelp].join(
        '\n',
      ),
    );
  // Asked for first: what the other commands take is as much to load as these do.
  const looks = Object.values(lookRows).find(({ name }) => name === args[0]);
  for (const row of looks === undefined ? rowsFor(args[0]) : [looks]) addCommand(row, program, program, io, setCode);
  return program;
}
