import type { Command } from 'commander';
import { refuseUnknown, visibleCommands } from '../command-row.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';

/** @param words - a command and its subcommand; none: the program itself */
export function helpCommand(words: readonly string[], program: Command): Promise<ExitCode> {
  let command = program;
  for (const word of words) {
    command = visibleCommands(command).find((one) => one.name() === word) ?? refuseUnknown(word, command);
  }
  command.outputHelp();
  return Promise.resolve(exitCodes.done);
}
