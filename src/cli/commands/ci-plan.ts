import { ciPlan } from '../../app/ci/plan.ts';
import { ciOptions, openCi, tellError, tellJob } from '../ci-output.ts';
import { codeOfPlan, type ExitCode, mostSerious } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import type { CiFlags } from '../options.ts';

export async function ciPlanCommand(flags: CiFlags, io: CliIo): Promise<ExitCode> {
  const opened = openCi(flags, io);
  const planned = await ciPlan(ciOptions(flags, io), opened.ports);
  await tellJob(planned.text, planned, flags, opened);
  const codes =
    'plan' in planned
      ? [codeOfPlan(planned.plan, flags.detailedExitcode === true)]
      : [tellError(planned.error, opened)];
  if (planned.forgeError !== undefined) codes.push(tellError(planned.forgeError, opened));
  return mostSerious(codes);
}
