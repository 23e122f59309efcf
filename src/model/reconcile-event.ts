/** What happens while muster reconcile runs, for logs and notices. The library itself never prints. */
import type { ClassQuarantine, Contested, DriftCount } from './generated/reconcile-state.ts';
import type { Warning } from './messages/warning-rows.ts';
import type { HealthReport } from './reconcile-health.ts';
import type { ReconcileMode } from './reconcile-settings.ts';
import type { RunEvent } from './run-event.ts';

/** What is told once when it begins, and once when it ends. */
export type Turn =
  | { readonly type: 'health'; readonly from: HealthReport; readonly to: HealthReport; readonly text?: string }
  | { readonly type: 'drift'; readonly drift: readonly DriftCount[] }
  | { readonly type: 'drift-gone' }
  | (ClassQuarantine & { readonly type: 'class-quarantined' | 'class-released' })
  | (Contested & { readonly type: 'contested' | 'contest-over' });

/** The same with its moment, ISO 8601. */
export type TurnAt = Turn & { readonly at: string };

/** What changed with one server in one cycle. */
export interface Notice {
  readonly server: string;
  readonly turns: readonly TurnAt[];
}

export type ReconcileEvent =
  | { readonly type: 'started'; readonly mode: ReconcileMode; readonly interval_ms: number }
  | {
      readonly type: 'cycle';
      readonly outcome: 'looked' | 'failed' | 'paused' | 'busy' | 'put-off';
      /** What it did: `observe` also where a window is closed. */
      readonly mode?: ReconcileMode;
      /** Why it only looked, in mode `enforce`: no window is open, and when the next one is; empty where none is to come. */
      readonly closed_until?: string;
      readonly took_ms?: number;
      /** How the server was read. */
      readonly read?: 'full' | 'warm';
      readonly next?: string;
      readonly run?: string;
      /** The one that was read last, of a repository that muster pulls. */
      readonly commit?: string;
      readonly code?: string;
      readonly text?: string;
      /** Actions. */
      readonly done?: number;
      readonly failed?: number;
      /** Changes that are still to be made. */
      readonly left?: number;
    }
  | TurnAt
  /** What became of a notice; `to` is the source of its address. */
  | {
      readonly type: 'notice';
      readonly outcome: 'sent' | 'failed';
      readonly to: string;
      readonly tries: number;
      readonly why?: string;
    }
  /** Told where each request is asked for. */
  | Extract<RunEvent, { readonly type: 'request' }>
  /** Something beside the cycle did not work. */
  | Warning
  /** Files were changed: a cycle begins before its time. */
  | { readonly type: 'reload' }
  | { readonly type: 'stopped' };

export type TellReconcileEvent = (event: ReconcileEvent) => void;
