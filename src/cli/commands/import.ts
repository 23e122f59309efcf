import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { importUsers } from '../../app/import-users.ts';
import { InputError } from '../../model/problem.ts';
import { printable } from '../../report/printable.ts';
import { count } from '../../report/values.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { type CommonFlags, connectionOptions, inputOptions } from '../options.ts';
import { openSession, printJson } from '../session.ts';

export async function importCommand(flags: CommonFlags & { readonly out?: string }, io: CliIo): Promise<ExitCode> {
  const session = openSession(io);
  try {
    const { text, people, leftOut } = await importUsers(
      { ...inputOptions(flags), ...connectionOptions(flags) },
      session.ports,
    );
    session.endProgress();
    if (flags.out !== undefined) await writeNew(resolve(io.workingDir, flags.out), text);
    if (flags.format === 'json')
      printJson(io, { people, leftOut, ...(flags.out === undefined ? { users: text } : { file: flags.out }) });
    else if (flags.out === undefined) io.stdout.write(text);
    const where = flags.out === undefined ? '' : ` to ${flags.out}`;
    io.stderr.write(`${count(people, 'person', 'people')} written${where}; muster plan should now show no actions\n`);
    for (const line of leftOut) io.stderr.write(`left out: ${printable(line)}\n`);
    return exitCodes.done;
  } finally {
    session.endProgress();
  }
}

/** Somebody's users file is never overwritten. */
async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw new InputError([
        { code: 'file-exists', message: `${path} is there already`, hint: 'choose another name, or move it away' },
      ]);
    }
    throw error;
  }
}
