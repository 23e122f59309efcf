import { say } from './messages/message.ts';
import { MusterError } from './muster-error.ts';
import type { PlanValue } from './plan.ts';
import type { AccountId } from './user-values.ts';

/** What a look right before a call says. */
export type Verdict =
  | { readonly go: 'write' }
  /** The server already has it: nothing is sent. `account`: the one that a create would have made. */
  | { readonly go: 'already'; readonly account?: AccountId }
  | { readonly go: 'stale'; readonly expected: string; readonly found: string };

/** Written and answered well, but a fresh read does not show it. */
export class NotVerifiedError extends MusterError {
  override readonly name = 'NotVerifiedError';

  constructor(field: string, expected: string, found: string) {
    super(say('NOT_VERIFIED', { field, expected, found }));
  }
}

/** A value in a sentence of a verdict. */
export function quote(value: PlanValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object') return String(value);
  return Array.isArray(value) ? `[${value.join(', ')}]` : JSON.stringify(value);
}
