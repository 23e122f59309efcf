import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { access } from '../../src/app/access.ts';
import { toldRuns } from '../../src/app/grants-given.ts';
import { plan } from '../../src/app/plan.ts';
import { type AccessSources, accessAt } from '../../src/audit/access/access-at.ts';
import { folderStore } from '../../src/journal/journal-store.ts';
import { readObservations } from '../../src/journal/observations.ts';
import { trusting } from '../../src/journal/trust.ts';
import type { AccessPart, AccessReport } from '../../src/model/generated/access-report.ts';
import type { Warning } from '../../src/model/messages/warning-rows.ts';
import { Secret } from '../../src/model/secret.ts';
import { kinds } from '../../src/resources/index.ts';
import { seededRandomness } from '../../src/sandbox/index.ts';
import { journalKeyOf } from '../../src/secrets/journal-key.ts';
import { noon, openStage, type Stage } from '../apply/support/stage.ts';
import { commitAll } from '../support/git-repository.ts';
import { bySuite, isLong } from '../support/suite.ts';
import { type AccessHistory, heldAt, liveThrough } from './support/access-history.ts';

const hourMs = 3_600_000;
const iso = (ms: number): string => new Date(ms).toISOString();

async function stateFolder({ dir }: Stage): Promise<string> {
  const home = join(dir, 'state', 'muster');
  return join(home, (await readdir(home))[0] ?? '');
}

/** Read once, for as many moments as wanted. */
async function sourcesOf({ stage }: AccessHistory): Promise<AccessSources> {
  const { server, tool } = await access({}, stage.ports);
  const key = journalKeyOf(new Secret(stage.sandbox.adminToken), server.key);
  const trust = { key, isOwn: false, warn: ({ text }: Warning) => expect.fail(text) };
  const store = trusting(folderStore(await stateFolder(stage)), trust, () => Promise.resolve(true));
  const [observations, runs] = [await readObservations(store), await toldRuns(store)];
  return { observations, runs, kinds, declared: new Map(), files: [], tool, server };
}

const partOf = (report: AccessReport, username: string, kind: string): AccessPart | undefined =>
  report.accounts.find((one) => one.username === username)?.parts.find((part) => part.kind === kind);

/** What is wrong in a report, against the server's own record. */
function faultsOf(report: AccessReport, truth: ReturnType<typeof heldAt>): readonly string[] {
  const faults: string[] = [];
  const listed = new Set(report.accounts.map(({ id }) => id));
  if (report.population === 'complete')
    for (const { id, username } of truth.people) if (!listed.has(id)) faults.push(`${username} is missing`);
  for (const { id, username, parts } of report.accounts) {
    const person = truth.people.find((one) => one.id === id);
    if (person === undefined) {
      faults.push(`${username} was not there`);
      continue;
    }
    const held = new Map([
      ['account', person.delete_at === 0],
      ...person.roles
        .split(' ')
        .filter((role) => role !== 'system_user')
        .map((role): [string, boolean] => [`role:${role}`, true]),
    ]);
    for (const { kind, state, grants } of parts) {
      if (kind === 'user' && state === 'known') {
        const said = new Map(grants.map((one) => [one.key, one.state === 'held']));
        for (const key of new Set([...held.keys(), ...said.keys()]))
          if (held.get(key) !== said.get(key)) faults.push(`${username}: ${key} is ${String(said.get(key))}`);
      }
      if (kind === 'membership' && state !== 'unknown') faults.push(`${username}: nothing proves memberships`);
      if (kind === 'token' && state === 'known') faults.push(`${username}: nothing proves all tokens`);
      if (kind === 'token')
        for (const { key } of grants)
          if (!truth.tokens.some((token) => `token:${token.id}` === key))
            faults.push(`${username}: ${key} was not there`);
    }
  }
  return faults;
}

