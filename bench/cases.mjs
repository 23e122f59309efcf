/** The cases of the bench, each with its floor. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { benchLimiter } from './limiter.mjs';
import { inTurn, paired, row, rowsOf, run } from './measure.mjs';
import { people, usersFile } from './people.mjs';
import { startServer } from './sandbox.mjs';

const program = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const floorProgram = fileURLToPath(new URL('floor.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'));

export const cases = {
  start,
  load,
  list,
  plan,
  warm,
  apply: (options) => applyAndUndo(options, 'apply'),
  undo: (options) => applyAndUndo(options, 'undo'),
  journal,
  scale,
  limiter: async () =>
    (await benchLimiter(folder)).map(({ what, value }) =>
      row('limiter', what.replace('limiter: ', ''), Number(value), ''),
    ),
};

const floor = (...args) => ({ args: [floorProgram, ...args] });
const placed = (name, text) => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};
const namesOf = (number) => placed(`names-${number}.json`, JSON.stringify(people(number).map((one) => one.username)));
const configFor = (name, users) => configOf(name, [placed(`${name}-users.yaml`, users)]);
const configOf = (name, files) => placed(`${name}.yaml`, `files: [${files.join(', ')}]\npolicy: { min_admins: 1 }\n`);
/** As a company of that size would write them: no file has more than 100,000 people. */
const configOfMany = (name, number) =>
  configOf(
    name,
    Array.from({ length: Math.ceil(number / perFile) }, (_, i) =>
      placed(`${name}-users-${i}.yaml`, usersFile(number, undefined, i * perFile, perFile)),
    ),
  );
const perFile = 100_000;

/** Starting is what a command costs that does next to nothing. */
async function start({ runs, latencyMs }) {
  const server = await startServer(10, latencyMs);
  const env = envOf(server);
  const config = configFor('ten', usersFile(10));
  const measured = await paired(
    [
      { args: [program, '--version'] },
      { args: [program, '--help'] },
      { args: [program, 'validate', '--config', config] },
      { args: [program, 'plan', '--config', config], env },
    ],
    { args: ['-e', '0'] },
    Math.max(runs, 5),
  );
  await server.close();
  return ['--version', '--help', 'validate of 10 people', 'plan of 10 people'].flatMap((what, i) => [
    row('start', `${what}: CPU, as a multiple of node -e 0 (median of pairs)`, measured[i].cpuRatio, 'x'),
    row('start', `${what}: wall, as a multiple of node -e 0 (median of pairs)`, measured[i].wallRatio, 'x'),
    row('start', `${what}: CPU`, measured[i].cpu, 'ms'),
    row('start', `${what}: peak memory`, measured[i].memory, 'MiB'),
  ]);
}

async function load({ people: number, runs }) {
  const config = configOfMany(`load-${number}`, number);
  const users = people(number).map((person) => ({ ...person, auth: { service: 'email' } }));
  const json = placed(`load-${number}.json`, JSON.stringify({ version: 1, defaults: { locale: 'en' }, users }));
  const [nothing, parse, own] = await inTurn(
    [floor('nothing'), floor('parse JSON', json), { args: [program, 'validate', '--config', config] }],
    runs,
  );
  // What starting costs is another case.
  const parsing = { what: 'JSON.parse of the same', cpu: parse.cpu - nothing.cpu, wall: parse.wall - nothing.wall };
  return rowsOf('load', `${number} people`, own, parsing);
}

async function list({ people: number, runs, latencyMs }) {
  return onServers(number, latencyMs, async (server, what) => {
    const env = envOf(server);
    const total = server.total ?? number;
    const [pages, own] = await inTurn(
      [
        { ...floor('read pages', String(total)), env },
        { args: [program, 'import'], env, cwd: folder },
      ],
      runs,
    );
    return rowsOf(
      'list',
      `import of ${total} accounts${what}`,
      own,
      { what: 'their pages, four at a time', ...pages },
      {
        B: [own.bytes, 'bytes'],
      },
    );
  });
}

async function plan({ people: number, runs, latencyMs }) {
  return onServers(number, latencyMs, async (server, what) => {
    const declared = await declaredOn(server, number);
    const measured = await measurePlan(server, declared, runs);
    return rowsOf(
      'plan',
      `${declared.people} people as declared${what}`,
      measured.own,
      { what: 'asking for their names', ...measured.names },
      { '': [measured.requests, 'requests'], B: [measured.own.bytes, 'bytes'] },
    );
  });
}

/**
 * Everybody who is there, as declared: of a sandbox as the bench filled it, of a running server as an import writes it.
 *
 * @returns the config, how many people its files declare, and a file with their names
 */
