import { plan } from '../../app/plan.ts';
import { planText } from '../../report/plan-text.ts';
import { codeOfPlan, type ExitCode } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { type CommonFlags, connectionOptions, inputOptions } from '../options.ts';
import { openSession, printJson } from '../session.ts';

export async function planCommand(
  flags: CommonFlags & { readonly detailedExitcode?: boolean },
  io: CliIo,
): Promise<ExitCode> {
  const session = openSession(io);
  try {
    const planned = await plan({ ...inputOptions(flags), ...connectionOptions(flags) }, session.ports);
    session.endProgress();
    if (flags.format === 'json') printJson(io, planned.plan);
    else io.stdout.write(planText(planned.plan, session.paint));
    return codeOfPlan(planned.plan, flags.detailedExitcode === true);
  } finally {
    session.endProgress();
  }
}
