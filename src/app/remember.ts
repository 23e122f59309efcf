/** After a run that did all it should, it is remembered who is declared: plans to come name who no longer is. */
import { warning } from '../model/messages/warning-rows.ts';
import { MusterError } from '../model/muster-error.ts';
import type { AccountId } from '../model/user-values.ts';
import type { ApplyResult } from './carry-out.ts';
import { type EndedWell, rememberDeclaredAgain, rememberDeclaredOf } from './declared-memory.ts';
import type { AppPorts } from './ports.ts';
import type { RunState } from './run-state.ts';

const isDone = ({ result, declined, refused }: ApplyResult): boolean =>
  result?.results.every(({ outcome }) => outcome.status === 'done') ?? (!declined && refused === undefined);

/** Where the plan was made by the same run: whom its entries mean is known. */
export async function rememberPlanned(
  applied: ApplyResult,
  planned: EndedWell['planned'],
  { dir, store }: RunState,
  ports: AppPorts,
): Promise<void> {
  if (!isDone(applied)) return;
  const created = applied.result?.created ?? new Map();
  await orWarn(ports, () =>
    rememberDeclaredOf({ stateDir: dir, trust: store.trust, planned, created, nowMs: ports.clock.now() }),
  );
}

/**
 * Where nothing has changed since a run that had nothing to do: those who were declared still are.
 *
 * @param previous - who was not any more, then
 */
export async function rememberAgain(
  previous: ReadonlySet<AccountId>,
  { dir, store }: RunState,
  ports: AppPorts,
): Promise<void> {
  await orWarn(ports, () =>
    rememberDeclaredAgain({ stateDir: dir, trust: store.trust, previous, nowMs: ports.clock.now() }),
  );
}

/** What the run did stands, whatever becomes of the memory. */
async function orWarn({ emit }: AppPorts, remember: () => Promise<void>): Promise<void> {
  try {
    await remember();
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    emit(warning('declared-not-remembered', { why: error.message }));
  }
}
