import type { Command } from 'commander';
import { everyCode, explainCode } from '../../model/messages/register.ts';
import { codeText } from '../../report/code-text.ts';
import { refuseUnknown, visibleCommands } from '../command-row.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { openSession, printText } from '../session.ts';

/** @param words - a command and its subcommand, or a code of a message; none: the program itself */
export function helpCommand(words: readonly string[], io: CliIo, program: Command): Promise<ExitCode> {
  const [first = ''] = words;
  const isCommand = visibleCommands(program).some((one) => one.name() === first);
  const explained = isCommand || words.length > 1 ? undefined : explainCode(first);
  if (explained !== undefined) {
    printText(io.stdout, codeText(explained, openSession(io).paint));
    return Promise.resolve(exitCodes.done);
  }
  let command = program;
  for (const word of words) {
    const found = visibleCommands(command).find((one) => one.name() === word);
    command = found ?? refuseUnknown(word, command, words.length === 1 ? everyCode() : []);
  }
  command.outputHelp();
  return Promise.resolve(exitCodes.done);
}
