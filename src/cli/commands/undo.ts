import { readPlanFile, writePlanFile } from '../../app/show.ts';
import { planOfUndo, undo } from '../../app/undo.ts';
import { refuse } from '../../model/messages/problems.ts';
import { InputError } from '../../model/problem.ts';
import { codeOfPlan, type ExitCode } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { connectionOptions, narrowingOptions, runOptions, type UndoFlags } from '../options.ts';
import { renderPlan } from '../render-plan.ts';
import { refuseUnlessAsked, runAndReport } from '../run-and-report.ts';
import { layoutFor, openSession } from '../session.ts';

export async function undoCommand(flags: UndoFlags, io: CliIo): Promise<ExitCode> {
  const isNarrowed = flags.user !== undefined || flags.only !== undefined;
  if (flags.plan !== undefined && (flags.run !== undefined || flags.out !== undefined || isNarrowed))
    throw planIsFixed();
  if (flags.out !== undefined) return await previewUndo(flags, flags.out, io);
  await refuseUnlessAsked(flags, io, flags.plan, 'undo');
  return await runAndReport(flags, io, async (confirm, session) =>
    undo(
      {
        ...connectionOptions(flags),
        ...runOptions(flags, io, session.ports.clock.now()),
        ...(flags.config !== undefined && { config: flags.config }),
        ...(flags.run !== undefined && { run: flags.run }),
        ...narrowingOptions(flags),
        ...(flags.plan !== undefined && { older: await readPlanFile(flags.plan, session.ports) }),
        confirm,
      },
      session.ports,
    ),
  );
}

/** Writes what an undo would do to a file, and shows it. Nothing else is written. */
async function previewUndo(flags: UndoFlags, out: string, io: CliIo): Promise<ExitCode> {
  const session = openSession(io);
  const plan = await planOfUndo(
    {
      ...connectionOptions(flags),
      ...runOptions(flags, io, session.ports.clock.now()),
      ...(flags.config !== undefined && { config: flags.config }),
      ...(flags.run !== undefined && { run: flags.run }),
      ...narrowingOptions(flags),
    },
    session.ports,
  );
  session.endProgress();
  await writePlanFile(out, plan, session.ports);
  io.stderr.write(`plan written to ${out}; muster undo --plan ${out} carries out just this, within 24 hours\n`);
  io.stdout.write(renderPlan(plan, flags.format, flags.redact === true, session.paint, layoutFor(io.stdout, flags)));
  return codeOfPlan(plan, false);
}

function planIsFixed(): InputError {
  return new InputError([refuse('plan-is-fixed', { is: 'undo' })]);
}
