/** What flags of muster reconcile mean for its loops. */
import { resolve } from 'node:path';
import type { LoopOptions } from '../daemon/cycle.ts';
import type { DaemonPorts } from '../daemon/ports.ts';
import type { TellReconcileEvent } from '../model/reconcile-event.ts';
import { noticeBody } from '../report/notice.ts';
import { reconcileLine } from '../report/reconcile-line.ts';
import type { CliIo } from './io.ts';
import { connectionOptions, inputOptions, type ReconcileFlags } from './options.ts';
import type { Session } from './session.ts';

/** @param server - the name of one of several, which stands in each line */
export function daemonPorts(
  { ports, paintErr }: Session,
  flags: ReconcileFlags,
  io: CliIo,
  server?: string,
): DaemonPorts {
  const format = flags.log ?? (io.stderr.isTTY ? 'text' : 'json');
  const { redact = false } = flags;
  const tell: TellReconcileEvent = (event) => {
    io.stderr.write(`${reconcileLine(event, { format, redact, nowMs: ports.clock.now(), paint: paintErr, server })}\n`);
  };
  const told = new Set<string>();
  return {
    ...ports,
    // What is under way is no news in a log, unless it is asked for; what did not work is.
    emit: (event) => {
      // Which server it is stands in each line already.
      const { server: _, ...own } = event;
      // How the state directory is does not change from cycle to cycle.
      if (own.type === 'warning' && ['signature-differs', 'not-believed'].includes(own.code)) {
        if (told.has(own.text)) return;
        told.add(own.text);
      }
      if (own.type === 'warning' || (own.type === 'request' && flags.verbose === true)) tell(own);
    },
    random: Math.random,
    tell,
    renderNotice: (notice, channel) => noticeBody(notice, { ...channel, redact: redact || channel.redact }),
  };
}

export function loopOptions(flags: ReconcileFlags, io: CliIo): LoopOptions {
  const { mode, every, cron, timeZone, jitter, stateDir, concurrency } = flags;
  return {
    ...inputOptions(flags),
    ...connectionOptions(flags),
    reconcile: {
      ...(mode !== undefined && { mode }),
      ...(every !== undefined && { everyMs: every }),
      ...(cron !== undefined && { cron }),
      ...(timeZone !== undefined && { timeZone }),
      ...(jitter !== undefined && { jitterMs: jitter }),
    },
    signal: io.signal,
    ...(stateDir !== undefined && { stateDir: resolve(io.workingDir, stateDir) }),
    ...(concurrency !== undefined && { concurrency }),
  };
}
