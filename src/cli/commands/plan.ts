import { planAlone } from '../../app/plan.ts';
import { writePlanFile } from '../../app/show.ts';
import { codeOfPlan, type ExitCode } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import {
  connectionOptions,
  inputOptions,
  type MakePlanFlags,
  narrowingOptions,
  recordOptions,
  warmOptions,
} from '../options.ts';
import { renderPlan } from '../render-plan.ts';
import { layoutFor, openSession } from '../session.ts';

export async function planCommand(flags: MakePlanFlags, io: CliIo): Promise<ExitCode> {
  if (flags.all === true) return await (await import('./plan-all.ts')).planAllCommand(flags, io);
  const session = openSession(io);
  try {
    const planned = await planAlone(
      {
        ...inputOptions(flags),
        ...connectionOptions(flags),
        ...narrowingOptions(flags),
        ...recordOptions(flags, io),
        ...warmOptions(flags),
      },
      session.ports,
    );
    session.endProgress();
    if (flags.out !== undefined) {
      // The plan file always has everything: what is redacted could not be applied.
      await writePlanFile(flags.out, planned.plan, session.ports);
      io.stderr.write(
        `plan written to ${flags.out}; muster apply ${flags.out} carries out just this, once, within 24 hours\n`,
      );
    }
    io.stdout.write(
      renderPlan(planned.plan, flags.format, flags.redact === true, session.paint, layoutFor(io.stdout, flags)),
    );
    return codeOfPlan(planned.plan, flags.detailedExitcode === true);
  } finally {
    session.endProgress();
  }
}
