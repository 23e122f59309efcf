import { readPlanFile } from '../../app/show.ts';
import { codeOfPlan, type ExitCode } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import type { PlanFlags } from '../options.ts';
import { renderPlan } from '../render-plan.ts';
import { layoutFor, openSession } from '../session.ts';

/** Shows a plan file as `plan` would have shown it, with the same exit code. */
export async function showCommand(planFile: string, flags: PlanFlags, io: CliIo): Promise<ExitCode> {
  const { ports, paint } = openSession(io);
  const plan = await readPlanFile(planFile, ports);
  io.stdout.write(renderPlan(plan, flags.format, flags.redact === true, paint, layoutFor(io.stdout, flags)));
  return codeOfPlan(plan, flags.detailedExitcode === true);
}
