import { createClient } from '../../../src/api/index.ts';
import { Secret } from '../../../src/model/secret.ts';
import { startSandbox } from '../../../src/sandbox/index.ts';
import { StageClock } from '../../apply/support/stage.ts';
import { closeLater } from '../../support/opened.ts';
import { type Limit, limited, useOf } from './limiter-use.ts';

/** How many calls of one client use what a limiter permits. */
export async function useOfManyCalls(
  limit: Limit,
  concurrent: number,
  calls: number,
): Promise<ReturnType<typeof useOf>> {
  const clock = new StageClock();
  const sandbox = await startSandbox({ clock: () => clock.now(), config: limited(limit) });
  closeLater(sandbox);
  const client = createClient({
    url: sandbox.url,
    token: new Secret(sandbox.adminToken),
    clock,
    maxConcurrent: concurrent,
  });
  closeLater(client);
  await Promise.all(Array.from({ length: calls }, () => client.users.me()));
  return useOf(sandbox.requests, limit);
}
