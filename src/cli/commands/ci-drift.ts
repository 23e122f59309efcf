import { ciDrift } from '../../app/ci/drift.ts';
import { ciOptions, openCi, tellError, tellJob } from '../ci-output.ts';
import { codeOfPlan, type ExitCode, mostSerious } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import type { CiFlags } from '../options.ts';

export async function ciDriftCommand(flags: CiFlags, io: CliIo): Promise<ExitCode> {
  const opened = openCi(flags, io);
  try {
    const drift = await ciDrift(ciOptions(flags, io), opened.ports);
    await tellJob(drift.text, drift, flags, opened);
    const codes = [codeOfPlan(drift.plan, flags.detailedExitcode === true)];
    if (drift.forgeError !== undefined) codes.push(tellError(drift.forgeError, opened));
    return mostSerious(codes);
  } catch (error) {
    return tellError(error, opened);
  }
}
