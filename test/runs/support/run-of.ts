/** Runs as their journals tell them, line by line. */
import type { EndedRecord, JournalRecord, StartedRecord } from '../../../src/model/journal-record.ts';
import { type RunHistory, replay } from '../../../src/runs/replay.ts';

export const start: number = Date.parse('2026-06-15T12:00:00Z');
const atOf = (second: number): string => new Date(start + second * 1000).toISOString();
export const started: StartedRecord = {
  type: 'started',
  version: 1,
  at: atOf(0),
  run: 'r',
  tool: '0.1.0',
  server: { key: 'k', url: 'u' },
  caller: 'c',
  plan: 'p',
  actions: 2,
};
const counts = { done: 0, failed: 0, stale: 0, skipped: 0 };

export type Line = JournalRecord extends infer Record
  ? Record extends JournalRecord
    ? Omit<Record, 'at'>
    : never
  : never;

/** A run with these lines, a second after each other. */
export function runOf(...lines: readonly Line[]): RunHistory {
  return replay([started, ...lines.map((line, i): JournalRecord => ({ ...line, at: atOf(i + 1) }))]);
}

export const intent = (action: string, attempt = 1, mark?: string): Line => ({
  type: 'intent',
  action,
  attempt,
  operation: mark === undefined ? 'patch-user' : 'create-token',
  account: 'a',
  ...(mark !== undefined && { mark }),
});
export const answer = (action: string, result: 'written' | 'refused' | 'unknown', attempt = 1): Line => ({
  type: 'response',
  action,
  attempt,
  result,
});
export const outcome = (action: string, status: 'done' | 'skipped' | 'stale' | 'failed'): Line => ({
  type: 'outcome',
  action,
  status,
});
export const swept = (...left: readonly string[]): Line => ({ type: 'swept', left });
export const ended = (how: EndedRecord['how']): Line => ({ type: 'ended', how, ...counts });
export const resumed: Line = { type: 'resumed', tool: '0.1.0' };

/** A create, whose call names no account; `made`: what its answer says. */
export const creating = (action: string): Line => ({ type: 'intent', action, attempt: 1, operation: 'create-user' });
export const made = (action: string, account: string): Line => ({
  type: 'response',
  action,
  attempt: 1,
  result: 'written',
  account,
});
