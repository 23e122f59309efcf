/**
 * Tells webhooks what changed, beside the cycles: whatever becomes of a notice, no cycle waits for it or fails by it. Each is
 * tried a few times, and then given up, which the log and the metrics say.
 */
import { loadOwnSettings } from '../app/pull-checkout.ts';
import { type NoticeTry, sendNotice } from '../app/send-notice.ts';
import type { Settings } from '../config/settings.ts';
import { warning } from '../model/messages/warning-rows.ts';
import { MusterError } from '../model/muster-error.ts';
import type { TurnAt } from '../model/reconcile-event.ts';
import type { NoticeChannel } from '../model/reconcile-settings.ts';
import { systemCodeOf } from '../model/system-error.ts';
import type { LoopOptions } from './cycle.ts';
import type { DaemonPorts } from './ports.ts';

/** Where notices go, and what gives the addresses. */
type Channels = Pick<Settings, 'secrets'> & { readonly notices: readonly NoticeChannel[] };

/** Between one try and the next. */
const delaysMs = [1000, 5000, 20_000];
/** How long the end of a process waits for what is under way. */
const graceMs = 5000;
/** More than these do not wait: no one reads them. */
const maxWaiting = 50;

export class Notifier {
  readonly #options: LoopOptions;
  readonly #ports: DaemonPorts;
  readonly #end = new AbortController();
  readonly #cut = new AbortController();
  #channels: Channels;
  #waiting = 0;
  #sending: Promise<void> = Promise.resolve();

  constructor(own: Settings, options: LoopOptions, ports: DaemonPorts) {
    this.#channels = channelsOf(own);
    this.#options = options;
    this.#ports = ports;
  }

  /** @param turns - of one cycle: they make one notice */
  notify(server: string, turns: readonly TurnAt[]): void {
    const { renderNotice, tell } = this.#ports;
    if (turns.length === 0 || renderNotice === undefined) return;
    if (this.#waiting >= maxWaiting) {
      for (const { to } of this.#channels.notices)
        tell({ type: 'notice', outcome: 'failed', to, tries: 0, why: 'too many others wait' });
      return;
    }
    this.#waiting += 1;
    this.#sending = this.#sending
      .then(async () => {
        const { notices, secrets } = await this.#channelsNow();
        for (const channel of notices) await this.#deliver(channel, renderNotice({ server, turns }, channel), secrets);
      })
      .catch((error: unknown) => tell(warning('notice-not-made', { why: systemCodeOf(error) })))
      .finally(() => {
        this.#waiting -= 1;
      });
  }

  /** Until nothing waits any more. */
  async idle(): Promise<void> {
    await this.#sending;
  }

  /** Gives what is under way a moment, and ends it. */
  async close(): Promise<void> {
    this.#end.abort();
    const timer = setTimeout(() => this.#cut.abort(), graceMs);
    await this.#sending;
    clearTimeout(timer);
  }

  /** A muster.yaml that cannot be read is itself news: what it said before counts. */
  async #channelsNow(): Promise<Channels> {
    try {
      this.#channels = channelsOf(await loadOwnSettings(this.#options, this.#ports));
    } catch (error) {
      if (!(error instanceof MusterError)) throw error;
    }
    return this.#channels;
  }

  async #deliver(channel: NoticeChannel, body: object, secrets: Settings['secrets']): Promise<void> {
    const { env, tell } = this.#ports;
    let tries = 0;
    let last: NoticeTry;
    do {
      last = await sendNotice(channel, body, secrets, { env, signal: this.#cut.signal });
      tries += 1;
    } while (last.is === 'failed' && last.again && (await this.#waitFor(delaysMs[tries - 1])));
    const { to } = channel;
    if (last.is === 'sent') tell({ type: 'notice', outcome: 'sent', to, tries });
    else tell({ type: 'notice', outcome: 'failed', to, tries, why: last.why });
  }

  /** @returns whether there is to be another try */
  async #waitFor(delayMs: number | undefined): Promise<boolean> {
    if (delayMs === undefined || this.#end.signal.aborted) return false;
    return await this.#ports.clock.sleep(delayMs, this.#end.signal).then(
      () => !this.#end.signal.aborted,
      () => false,
    );
  }
}

const channelsOf = ({ secrets, reconcile }: Settings): Channels => ({ secrets, notices: reconcile.notices });
