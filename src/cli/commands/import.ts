import { importUsers } from '../../app/import-users.ts';
import { checkNewFile, writeNewFile } from '../../app/users-file.ts';
import { printable } from '../../report/printable.ts';
import { count } from '../../report/values.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { type CommonFlags, connectionOptions, inputOptions } from '../options.ts';
import { openSession, printJson } from '../session.ts';

export async function importCommand(flags: CommonFlags & { readonly out?: string }, io: CliIo): Promise<ExitCode> {
  const session = openSession(io);
  try {
    if (flags.out !== undefined) await checkNewFile(flags.out, session.ports);
    const { text, people, leftOut } = await importUsers(
      { ...inputOptions(flags), ...connectionOptions(flags) },
      session.ports,
    );
    session.endProgress();
    if (flags.out !== undefined) await writeNewFile(flags.out, text, session.ports);
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
