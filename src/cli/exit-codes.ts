import { MusterError } from '../model/muster-error.ts';
import type { ApplyResult } from '../model/outcome.ts';
import type { Plan } from '../model/plan.ts';

/** What a run ends with. Frozen: scripts and pipelines depend on it, and no output format changes it. */
export const exitCodes = {
  done: 0,
  bug: 1,
  changes: 2,
  input: 3,
  blocked: 4,
  unreadable: 5,
  failed: 6,
  planRefused: 7,
  locked: 8,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** When several apply, the first of these that holds. */
const precedence: readonly ExitCode[] = [130, 1, 8, 3, 7, 5, 6, 4, 2, 0];

export function mostSerious(codes: readonly ExitCode[]): ExitCode {
  return precedence.find((code) => codes.includes(code)) ?? exitCodes.done;
}

const codesOfErrors: Readonly<Record<string, ExitCode>> = {
  INPUT_REFUSED: exitCodes.input,
  CALLER_TOKEN: exitCodes.input,
  SECRET_PLACE: exitCodes.input,
  SECRET_SOURCE: exitCodes.input,
  SINK_FAILED: exitCodes.input,
  STATE_DIR: exitCodes.input,
  JOURNAL_BROKEN: exitCodes.input,
  RESUME_REFUSED: exitCodes.failed,
  LOCKED: exitCodes.locked,
  PLAN_FILE_REFUSED: exitCodes.planRefused,
  API_INVALID_ARGUMENT: exitCodes.input,
  API_ABORTED: exitCodes.interrupted,
  INTERRUPTED: exitCodes.interrupted,
  NOT_ENOUGH_SIGHT: exitCodes.unreadable,
  READ_NOT_COMPLETE: exitCodes.unreadable,
};

/** By code, never by message: everything that a server did or did not answer is "cannot be read". */
export function codeOfError(error: unknown): ExitCode {
  if (!(error instanceof MusterError)) return exitCodes.bug;
  return (
    codesOfErrors[error.code] ??
    (error.code.startsWith('API_') || error.blame === 'server' ? exitCodes.unreadable : exitCodes.bug)
  );
}

/** @param detailed - whether changes that are planned and not made have a code of their own */
export function codeOfPlan({ summary }: Plan, detailed: boolean): ExitCode {
  if (summary.blocked > 0) return exitCodes.blocked;
  return detailed && summary.actions > 0 ? exitCodes.changes : exitCodes.done;
}

export function codeOfApply({ results, interrupted }: Pick<ApplyResult, 'results' | 'interrupted'>): ExitCode {
  if (interrupted) return exitCodes.interrupted;
  return results.every(({ outcome }) => outcome.status === 'done') ? exitCodes.done : exitCodes.failed;
}