async function declaredOn(server, number) {
  if (server.total === undefined)
    return { config: configOfMany(`plan-${number}`, number), people: number, names: namesOf(number) };
  const { out } = await run({ args: [program, 'import'], env: envOf(server), cwd: folder });
  const names = Array.from(out.matchAll(/^ {2}- username: (\S+)$/gm), ([, name]) => name);
  return {
    config: configFor('running', out),
    people: names.length,
    names: placed('names-running.json', JSON.stringify(names)),
  };
}

async function measurePlan(server, { config, names }, runs) {
  const env = envOf(server);
  // Notices of a running server, such as people without an entry, have a code of their own.
  const once = { args: [program, 'plan', '--config', config, '--format', 'json'], env, codes: [0, 2, 3, 4] };
  await server.requests();
  const { err } = await run({ ...once, args: [...once.args, '--verbose'] });
  const requests = (await server.requests()) ?? err.split('\n').filter((line) => / → \d{3}\b/.test(line)).length;
  const [asked, own] = await inTurn([{ ...floor('ask for names', names), env }, once], runs);
  return { names: asked, own, requests };
}

/** A plan that asks for what has changed, beside the same plan that asks for everything; nothing has changed. */
async function warm({ people: number, runs, latencyMs }) {
  return onServers(number, latencyMs, async (server, what) => {
    const { config, people: count } = await declaredOn(server, number);
    const env = {
      ...envOf(server),
      XDG_STATE_HOME: join(folder, `state-warm${what === '' ? '' : '-server'}-${number}`),
    };
    const once = (...more) => ({ args: [program, 'plan', '--config', config, ...more], env, codes: [0, 2, 3, 4] });
    const keeping = await run(once('--warm'));
    const counted = async (...more) => {
      await server.requests();
      const { out, err } = await run(once(...more, '--verbose'));
      return { out, err, requests: await server.requests() };
    };
    const [whole, changes] = [await counted(), await counted('--warm')];
    if (whole.out !== changes.out) throw new Error('the two plans differ');
    if (!/warm read/.test(changes.err)) throw new Error(`no warm read: ${changes.err.slice(-500)}`);
    const second = await counted('--warm');
    if (whole.out !== second.out) throw new Error('the plan that stands is another one');
    if (!/nothing that this plan hangs on has changed/.test(second.err))
      throw new Error(`the plan does not stand: ${second.err.slice(-500)}`);
    // Limited to a class of changes it is made anew each time.
    const [loading, full, own, standing] = await inTurn(
      [
        { ...once(), args: [program, 'validate', '--config', config] },
        once(),
        once('--warm', '--only', 'rename'),
        once('--warm'),
      ],
      runs,
    );
    const beyond = ({ wall, cpu }) => ({ wall: wall - loading.wall, cpu: cpu - loading.cpu });
    const name = `${count} people as declared${what}`;
    return [
      ...Object.entries({ 'a warm plan that is made anew': own, 'a plan that stands': standing }).flatMap(
        ([sort, one]) => [
          row(
            'warm',
            `${name}: wall beyond loading of ${sort}, as a multiple of the full one`,
            beyond(one).wall / beyond(full).wall,
            'x',
          ),
          row(
            'warm',
            `${name}: CPU beyond loading of ${sort}, as a multiple of the full one`,
            beyond(one).cpu / beyond(full).cpu,
            'x',
          ),
        ],
      ),
      ...['wall', 'cpu'].flatMap((kind) => [
        row('warm', `${name}: ${kind} of loading`, loading[kind], 'ms'),
        row('warm', `${name}: ${kind} of a full plan`, full[kind], 'ms'),
        row('warm', `${name}: ${kind} of a warm plan that is made anew`, own[kind], 'ms'),
        row('warm', `${name}: ${kind} of a plan that stands`, standing[kind], 'ms'),
      ]),
      row('warm', `${name}: peak memory of a full plan`, full.memory, 'MiB'),
      row('warm', `${name}: peak memory of a warm plan that is made anew`, own.memory, 'MiB'),
      row('warm', `${name}: peak memory of a plan that stands`, standing.memory, 'MiB'),
      row('warm', `${name}: wall of a full plan that is kept`, keeping.wall, 'ms'),
      row('warm', `${name}: bytes of a full plan`, full.bytes, 'B'),
      row('warm', `${name}: bytes of a warm plan that is made anew`, own.bytes, 'B'),
      row('warm', `${name}: bytes of a plan that stands`, standing.bytes, 'B'),
      ...(whole.requests === undefined
        ? []
        : [
            row('warm', `${name}: requests of a full plan`, whole.requests, ''),
            row('warm', `${name}: requests of a warm plan that is made anew`, changes.requests, ''),
            row('warm', `${name}: requests of a plan that stands`, second.requests, ''),
          ]),
    ];
  });
}

