/** The least that a job can cost: what muster is measured against. `node floor.mjs JOB …`, in a process of its own. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, fetch } from 'undici';

const [, , job, ...args] = process.argv;
const { MUSTER_SERVER: url, MUSTER_TOKEN: token } = process.env;
const dispatcher = new Agent({ connections: 4 });

async function call(method, path, body) {
  const response = await fetch(`${url}/api/v4${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    dispatcher,
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
  return response.json();
}

/** Four at a time. */
async function lanes(items, work) {
  const left = items.values();
  const lane = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
}

const pages = (number) => Array.from({ length: Math.ceil(number / 200) }, (_, i) => i);

const jobs = {
  nothing: () => undefined,
  'parse JSON': ([file]) => JSON.parse(readFileSync(file, 'utf8')),
  'hash a file': ([file]) => createHash('sha256').update(readFileSync(file)).digest('hex'),
  'ask for names': async ([file]) => {
    const names = JSON.parse(readFileSync(file, 'utf8'));
    const batches = Array.from({ length: Math.ceil(names.length / 10_000) }, (_, i) =>
      names.slice(i * 10_000, (i + 1) * 10_000),
    );
    await lanes(batches, (batch) => call('POST', '/users/usernames', batch));
  },
  'read pages': async ([number]) => {
    await lanes(pages(Number(number)), (page) => call('GET', `/users?per_page=200&page=${page}`));
  },
  'patch in a loop': async ([file, nickname]) => {
    const names = JSON.parse(readFileSync(file, 'utf8'));
    const found = await call('POST', '/users/usernames', names);
    await lanes(found, ({ id }) => call('PUT', `/users/${id}/patch`, { nickname }));
  },
};

await jobs[job](args);
await dispatcher.close();
