import { type ExitCode, exitCodes } from '../model/exit-codes.ts';
import { errorRowOf } from '../model/messages/errors.ts';
import { MusterError } from '../model/muster-error.ts';
import type { RunResult } from '../model/outcome.ts';
import type { Plan } from '../model/plan.ts';

export { type ExitCode, exitCodes } from '../model/exit-codes.ts';

/** When several apply, the one with the smallest number here: 130, 1, 10, 8, 3, 7, 5, 6, 4, 9, 2, 0. */
const precedence: Readonly<Record<ExitCode, number>> = {
  [exitCodes.interrupted]: 1,
  [exitCodes.bug]: 2,
  [exitCodes.tampered]: 3,
  [exitCodes.locked]: 4,
  [exitCodes.input]: 5,
  [exitCodes.planRefused]: 6,
  [exitCodes.unreadable]: 7,
  [exitCodes.failed]: 8,
  [exitCodes.blocked]: 9,
  [exitCodes.findings]: 10,
  [exitCodes.changes]: 11,
  [exitCodes.done]: 12,
};

export function mostSerious(codes: readonly ExitCode[]): ExitCode {
  return codes.toSorted((one, other) => precedence[one] - precedence[other])[0] ?? exitCodes.done;
}

/** By code, never by message; what is no error of the register is a bug. */
export function codeOfError(error: unknown): ExitCode {
  return exitCodes[error instanceof MusterError ? errorRowOf(error.code).exit : 'bug'];
}

/** @param detailed - whether changes that are planned and not made have a code of their own */
export function codeOfPlan({ summary }: Plan, detailed: boolean): ExitCode {
  return mostSerious([
    ...(summary.unusable === undefined ? [] : [exitCodes.input]),
    ...(summary.blocked > 0 ? [exitCodes.blocked] : []),
    ...(detailed && summary.actions > 0 ? [exitCodes.changes] : []),
  ]);
}

export function codeOfApply({ results, interrupted }: Pick<RunResult, 'results' | 'interrupted'>): ExitCode {
  if (interrupted) return exitCodes.interrupted;
  return results.every(({ outcome }) => outcome.status === 'done') ? exitCodes.done : exitCodes.failed;
}
