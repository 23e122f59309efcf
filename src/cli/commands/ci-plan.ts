import { join } from 'node:path';
import { ciPlan } from '../../app/ci/plan.ts';
import { pullRequestsToPlan } from '../../app/ci/plan-open.ts';
import { type CiSession, ciOptions, openCi, tellError, tellJob } from '../ci-output.ts';
import { codeOfPlan, type ExitCode, exitCodes, mostSerious } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import type { CiFlags } from '../options.ts';

export async function ciPlanCommand(flags: CiFlags, io: CliIo): Promise<ExitCode> {
  const opened = openCi(flags, io);
  return flags.open === true ? await planEach(flags, io, opened) : await planOne(flags, io, opened);
}

async function planOne(flags: CiFlags, io: CliIo, opened: CiSession): Promise<ExitCode> {
  const planned = await ciPlan(ciOptions(flags, io), opened.ports);
  await tellJob(planned.text, planned, flags, opened);
  const codes =
    'plan' in planned
      ? [codeOfPlan(planned.plan, flags.detailedExitcode === true)]
      : [tellError(planned.error, opened)];
  if (planned.forgeError !== undefined) codes.push(tellError(planned.forgeError, opened));
  return mostSerious(codes);
}

/** One that fails keeps no other from being planned. */
async function planEach(flags: CiFlags, io: CliIo, opened: CiSession): Promise<ExitCode> {
  let names: readonly string[];
  try {
    names = await pullRequestsToPlan(ciOptions(flags, io), opened.ports);
  } catch (error) {
    return tellError(error, opened);
  }
  const codes: ExitCode[] = [];
  for (const pullRequest of names) {
    opened.session.endProgress();
    io.stderr.write(`pull request ${pullRequest}\n`);
    const own = flags.reports === undefined ? {} : { reports: join(flags.reports, pullRequest) };
    try {
      codes.push(await planOne({ ...flags, ...own, pullRequest }, io, opened));
    } catch (error) {
      codes.push(tellError(error, opened));
    }
    if (codes.includes(exitCodes.interrupted)) break;
  }
  opened.session.endProgress();
  if (names.length === 0) io.stdout.write('every open pull request has a plan of its newest commit\n');
  return mostSerious(codes);
}