/** Each run has a server of its own: what is written once is no change the second time. */
async function applyAndUndo({ people: number, runs, latencyMs }, wanted) {
  const count = Math.min(number, 1000);
  const names = namesOf(count);
  const config = configFor(
    `apply-${count}`,
    usersFile(count, (i) => ({ nickname: `n${i}` })),
  );
  const server = await startServer(count, latencyMs);
  const env = { ...envOf(server), XDG_STATE_HOME: join(folder, 'state') };
  const apply = { args: [program, 'apply', '--config', config, '--yes'], env };
  const undo = { args: [program, 'undo', '--config', config, '--yes'], env };
  const best = {};
  const keep = (name, measured) => {
    if (best[name] === undefined || measured.cpu < best[name].cpu) best[name] = measured;
  };
  for (let nth = 0; nth < runs; nth++) {
    keep('loop', await run({ ...floor('patch in a loop', names, `loop${nth}`), env }));
    keep('reset', await run({ ...floor('patch in a loop', names, ''), env }));
    keep('apply', await run(apply));
    keep('plan', await run({ args: [program, 'plan', '--config', config], env }));
    keep('undo', await run(undo));
  }
  await server.close();
  const own = best[wanted];
  const planning = best.plan.cpu;
  const bare = await run(floor('nothing'));
  const each = (own.cpu - planning) / count;
  const eachOfLoop = (best.loop.cpu - bare.cpu) / count;
  return [
    row(
      wanted,
      `${count} updates: CPU of an action beyond a plan, as a multiple of a call in a loop`,
      each / eachOfLoop,
      'x',
    ),
    row(wanted, `${count} updates: CPU of an action beyond a plan`, each, 'ms'),
    row(wanted, `${count} updates: wall, as a multiple of the loop`, own.wall / best.loop.wall, 'x'),
    row(wanted, `${count} updates: peak memory`, own.memory, 'MiB'),
  ];
}

async function journal({ people: number, runs, latencyMs }) {
  const count = Math.min(number, 1000);
  const config = configFor(
    `journal-${count}`,
    usersFile(count, (i) => ({ nickname: `j${i}` })),
  );
  const server = await startServer(count, latencyMs);
  const env = { ...envOf(server), XDG_STATE_HOME: join(folder, 'state-journal') };
  await run({ args: [program, 'apply', '--config', config, '--yes'], env });
  const [bare, verify, show] = await inTurn(
    [floor('nothing'), { args: [program, 'journal', 'verify'], env }, { args: [program, 'journal', 'show'], env }],
    runs,
  );
  await server.close();
  return [
    ...rowsOf('journal', `verify of ${count} actions`, verify, { what: 'node alone', ...bare }),
    ...rowsOf('journal', `show of ${count} actions`, show, { what: 'node alone', ...bare }),
  ];
}

/** How CPU and memory grow with the number of people, from a hundredth of them on. */
async function scale({ people: number, runs, latencyMs }) {
  const rows = [];
  let before;
  for (const count of [Math.ceil(number / 100), Math.ceil(number / 10), number]) {
    const config = configOfMany(`scale-${count}`, count);
    const server = await startServer(count, latencyMs);
    const { own } = await measurePlan(server, await declaredOn(server, count), runs);
    await server.close();
    const [loaded] = await inTurn([{ args: [program, 'validate', '--config', config] }], runs);
    for (const [what, measured] of [
      ['load', loaded],
      ['plan', own],
    ]) {
      rows.push(row('scale', `${what} of ${count} people: CPU`, measured.cpu, 'ms'));
      rows.push(row('scale', `${what} of ${count} people: peak memory`, measured.memory, 'MiB'));
      if (before !== undefined)
        rows.push(
          row('scale', `${what} of ${count}: CPU, as a multiple of a tenth`, measured.cpu / before[what].cpu, 'x'),
        );
    }
    before = { load: loaded, plan: own };
  }
  return rows;
}

const envOf = ({ url, token }) => ({
  MUSTER_SERVER: url,
  MUSTER_TOKEN: token,
  XDG_STATE_HOME: join(folder, 'state-read'),
});

/** The same on a sandbox, and on a running server where one is named. */
async function onServers(number, latencyMs, measure) {
  const sandbox = await startServer(number, latencyMs);
  const rows = await measure(sandbox, '');
  await sandbox.close();
  const { MUSTER_E2E_URL: url, MUSTER_E2E_TOKEN: token } = process.env;
  if (url === undefined || token === undefined) return rows;
  const total = await countOf(url, token);
  return [...rows, ...(await measure({ url, token, total, requests: async () => undefined }, ', running server'))];
}

async function countOf(url, token) {
  const response = await fetch(
    `${url}/api/v4/users/stats/filtered?include_deleted=true&include_bots=true&include_remote_users=true`,
    {
      headers: { authorization: `Bearer ${token}` },
    },
  );
  return (await response.json()).total_users_count;
}
