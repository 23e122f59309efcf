import { type ApplyOptions, apply } from '../../app/apply.ts';
import { applyPlanFile, type PlanFileUse } from '../../app/apply-plan-file.ts';
import type { ApplyResult } from '../../app/carry-out.ts';
import { resume } from '../../app/resume.ts';
import { refuse } from '../../model/messages/problems.ts';
import type { MusterError } from '../../model/muster-error.ts';
import { InputError } from '../../model/problem.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import {
  type ApplyFlags,
  connectionOptions,
  inputOptions,
  narrowingOptions,
  recordOptions,
  runOptions,
  warmOptions,
} from '../options.ts';
import { refuseUnlessAsked, runAndReport } from '../run-and-report.ts';
import { printJson } from '../session.ts';

/** @param planFile - carries out just this plan; without it one is made */
export async function applyCommand(planFile: string | undefined, flags: ApplyFlags, io: CliIo): Promise<ExitCode> {
  if (flags.all === true && planFile === undefined)
    return await (await import('./apply-all.ts')).applyAllCommand(flags, io);
  if (flags.all === true) throw planIsOfOne();
  await refuseUnlessAsked(flags, io, planFile);
  const isNarrowed = flags.user !== undefined || flags.only !== undefined || flags.at !== undefined;
  if (planFile !== undefined && isNarrowed) throw planIsFixed();
  if (flags.resume === true && (planFile !== undefined || isNarrowed)) throw runIsFixed();
  return await runAndReport(flags, io, async (confirm, session): Promise<ApplyResult | ExitCode> => {
    const options: ApplyOptions = {
      ...inputOptions(flags),
      ...connectionOptions(flags),
      ...narrowingOptions(flags),
      ...runOptions(flags, io, session.ports.clock.now()),
      ...recordOptions(flags, io),
      ...warmOptions(flags),
      isAskedFor: flags.yes !== true && io.ask !== undefined,
      confirm,
    };
    if (flags.resume === true) return (await resume(options, session.ports)) ?? nothingToResume(flags, io);
    if (planFile !== undefined)
      return await applyPlanFile({ ...options, ...planFileUse(flags, planFile) }, session.ports);
    return await apply(options, session.ports);
  });
}

function planFileUse({ digest, validFor }: ApplyFlags, planFile: string): PlanFileUse {
  return {
    planFile,
    ...(digest !== undefined && { digest }),
    ...(validFor !== undefined && { validForMs: validFor }),
  };
}

function nothingToResume({ format }: ApplyFlags, io: CliIo): ExitCode {
  if (format === 'json') printJson(io, { resumed: false });
  else io.stdout.write('nothing to resume: the last run finished (muster apply makes a new plan)\n');
  return exitCodes.done;
}

function planIsFixed(): MusterError {
  return new InputError([refuse('plan-is-fixed', { is: 'apply' })]);
}

function planIsOfOne(): MusterError {
  return new InputError([refuse('plan-is-of-one-server', {})]);
}

function runIsFixed(): MusterError {
  return new InputError([refuse('run-is-fixed', {})]);
}
