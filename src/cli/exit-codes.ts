import { MusterError } from '../model/muster-error.ts';
import type { RunResult } from '../model/outcome.ts';
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
  /** Of an audit: at or above `--fail-on`; of a review: a revoked grant that is still there. */
  findings: 9,
  tampered: 10,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

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

const codesOfErrors: Readonly<Record<string, ExitCode>> = {
  INPUT_REFUSED: exitCodes.input,
  EMAIL_NOT_TAKEN: exitCodes.input,
  CALLER_TOKEN: exitCodes.input,
  SECRET_PLACE: exitCodes.input,
  SECRET_SOURCE: exitCodes.input,
  SINK_FAILED: exitCodes.input,
  SIGN_KEY: exitCodes.input,
  STATE_DIR: exitCodes.input,
  JOURNAL_BROKEN: exitCodes.input,
  JOURNAL_TAMPERED: exitCodes.tampered,
  STATE_TAMPERED: exitCodes.tampered,
  STATE_NOT_SIGNED: exitCodes.input,
  STATE_END_MISSING: exitCodes.input,
  RESUME_REFUSED: exitCodes.failed,
  LOCKED: exitCodes.locked,
  REPORT_NOT_WRITTEN: exitCodes.input,
  PLAN_FILE_REFUSED: exitCodes.planRefused,
  WINDOW_MOVED: exitCodes.planRefused,
  API_INVALID_ARGUMENT: exitCodes.input,
  API_ABORTED: exitCodes.interrupted,
  INTERRUPTED: exitCodes.interrupted,
  INSUFFICIENT_VISIBILITY: exitCodes.unreadable,
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
