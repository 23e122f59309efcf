/**
 * What the machine's own muster.yaml says where another one comes with a checkout. Pure.
 *
 * A checkout says what people are to have: files, policy, approvals, and when. What belongs to this machine is no matter of
 * the repository: which server, where secrets come from and go to, which branch counts, who is told.
 */
import type { ConfigFile, ReconcileFile } from '../model/generated/config-file.ts';

/** A muster.yaml of this machine, of one server. */
export interface Machine {
  readonly config: ConfigFile;
  /** The server's name among several. */
  readonly name?: string;
  /** Absolute: its paths belong to it. */
  readonly dir: string;
}

/** The config of a checkout as it counts on a machine. Of `reconcile` the machine's fields come first. */
export function configOnMachine(own: ConfigFile, machine: ConfigFile): ConfigFile {
  const { server: _server, secrets: _secrets, reconcile, ...rest } = own;
  const server = machine.server ?? own.server;
  return {
    ...rest,
    reconcile: reconcileOnMachine(reconcile, machine.reconcile),
    ...(server !== undefined && { server }),
    ...(machine.secrets !== undefined && { secrets: machine.secrets }),
  };
}

function reconcileOnMachine(own: ReconcileFile = {}, machine: ReconcileFile = {}): ReconcileFile {
  const { git: _git, notices: _notices, every, cron, ...rest } = own;
  const hasSchedule = machine.every !== undefined || machine.cron !== undefined;
  return {
    ...rest,
    ...(!hasSchedule && every !== undefined && { every }),
    ...(!hasSchedule && cron !== undefined && { cron }),
    ...machine,
  };
}