describe('access at a moment', () => {
  const { people, steps, moments } = bySuite({
    short: { people: 3, steps: 16, moments: 200 },
    long: { people: 6, steps: 60, moments: 10_000 },
  });

  test.runIf(isLong)(
    'is what the server held then, or unknown, also where a person changed it by hand in between',
    async () => {
      const history = await liveThrough(7, people, steps);
      const sources = await sourcesOf(history);
      const random = seededRandomness(11);
      const tally = { known: 0, all: 0, tokens: 0 };

      for (let i = 0; i < moments; i++) {
        const atMs = Math.floor(history.beganMs + random() * (history.endedMs - history.beganMs));
        const report = accessAt({ atMs }, sources);
        expect({ at: iso(atMs), faults: faultsOf(report, heldAt(history, atMs)) }).toEqual({
          at: iso(atMs),
          faults: [],
        });
        const parts = report.accounts.flatMap((account) => account.parts);
        tally.all += parts.filter(({ kind }) => kind === 'user').length;
        tally.known += parts.filter(({ state }) => state === 'known').length;
        tally.tokens += parts.reduce((sum, { kind, grants }) => sum + (kind === 'token' ? grants.length : 0), 0);
      }

      // What is never known would never be wrong.
      expect(tally.known / tally.all).toBeGreaterThan(0.5);
      expect(tally.tokens).toBeGreaterThan(moments / 10);
    },
  );

  test('is unknown between two readings that show the same, where a person may have changed it and changed it back', async () => {
    const stage = await openStage({ users: [{ username: 'ada', roles: ['system_user', 'system_user_manager'] }] });
    await stage.declare([{ username: 'ada' }]);
    await access({ record: true }, stage.ports);
    stage.clock.advance(hourMs);
    stage.sandbox.control.updateUser('ada', { roles: 'system_user', update_at: stage.clock.now() });
    stage.clock.advance(hourMs);
    stage.sandbox.control.updateUser('ada', { roles: 'system_user system_user_manager', update_at: stage.clock.now() });
    stage.clock.advance(hourMs);
    await access({ record: true }, stage.ports);
    stage.clock.advance(hourMs);

    const between = await access({ moment: iso(noon + 1.5 * hourMs) }, stage.ports);
    const afterwards = await access({ moment: iso(noon + 2.5 * hourMs) }, stage.ports);

    const seen = { text: 'seen: active account, role system_user_manager' };
    expect(partOf(between, 'ada', 'user')).toMatchObject({ state: 'unknown', grants: [], before: seen, after: seen });
    expect(partOf(afterwards, 'ada', 'user')).toMatchObject({
      state: 'known',
      from: iso(noon + 2 * hourMs),
      grants: [{ key: 'account', state: 'held' }, { key: 'role:system_user_manager' }],
    });
  });

  test('a date means its last moment where the people are, and a day that is not over is refused', async () => {
    const stage = await openStage({ users: [{ username: 'ada' }], muster: { policy: { time_zone: 'Europe/Berlin' } } });
    await stage.declare([{ username: 'ada' }]);

    expect((await access({ moment: '2026-06-14' }, stage.ports)).at).toBe('2026-06-14T21:59:59.999Z');
    await expect(access({ moment: '2026-06-15' }, stage.ports)).rejects.toMatchObject({
      problems: [{ code: 'access-moment', message: '2026-06-15 is not over yet' }],
    });
    await expect(access({ moment: '2026-02-30' }, stage.ports)).rejects.toMatchObject({
      problems: [{ code: 'access-moment' }],
    });
  });

  test('tells what the files said then, by the commit, and takes it for no proof', async () => {
    const stage = await openStage({ users: [{ username: 'ada' }] });
    await stage.declare([{ username: 'ada', roles: ['system_user', 'system_admin'] }]);
    await mkdir(join(stage.dir, 'state'));
    await writeFile(join(stage.dir, 'state', '.gitignore'), '*\n');
    const commit = commitAll(stage.dir, 'Ada administers');
    stage.clock.advance(Date.now() + hourMs - stage.clock.now());
    await access({ record: true }, stage.ports);
    stage.clock.advance(hourMs);

    const report = await access({ moment: iso(stage.clock.now()), user: 'Ada' }, stage.ports);

    expect(report.files).toMatchObject([{ file: 'users.yaml', state: 'committed', commit, signature: 'unsigned' }]);
    expect(report.accounts).toMatchObject([
      {
        username: 'ada',
        declared: { commit, roles: ['system_user', 'system_admin'] },
        parts: [{ state: 'unknown' }, {}, {}],
      },
    ]);
  });

  test('tells what bundles gave then, and neither roles nor teams where a bundle of then is not known', async () => {
    const stage = await openStage({
      users: [{ username: 'ada' }, { username: 'bob' }],
      muster: { version: 1, policy: { min_admins: 1 }, bundle_files: ['bundles/*.yaml'] },
    });
    const bundle = (role: string): string =>
      `version: 1\nbundles:\n  engineer: { roles: [${role}], teams: [{ team: core, channels: [dev] }] }\n`;
    await mkdir(join(stage.dir, 'state'));
    await mkdir(join(stage.dir, 'bundles'));
    await writeFile(join(stage.dir, 'state', '.gitignore'), '*\n');
    await writeFile(join(stage.dir, 'bundles', 'all.yaml'), bundle('system_post_all'));
    await stage.declare([
      { username: 'ada', bundles: ['engineer'], teams: ['sales', { team: 'old', member: false }] },
      { username: 'bob', roles: ['system_user'], teams: ['sales'], bundles: ['later'] },
    ]);
    commitAll(stage.dir, 'Engineers');
    const now = Date.now();
    await writeFile(
      join(stage.dir, 'bundles', 'all.yaml'),
      `${bundle('system_post_all_public')}  later: { roles: [system_post_all] }\n`,
    );
    commitAll(stage.dir, 'Less', { GIT_COMMITTER_DATE: iso(now + 10 * hourMs) });
    stage.clock.advance(now + hourMs - stage.clock.now());
    await access({ record: true }, stage.ports);
    stage.clock.advance(hourMs);

    const { files, accounts } = await access({ moment: iso(stage.clock.now()) }, stage.ports);

    expect(files.map(({ file, state }) => `${file} ${state}`)).toEqual([
      'bundles/all.yaml committed',
      'users.yaml committed',
    ]);
    const declared = new Map(accounts.map((one) => [one.username, one.declared]));
    expect(declared.get('ada')?.roles?.toSorted()).toEqual(['system_post_all', 'system_user']);
    expect(declared.get('ada')?.teams?.toSorted()).toEqual(['core', 'core/dev', 'sales']);
    expect(declared.get('bob')).not.toHaveProperty('roles');
    expect(declared.get('bob')).not.toHaveProperty('teams');
  });

  test('takes no word of the files for what they said then where the dates of their commits are out of order', async () => {
    const stage = await openStage({ users: [{ username: 'ada' }] });
    await mkdir(join(stage.dir, 'state'));
    await writeFile(join(stage.dir, 'state', '.gitignore'), '*\n');
    await stage.declare([{ username: 'ada' }]);
    commitAll(stage.dir, 'Ada');
    await stage.declare([{ username: 'ada', roles: ['system_user', 'system_admin'] }]);
    commitAll(stage.dir, 'Always so', { GIT_COMMITTER_DATE: '2020-01-01T00:00:00Z' });
    stage.clock.advance(Date.now() + hourMs - stage.clock.now());
    await access({ record: true }, stage.ports);
    stage.clock.advance(hourMs);

    const { files, accounts } = await access({ moment: iso(stage.clock.now()) }, stage.ports);

    expect(files).toMatchObject([
      { state: 'not verifiable', why: 'the dates of its commits do not follow their order' },
    ]);
    expect(accounts.every(({ declared }) => declared === undefined)).toBe(true);
  });

  test('tells of teams and channels who is in them now, as the server has it', async () => {
    const stage = await openStage({
      licence: 'professional',
      config: { 'GuestAccountsSettings.Enable': true, 'TeamSettings.MaxUsersPerTeam': 100 },
      teams: [
        { name: 'core', channels: ['dev', { name: 'ops', type: 'P' }] },
        { name: 'old', archived: true },
      ],
      users: [
        {
          username: 'ada',
          teams: [{ team: 'core', role: 'admin', channels: ['dev', { channel: 'ops', role: 'admin' }] }],
        },
        { username: 'bob', teams: ['old'] },
        { username: 'cy', active: false, teams: [{ team: 'core', channels: ['dev', 'ops'] }] },
        { username: 'dee', roles: 'system_guest', teams: [{ team: 'core', channels: ['dev'] }] },
      ],
    });
    await stage.declare([{ username: 'ada' }]);

    const report = await access({}, stage.ports);

    const told = (username: string): readonly string[] =>
      partOf(report, username, 'membership')?.grants.map(({ text, state }) => `${text}: ${state}`) ?? ['nothing told'];
    expect(report.accounts.map(({ parts }) => parts.find(({ kind }) => kind === 'membership')?.state)).toEqual(
      report.accounts.map(() => 'known'),
    );
    expect(told('ada')).toEqual([
      'team core: held',
      'administers team core: held',
      'private channel core/ops: held',
      'administers private channel core/ops: held',
    ]);
    expect(told('bob')).toEqual([]);
    expect(told('cy')).toEqual(['team core: off', 'private channel core/ops: held']);
    expect(told('dee')).toEqual(expect.arrayContaining(['team core: held', 'channel core/dev: held']));
  });

  test('tells of teams and channels at another moment what was seen and done on either side, and takes it for no proof', async () => {
    const stage = await openStage({
      config: { 'TeamSettings.MaxUsersPerTeam': 100 },
      teams: ['core', 'sales'],
      users: [
        { username: 'ada', teams: [{ team: 'core', role: 'admin' }, 'sales'] },
        { username: 'bob', teams: ['core'] },
        { username: 'keeper', teams: [{ team: 'core', role: 'admin' }] },
      ],
    });
    await stage.declare([
      { username: 'ada', teams: [{ team: 'core', member: false }] },
      { username: 'bob', teams: [{ team: 'core', member: false }, 'sales'] },
    ]);
    await access({ record: true }, stage.ports);
    stage.clock.advance(2 * hourMs);
    await stage.apply();
    stage.clock.advance(2 * hourMs);
    await plan({ record: true }, stage.ports);
    stage.clock.advance(2 * hourMs);

    const before = await access({ moment: iso(noon + hourMs) }, stage.ports);
    const after = await access({ moment: iso(noon + 5 * hourMs) }, stage.ports);

    const run = '000001';
    expect(partOf(before, 'ada', 'membership')).toMatchObject({
      state: 'unknown',
      grants: [],
      before: { text: 'seen: team core, administers team core, team sales' },
      after: { text: 'took team:core, team-admin:core', run: expect.stringContaining(run) },
    });
    // Of administration that no one had nothing is said, and of a plan, which asks for a part, nothing that was not there.
    expect(partOf(after, 'ada', 'membership')).toMatchObject({
      state: 'unknown',
      before: { text: 'took team:core, team-admin:core' },
    });
    expect(partOf(before, 'bob', 'membership')).toMatchObject({
      after: { text: expect.stringMatching(/^(took team:core|gave team:sales)$/) },
    });
    expect(partOf(after, 'bob', 'membership')).toMatchObject({ before: { text: 'seen: team sales' } });
  });

  test('tells on a server without teams that no one is in one', async () => {
    const stage = await openStage({ users: [{ username: 'ada' }] });
    await stage.declare([{ username: 'ada' }]);

    expect(partOf(await access({}, stage.ports), 'ada', 'membership')).toMatchObject({ state: 'known', grants: [] });
  });

  test('after a new token of muster one line tells that what is kept has another signature', async () => {
    const stage = await openStage({ users: [{ username: 'ada' }] });
    for (const nickname of ['a', 'b', 'c']) {
      await stage.declare([{ username: 'ada', nickname }]);
      await stage.apply();
      await plan({ record: true }, stage.ports);
      stage.clock.advance(hourMs);
    }
    const { secret } = stage.sandbox.control.createToken('sandbox-admin', 'the next one');
    stage.events.length = 0;
    const told = (): readonly string[] =>
      stage.events.flatMap((event) => (event.type === 'warning' ? [`${event.code}: ${event.text}`] : []));
    const moment = iso(noon + hourMs / 2);
    const env = { ...stage.ports.env, MUSTER_TOKEN: secret };

    await access({ moment }, { ...stage.ports, env });

    expect(told()).toEqual([
      'signature-differs: the state directory has files signed with another token; it is your own, so they are believed',
    ]);
    stage.events.length = 0;

    await access({ moment }, { ...stage.ports, env: { ...env, CI: 'true' } });

    expect(told()).toEqual([
      'not-believed: what is signed with another token than this one: it does not count',
      'not-believed: what is signed with another token than this one: what was done is not told',
    ]);
  });

  test('a reading that someone changed does not count, and that is told', async () => {
    const stage = await openStage({ users: [{ username: 'ada' }] });
    const inCi = { ...stage.ports, env: { ...stage.ports.env, CI: 'true' } };
    await stage.declare([{ username: 'ada' }]);
    stage.clock.advance(hourMs);
    await plan({ record: true }, inCi);
    stage.clock.advance(hourMs);
    const moment = iso(noon + hourMs / 2);
    expect((await access({ moment }, inCi)).rests_on.observations).toBe(1);

    const folder = await stateFolder(stage);
    const [name = ''] = (await readdir(folder)).filter((file) => file.startsWith('seen-'));
    await writeFile(join(folder, name.replace('seen-2026', 'seen-2025')), await readFile(join(folder, name)));

    expect((await access({ moment }, inCi)).rests_on.observations).toBe(1);
    expect(stage.events).toContainEqual(
      expect.objectContaining({ code: 'not-believed', text: expect.stringContaining('it does not count') }),
    );
  });
});
