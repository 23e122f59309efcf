/** Whatever a plan finds, it writes nothing. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { operations } from '../../src/api/operations.ts';
import { doctor } from '../../src/app/doctor.ts';
import { importUsers } from '../../src/app/import-users.ts';
import { plan } from '../../src/app/plan.ts';
import type { RequestRecord } from '../../src/sandbox/index.ts';
import { apiPath, crowd, mark, openStage, type Stage } from '../apply/support/stage.ts';
import { isLong } from '../support/suite.ts';

interface Row {
  readonly access: string;
  readonly method: string;
  readonly path: string;
}

/** Every single call of the client's table. */
const rows: readonly Row[] = Object.values(operations as unknown as Record<string, Record<string, object>>)
  .flatMap((group) => Object.values(group))
  .filter((row): row is Row => 'method' in row);

/** The table's word for a request; a path that fits several rows counts as the strictest. */
function accessOf(request: RequestRecord): string {
  const fitting = rows.filter(({ method, path }) => {
    const pattern = (path.split('?')[0] ?? '').replace(/\{[a-z_]+\}/g, '[^/]+');
    return method === request.method && new RegExp(`^${pattern}$`).test(apiPath(request));
  });
  const literal = fitting.filter(({ path }) => path.split('?')[0] === apiPath(request));
  const accesses = new Set((literal.length > 0 ? literal : fitting).map(({ access }) => access));
  return accesses.size === 1 ? ([...accesses][0] ?? '') : [...accesses].join();
}

const others = ({ sandbox }: Stage): readonly string[] =>
  sandbox.requests.filter((request) => accessOf(request) !== 'read').map(({ method, path }) => `${method} ${path}`);

async function busy(): Promise<Stage> {
  const stage = await openStage({
    users: [
      ...crowd(14).map((username, i) => ({
        username,
        active: i % 3 !== 0,
        roles: i % 7 === 0 ? 'system_user system_admin' : 'system_user',
        tokens: [{ description: mark('ci') }, { description: 'by hand' }],
      })),
      { username: 'a-bot', is_bot: true },
    ],
    config: { 'SamlSettings.Enable': true },
    licence: 'enterprise',
  });
  await stage.declare(
    crowd(21).map((username, i) => ({
      username,
      email: `${username}@example.com`,
      nickname: 'x',
      active: i % 2 === 0,
      roles: ['system_user', 'system_post_all'],
      tokens: [{ name: 'ci', generation: 2 }, { name: 'new' }],
      ...(i % 5 === 0 && { auth: { service: 'saml' as const, data: username } }),
    })),
  );
  return stage;
}

describe('by the table of operations', () => {
  test('a plan with changes of every sort only reads', async () => {
    const stage = await busy();
    const before = stage.sandbox.snapshot();

    const { actions } = await stage.plan();

    expect(new Set(actions.map(({ call }) => call.operation)).size).toBeGreaterThanOrEqual(9);
    expect(stage.sandbox.requests.length).toBeGreaterThan(10);
    expect(others(stage)).toEqual([]);
    expect(withoutSessions(stage.sandbox.snapshot())).toEqual(withoutSessions(before));
  });

  test('an import only reads', async () => {
    const stage = await busy();

    const imported = await importUsers({}, stage.ports);

    expect(imported.people).toBe(15);
    expect(others(stage)).toEqual([]);
  });

  test('a visit of the doctor only reads', async () => {
    const stage = await busy();

    await doctor({}, stage.ports);

    expect(others(stage)).toEqual([]);
  });

  test.runIf(isLong)('an apply does write, so the measure is one', async () => {
    const stage = await busy();

    await stage.apply();

    expect(others(stage).length).toBeGreaterThan(40);
  });
});

/** A token's first use opens a session, also of whoever only looks. */
function withoutSessions({ sessions: _sessions, ...rest }: ReturnType<Stage['sandbox']['snapshot']>): unknown {
  return rest;
}

describe('a plan', () => {
  test('needs a server and files, and says how to name them', async () => {
    const stage = await openStage();
    await stage.declare([{ username: 'ada' }]);

    await expect(plan({}, { ...stage.ports, env: {} })).rejects.toMatchObject({ problems: [{ code: 'no-server' }] });
    await expect(plan({}, { ...stage.ports, workingDir: '/' })).rejects.toMatchObject({
      problems: [{ code: 'no-files' }],
    });
    expect(stage.sandbox.requests).toEqual([]);
  });

  test('refuses authorities that cannot be read', async () => {
    const stage = await openStage();
    await stage.declare([{ username: 'ada' }]);

    await expect(plan({ caFile: 'nowhere.pem' }, stage.ports)).rejects.toMatchObject({
      problems: [{ code: 'ca-file-unreadable' }],
    });
  });

  test.each([
    ['nothing of the kind', 'version: 1\n', 'it holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)'],
    [
      'a private key alone',
      '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
      'it holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)',
    ],
    [
      'a damaged certificate',
      `${rootCertificates[0]}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`,
      'certificate 2 of 2 in it is damaged',
    ],
  ])('refuses authorities that Node would ignore: a file with %s', async (_what, text, why) => {
    const stage = await openStage();
    await stage.declare([{ username: 'ada' }]);
    await writeFile(join(stage.dir, 'ca.pem'), text);

    await expect(plan({ caFile: 'ca.pem' }, stage.ports)).rejects.toMatchObject({
      problems: [
        { code: 'ca-file-unreadable', message: `cannot read the authorities ${join(stage.dir, 'ca.pem')}: ${why}` },
      ],
    });
    expect(stage.sandbox.requests).toEqual([]);
  });

  test('takes authorities in each form of PEM, with text between them', async () => {
    const stage = await openStage();
    await stage.declare([{ username: 'ada' }]);
    await writeFile(join(stage.dir, 'ca.pem'), `# ours\n${rootCertificates.slice(0, 12).join('\n\n# and\n')}\n`);

    expect((await plan({ caFile: 'ca.pem' }, stage.ports)).plan.server.url).toBe(stage.sandbox.url);
  });

  test('of a list that never adds up is no plan', async () => {
    const stage = await openStage({ users: crowd(5).map((username) => ({ username })) });
    await stage.declare([{ username: 'p001' }]);
    const match = { path: '/users', method: 'GET' };
    stage.sandbox.faults.add({ kind: 'short-page', drop: 2, match, times: Number.POSITIVE_INFINITY });

    await expect(stage.plan()).rejects.toMatchObject({ code: 'READ_NOT_COMPLETE' });
  });

  test('does not take an active administrator for lost because a page came short once', async () => {
    const stage = await openStage({ users: crowd(5).map((username) => ({ username })) });
    await stage.declare(crowd(5).map((username) => ({ username, email: `${username}@example.com` })));
    stage.sandbox.faults.add({ kind: 'short-page', drop: 2, match: { path: '/users', method: 'GET', nth: 2 } });

    const { actions, summary } = await stage.plan();

    expect({ actions, matched: summary.matched }).toEqual({ actions: [], matched: 5 });
  });
});
