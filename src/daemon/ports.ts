import type { AppPorts } from '../app/ports.ts';
import type { TellReconcileEvent } from '../model/reconcile-event.ts';
import type { Random } from './schedule.ts';

/** What a loop may touch of the world. */
export interface DaemonPorts extends AppPorts {
  readonly random: Random;
  readonly tell: TellReconcileEvent;
}
