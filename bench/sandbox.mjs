/** A sandbox in a process of its own, so that its work does not count as muster's. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { startSandbox } from '../dist/sandbox/index.js';
import { people } from './people.mjs';

const self = fileURLToPath(import.meta.url);

/**
 * @param number - how many people it has
 * @param latencyMs - what each answer takes longer
 * @returns its address, token, a look at its ledger (requests and answered bytes since the last look), and an end
 */
export async function startServer(number, latencyMs = 0) {
  const child = fork(self, [String(number), String(latencyMs)], { execArgv: [] });
  const [{ url, token }] = await once(child, 'message');
  return {
    url,
    token,
    async requests() {
      child.send('requests');
      return (await once(child, 'message'))[0];
    },
    async close() {
      child.send('end');
      await once(child, 'exit');
    },
  };
}

/** People who came and were changed one after the other, in the course of a year, as on a server that has been there for long. */
function spread(person, i, all) {
  const at = Date.now() - Math.round((366 - (365 * i) / all.length) * 86_400_000);
  return { ...person, create_at: at, update_at: at };
}

if (process.argv[1] === self && process.send !== undefined) {
  const [, , number, latencyMs] = process.argv.map(Number);
  const sandbox = await startSandbox({ seed: { users: people(number).map(spread) }, licence: 'enterprise' });
  if (latencyMs > 0)
    sandbox.faults.add({ kind: 'latency', ms: latencyMs, isReal: true, times: Number.MAX_SAFE_INTEGER });
  let seen = 0;
  process.on('disconnect', () => process.exit());
  process.on('message', (message) => {
    if (message === 'end') process.exit();
    const now = sandbox.requests.length;
    process.send(now - seen);
    seen = now;
  });
  process.send({ url: sandbox.url, token: sandbox.adminToken });
}
