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

/** Whose word counts: the checkout's, the machine's where it says something, or the machine's alone. */
type Word = 'checkout' | 'machine-first' | 'machine';

/** A field that is added to muster.yaml has to choose: what a commit must not decide is the machine's. */
const configWords: Readonly<Record<Exclude<keyof ConfigFile, 'reconcile'>, Word>> = {
  version: 'checkout',
  server: 'machine-first',
  servers: 'checkout',
  files: 'checkout',
  bundles: 'checkout',
  bundle_files: 'checkout',
  policy: 'checkout',
  secrets: 'machine',
  approvals: 'checkout',
  waivers: 'checkout',
  approvers: 'checkout',
  evidence: 'checkout',
};

const reconcileWords: Readonly<Record<keyof ReconcileFile, Word>> = {
  mode: 'machine-first',
  every: 'machine-first',
  cron: 'machine-first',
  time_zone: 'machine-first',
  jitter: 'machine-first',
  full_read: 'machine-first',
  windows: 'machine-first',
  suspend: 'machine-first',
  git: 'machine',
  notices: 'machine',
};

/** The config of a checkout as it counts on a machine. Of `reconcile` the machine's fields come first. */
export function configOnMachine(own: ConfigFile, machine: ConfigFile): ConfigFile {
  const reconcile = reconcileOnMachine(own.reconcile, machine.reconcile);
  return { ...together(own, machine, configWords), reconcile };
}

function reconcileOnMachine(own: ReconcileFile = {}, machine: ReconcileFile = {}): ReconcileFile {
  const { every: _every, cron: _cron, ...rest } = own;
  // The two stand in place of each other.
  const hasSchedule = machine.every !== undefined || machine.cron !== undefined;
  return together(hasSchedule ? rest : own, machine, reconcileWords);
}

type Words = Readonly<Record<string, Word>>;

/** Of each field the word that counts. */
function together<File extends object>(own: File, machine: File, words: Words): Partial<File>;
function together(own: object, machine: object, words: Words): object {
  const ofCheckout = Object.entries(own).filter(([name]) => words[name] !== 'machine');
  const ofMachine = Object.entries(machine).filter(([name]) => words[name] !== 'checkout');
  return Object.fromEntries([...ofCheckout, ...ofMachine]);
}
