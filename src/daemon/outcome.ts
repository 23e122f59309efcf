import type { MusterError } from '../model/muster-error.ts';
import type { RunResult } from '../model/outcome.ts';
import type { Plan } from '../model/plan.ts';
import type { ReconcileMode, Suspend } from '../model/reconcile-settings.ts';
import type { ReadKind } from '../model/seen-people.ts';

/**
 * Who can do something about a cycle that failed: who gives out tokens, who runs the server, who writes the files, or
 * anybody else.
 */
export type Side = 'credential' | 'server' | 'files' | 'other';

/** How a cycle ended. */
export type Outcome =
  | Looked
  | Failed
  | { readonly is: 'paused'; readonly pause: Suspend }
  | { readonly is: 'busy' }
  /** Not tried: after a failure it is not time yet. */
  | { readonly is: 'put-off'; readonly untilMs: number };

/** The server was read, and in mode `enforce` written to. */
export interface Looked {
  readonly is: 'looked';
  readonly mode: ReconcileMode;
  readonly plan: Plan;
  readonly tookMs: number;
  readonly result?: RunResult;
  readonly run?: string;
  /** How the server was read; absent: nothing tells. */
  readonly read?: ReadKind;
}

export interface Failed {
  readonly is: 'failed';
  /** Stable, in capitals. */
  readonly code: string;
  readonly text: string;
  readonly side: Side;
}

const credentialCodes: ReadonlySet<string> = new Set(['API_UNAUTHORIZED', 'CALLER_TOKEN']);
/** Found before the server is asked. */
const fileCodes: ReadonlySet<string> = new Set(['INPUT_REFUSED', 'GIT_PULL', 'GIT_REFUSED']);

/** By code, never by message. */
export function outcomeOfError(error: MusterError): Failed | { readonly is: 'busy' } {
  const { code, message: text } = error;
  if (code === 'LOCKED') return { is: 'busy' };
  return { is: 'failed', code, text, side: sideOf(error) };
}

export function sideOf({ code, blame }: Pick<MusterError, 'code' | 'blame'>): Side {
  if (credentialCodes.has(code)) return 'credential';
  if (fileCodes.has(code)) return 'files';
  return code.startsWith('API_') || blame === 'server' ? 'server' : 'other';
}
