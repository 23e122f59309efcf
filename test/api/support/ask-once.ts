/** A process of its own that asks a server once, and prints how that ended: its arguments are the server and a proxy. */
import { createClient } from '../../../src/api/index.ts';
import { Secret } from '../../../src/model/secret.ts';

const [, , url = '', proxy] = process.argv;
const client = createClient({ url, proxy, token: new Secret('k'.repeat(26)) });
const ended = await client.users.me().then(
  () => 'answered',
  (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
);
await client.close();
process.stdout.write(ended);
