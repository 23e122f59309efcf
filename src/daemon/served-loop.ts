/** The loop with what others may see of it. */
import { MusterError } from '../model/muster-error.ts';
import { InputError } from '../model/problem.ts';
import { systemCodeOf } from '../model/system-error.ts';
import type { LoopOptions } from './cycle.ts';
import { type Address, type EndpointSources, type Endpoints, openEndpoints } from './endpoints.ts';
import type { Keeper } from './keeper.ts';
import { reconcileLoop } from './loop.ts';
import { Metrics } from './metrics.ts';
import type { DaemonPorts } from './ports.ts';

/**
 * Cycles until the signal is aborted, and answers at an address meanwhile.
 *
 * @throws {InputError} when the address cannot be listened at
 */
export async function serveLoop(listen: Address, options: LoopOptions, ports: DaemonPorts): Promise<void> {
  let keeper: Pick<Keeper, 'state'> | undefined;
  const sources = { state: () => keeper?.state, now: () => ports.clock.now() };
  const metrics = new Metrics(sources);
  const endpoints = await listenAt(listen, { ...sources, metrics: () => metrics.text() });
  try {
    await reconcileLoop(options, {
      ...ports,
      show: (shown) => {
        keeper = shown;
      },
      tell: (event) => {
        metrics.note(event);
        ports.tell(event);
      },
      emit: (event) => {
        if (event.type === 'waiting' && event.isRateLimit === true) metrics.noteRateLimitWait(event.ms);
        ports.emit(event);
      },
    });
  } finally {
    await endpoints.close();
  }
}

async function listenAt(listen: Address, sources: EndpointSources): Promise<Endpoints> {
  try {
    return await openEndpoints(listen, sources);
  } catch (error) {
    if (error instanceof MusterError) throw error;
    throw new InputError([
      {
        code: 'cannot-listen',
        message: `cannot listen at ${listen.host}:${listen.port}: ${systemCodeOf(error)}`,
        hint: 'choose another address with --listen',
      },
    ]);
  }
}
