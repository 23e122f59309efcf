import type { Command } from 'commander';
import { declaredUsernames } from '../../app/validate.ts';
import { complete, completionLines, completionScript } from '../completion.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { openSession } from '../session.ts';

export function completionCommand(shell: string, io: CliIo): Promise<ExitCode> {
  io.stdout.write(completionScript(shell));
  return Promise.resolve(exitCodes.done);
}

export async function completeCommand(words: readonly string[], program: Command, io: CliIo): Promise<ExitCode> {
  const { ports } = openSession(io);
  const completion = await complete(program, words, ({ files, config }) =>
    declaredUsernames({ ...(files.length > 0 && { files }), ...(config !== undefined && { config }) }, ports),
  );
  io.stdout.write(completionLines(completion));
  return exitCodes.done;
}
