import type { Warning } from './messages/warning-rows.ts';
import type { Outcome } from './outcome.ts';
import type { Action } from './plan.ts';
import type { ReadKind } from './seen-people.ts';
import type { ServerRef } from './server-ref.ts';

/** Where an event comes from, as far as it is known: added in one place, so that the code that emits need not know. */
export interface RunEventOrigin {
  readonly server?: ServerRef;
  /** The run that it belongs to: the one that is carried out, or that is cleaned up. */
  readonly run?: string;
}

/** How a run stands that is resumed. */
export interface Before {
  /** Of the whole run. */
  readonly actions: number;
  readonly done: number;
  readonly left: number;
  /** Of those that are left, the ones that need no call any more: they are there already, or the account has changed. */
  readonly settled: number;
}

/** What happens during a run, for code that shows progress or keeps a log. The library itself never prints. */
export type RunEvent = RunEventOrigin &
  (
    | { readonly type: 'reading'; readonly what: string; readonly done: number; readonly total?: number }
    /** `before`: where a run is resumed, how it stands. */
    /** Whether the server was read whole, and why, where a warm read was asked for. */
    | { readonly type: 'read'; readonly kind: ReadKind; readonly because?: string }
    | { readonly type: 'apply-started'; readonly actions: number; readonly people: number; readonly before?: Before }
    | { readonly type: 'action-started'; readonly action: Action }
    | { readonly type: 'action-ended'; readonly action: Action; readonly outcome: Outcome }
    /** Its end cannot be lost any more: what is shown of it is never ahead of the journal. */
    | { readonly type: 'action-recorded'; readonly action: Action; readonly outcome: Outcome }
    /** One request: what came back, or the code of the error that stands for no answer. Nothing in it is secret. */
    | {
        readonly type: 'request';
        readonly method: string;
        /** With names and ids; of a query only numbers and switches. */
        readonly path: string;
        /** The same with `{user_id}` and the like in their places. */
        readonly template: string;
        readonly result: { readonly status: number } | { readonly code: string };
        /** From 1. */
        readonly attempt: number;
        readonly ms: number;
      }
    | {
        readonly type: 'waiting';
        readonly because: string;
        readonly ms: number;
        /** It waits for the rate limit of the server. */
        readonly isRateLimit?: true;
      }
    /** An earlier run is cleaned up: calls of which nothing noted what became. */
    | { readonly type: 'settling'; readonly run: string; readonly calls: number; readonly tokens: number }
    /** The newest run is under way by another process, or waits to be resumed. */
    | {
        readonly type: 'open-run';
        readonly run: string;
        readonly state: 'under way' | 'interrupted';
        readonly actions: number;
        readonly done: number;
        readonly left: number;
      }
    /** The first people were read back: everything is as it was written. */
    | { readonly type: 'canary-passed'; readonly people: number }
    /** Something beside the run did not work. */
    | Warning
    | { readonly type: 'stopped'; readonly because: string }
    | { readonly type: 'apply-ended' }
  );

export type EmitRunEvent = (event: RunEvent) => void;
