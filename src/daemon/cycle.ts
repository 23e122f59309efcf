/** One cycle: load what may have changed, look whether it is paused, then the use case. It plans nothing itself. */
import { join } from 'node:path';
import { loadSettings } from '../app/load.ts';
import type { Checkout } from '../app/ports.ts';
import { pullCheckout } from '../app/pull-checkout.ts';
import { type CycleOptions, type Cycle as MadeCycle, reconcile } from '../app/reconcile.ts';
import type { Settings } from '../config/settings.ts';
import type { ReconcileState, SeenBranch } from '../model/generated/reconcile-state.ts';
import { asTold } from '../model/machine-error.ts';
import { refuse } from '../model/messages/problems.ts';
import { MusterError } from '../model/muster-error.ts';
import { InputError } from '../model/problem.ts';
import type { ReconcileMode, ReconcileSettings } from '../model/reconcile-settings.ts';
import type { Withheld } from '../model/withheld.ts';
import { quarantinedAt } from './class-quarantine.ts';
import { contestedOf } from './contested.ts';
import { type Outcome, outcomeOfError } from './outcome.ts';
import type { DaemonPorts } from './ports.ts';
import { inSpan } from './tracing.ts';
import { isOpenAt } from './windows.ts';

export interface LoopOptions extends Omit<CycleOptions, 'mode' | 'withheld'> {
  /** How often a process that waits looks around, in milliseconds; by default each kind of loop has its own. */
  readonly lookMs?: number;
}

export interface CycleEnd {
  readonly outcome: Outcome;
  /** What was read of muster.yaml; absent: it could not be read. */
  readonly settings?: ReconcileSettings;
  /** What was pulled, and counts from now on; absent: nothing was. */
  readonly branch?: SeenBranch;
  /** Why it failed. */
  readonly error?: MusterError;
  /** What the use case gave. */
  readonly made?: MadeCycle;
}

/** What a cycle does with a server: the use case, by default. */
export type UseCase = (mode: ReconcileMode, withheld: Withheld) => Promise<MadeCycle>;

/** Where a cycle keeps what it pulls; absolute, of this server alone. */
export interface CyclePlace {
  readonly dir: string;
}

/** @param state - what is known from the cycles before */
export async function runCycle(
  state: ReconcileState,
  options: LoopOptions,
  ports: DaemonPorts,
  { dir }: CyclePlace,
): Promise<CycleEnd> {
  let settings: ReconcileSettings | undefined;
  let branch: SeenBranch | undefined;
  const known = (end: CycleEnd): CycleEnd => ({ ...end, ...(branch !== undefined && { branch }) });
  try {
    const place = { dir: join(dir, 'checkout'), before: state.branch };
    const checkout = await inSpan('pull', {}, () => pullCheckout(options, place, ports));
    const inputs = checkout === undefined ? options : { ...options, checkout };
    if (checkout !== undefined) branch = { url: checkout.url, branch: checkout.branch, commit: checkout.commit };
    const loaded = await loadSettings(inputs, ports);
    settings = loaded.reconcile;
    refuseOtherServer(loaded, state.server, checkout);
    const warm = state.read === undefined ? {} : { notBeforeMs: Date.parse(state.read.full) };
    const useCase: UseCase = (mode, withheld) => reconcile({ ...inputs, mode, withheld, warm }, ports);
    return known(await cycleWith(settings, state, ports, useCase));
  } catch (error) {
    return known(failed(error, settings, ports));
  }
}

/** The same where the settings are known. */
export async function cycleWith(
  settings: ReconcileSettings,
  state: ReconcileState,
  ports: Pick<DaemonPorts, 'clock' | 'signal'>,
  useCase: UseCase,
): Promise<CycleEnd> {
  const startedMs = ports.clock.now();
  const { suspend } = settings;
  if (suspend !== undefined && startedMs < suspend.untilMs)
    return { outcome: { is: 'paused', pause: suspend }, settings };
  const mode = modeAt(settings, startedMs);
  try {
    const made = await useCase(mode, withheldAt(state, startedMs));
    const { plan, result, journal, read } = made;
    const outcome: Outcome = {
      is: 'looked',
      mode,
      plan,
      tookMs: ports.clock.now() - startedMs,
      ...(result !== undefined && { result }),
      ...(journal !== undefined && { run: journal.run }),
      ...(read !== undefined && { read }),
    };
    return { outcome, settings, made };
  } catch (error) {
    return failed(error, settings, ports);
  }
}

/** @throws what is no failure of a cycle: a bug, or the end of the process */
function failed(
  thrown: unknown,
  settings: ReconcileSettings | undefined,
  { signal }: Pick<DaemonPorts, 'signal'>,
): CycleEnd {
  signal?.throwIfAborted();
  const error = asTold(thrown);
  if (!(error instanceof MusterError)) throw error;
  return { outcome: outcomeOfError(error), error, ...(settings !== undefined && { settings }) };
}

/** The memory, the lock and the token are of one server. A checkout names it, or none. */
function refuseOtherServer({ servers }: Settings, server: string, checkout: Checkout | undefined): void {
  const named = checkout === undefined ? servers.slice(0, 1) : servers;
  if (named.every(({ value }) => value.replace(/\/+$/, '') === server)) return;
  throw new InputError([refuse('server-changed', { is: checkout === undefined ? 'settings' : 'checkout' })]);
}

/** Where a window is closed muster still looks. */
const modeAt = ({ mode, windows }: ReconcileSettings, nowMs: number): ReconcileMode =>
  mode === 'enforce' && isOpenAt(windows, nowMs) ? 'enforce' : 'observe';

const withheldAt = ({ classes, contested }: ReconcileState, nowMs: number): Withheld => ({
  quarantined: quarantinedAt(classes, nowMs),
  contested: contestedOf(contested),
});
