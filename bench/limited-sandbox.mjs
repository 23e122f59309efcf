/** A sandbox in a process of its own, for `limiter.mjs`: says where it is, and at the end what arrived and when. */
import { startSandbox } from '../dist/sandbox/index.js';

const sandbox = await startSandbox({ config: JSON.parse(process.argv[2]) });
process.once('message', () => {
  const arrived = sandbox.requests.map(({ at, status }) => ({ at, status }));
  process.send(arrived, () => process.exit());
});
process.send({ url: sandbox.url, token: sandbox.adminToken });
