import { undo } from '../../app/undo.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { connectionOptions, runOptions, type UndoFlags } from '../options.ts';
import { refuseWithoutAnswer, runAndReport } from '../run-and-report.ts';

export async function undoCommand(flags: UndoFlags, io: CliIo): Promise<ExitCode> {
  refuseWithoutAnswer(flags, io);
  return await runAndReport(flags, io, (confirm, session) =>
    undo(
      {
        ...connectionOptions(flags),
        ...runOptions(flags, io, session.ports.clock.now()),
        ...(flags.config !== undefined && { config: flags.config }),
        ...(flags.run !== undefined && { run: flags.run }),
        confirm,
      },
      session.ports,
    ),
  );
}
