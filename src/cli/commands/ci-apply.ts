import { ciApply } from '../../app/ci/apply.ts';
import { ciOptions, openCi, tellError, tellJob } from '../ci-output.ts';
import { type ExitCode, exitCodes, mostSerious } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { type CiApplyFlags, runOptions } from '../options.ts';
import { codeOfApplied } from '../run-and-report.ts';

const agreed = (): Promise<boolean> => Promise.resolve(true);

export async function ciApplyCommand(flags: CiApplyFlags, io: CliIo): Promise<ExitCode> {
  const opened = openCi(flags, io);
  const { digest, validFor, resume, skipUnusable, failFast, keepGoing, deadline, concurrency } = flags;
  const run = {
    format: 'text' as const,
    yes: true,
    ...(skipUnusable !== undefined && { skipUnusable }),
    ...(failFast !== undefined && { failFast }),
    ...(keepGoing !== undefined && { keepGoing }),
    ...(deadline !== undefined && { deadline }),
    ...(concurrency !== undefined && { concurrency }),
  };
  const done = await ciApply(
    {
      ...ciOptions(flags, io),
      ...runOptions(run, io, opened.ports.clock.now()),
      confirm: agreed,
      ...(digest !== undefined && { digest }),
      ...(validFor !== undefined && { validForMs: validFor }),
      ...(resume !== undefined && { isResume: resume }),
    },
    opened.ports,
  );
  if ('nothing' in done) {
    opened.session.endProgress();
    io.stdout.write('nothing to resume: the last run finished (muster ci plan makes a new plan)\n');
    return exitCodes.done;
  }
  await tellJob(done.text, 'error' in done ? done : undefined, flags, opened);
  const codes = 'error' in done ? [tellError(done.error, opened)] : [codeOfApplied(done.applied)];
  if (done.forgeError !== undefined) codes.push(tellError(done.forgeError, opened));
  return mostSerious(codes);
}
