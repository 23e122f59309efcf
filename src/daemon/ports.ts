import type { AppPorts } from '../app/ports.ts';
import type { Notice, TellReconcileEvent } from '../model/reconcile-event.ts';
import type { NoticeChannel } from '../model/reconcile-settings.ts';
import type { Random } from './schedule.ts';

/** What a loop may touch of the world. */
export interface DaemonPorts extends AppPorts {
  readonly random: Random;
  readonly tell: TellReconcileEvent;
  /** What a webhook gets; absent: no notices are sent. */
  readonly renderNotice?: (notice: Notice, channel: NoticeChannel) => object;
}
