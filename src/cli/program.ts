import { Command } from 'commander';
import { toolVersion } from '../app/version.ts';
import { addCommand, type Example, exampleLines } from './command-row.ts';
import { commandRows } from './command-rows.ts';
import { exitCodeHelp } from './exit-code-help.ts';
import type { ExitCode } from './exit-codes.ts';
import type { CliIo, OutputStream } from './io.ts';

export const programExamples: readonly Example[] = [
  ['muster init', 'set up a folder, with the people that are there'],
  ['muster doctor', 'is everything as a plan needs it?'],
  ['muster plan', 'what would change, and why'],
  ['muster apply', 'plan, ask, carry it out'],
  ['muster sandbox', 'try it all on an embedded server'],
];

/** Where no terminal says how wide it is, as wide as terminals are at first. */
const helpWidth = ({ isTTY, columns }: OutputStream): number => (isTTY ? columns?.() : undefined) ?? 80;

/** The command line. Each command is loaded only when it is run. */
export function makeProgram(io: CliIo, setCode: (code: ExitCode) => void): Command {
  const program = new Command('muster')
    .description('Users as code for Mattermost: declare people in YAML, see the plan, apply it.')
    .version(toolVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      // Told like every other error, once it is caught.
      outputError: () => undefined,
      getOutHelpWidth: () => helpWidth(io.stdout),
      getErrHelpWidth: () => helpWidth(io.stderr),
    })
    .showSuggestionAfterError()
    // What follows a command is that command's own, also where both know a word.
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText(
      'after',
      `
Environment:
  MUSTER_TOKEN, MUSTER_TOKEN_FILE   access token of a system administrator, or a file with it (chmod 600)
  MUSTER_SERVER                     the server that the token belongs to, mandatory where CI is set;
                                    --server and muster.yaml may name no other, or nothing is sent
  HTTPS_PROXY, NO_PROXY, NO_COLOR   as usual

${exampleLines(programExamples)}

${exitCodeHelp}`,
    );
  for (const row of commandRows) addCommand(row, program, program, io, setCode);
  return program;
}
