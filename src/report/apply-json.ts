import { classesOf } from '../model/action-name.ts';
import type { FinishedAction, RunResult } from '../model/outcome.ts';

/** How an apply ended, for programs. Holds no secret. */
export function applyJson({
  results,
  interrupted,
  stopped,
}: Omit<RunResult, 'created'>): Readonly<Record<string, unknown>> {
  const of = (status: string): number => results.filter(({ outcome }) => outcome.status === status).length;
  return {
    interrupted,
    ...(stopped !== undefined && { stopped }),
    summary: {
      actions: results.length,
      done: of('done'),
      skipped: of('skipped'),
      stale: of('stale'),
      failed: of('failed'),
    },
    results: results.map(resultJson),
  };
}

function resultJson({
  action,
  outcome,
  attempts,
  startedMs,
  endedMs,
}: FinishedAction): Readonly<Record<string, unknown>> {
  return {
    action: action.id,
    operation: action.call.operation,
    classes: classesOf(action),
    person: action.person,
    ...(action.account !== undefined && { account: action.account }),
    ...(outcome.status === 'failed'
      ? {
          status: 'failed',
          written: outcome.written,
          error: { code: outcome.error.code, message: outcome.error.message, hint: outcome.error.hint },
        }
      : outcome),
    started: new Date(startedMs).toISOString(),
    milliseconds: Math.round(endedMs - startedMs),
    attempts: attempts.map(({ startedMs: from, endedMs: to, result, code }) => ({
      started: new Date(from).toISOString(),
      milliseconds: Math.round(to - from),
      result,
      ...(code !== undefined && { code }),
    })),
  };
}
