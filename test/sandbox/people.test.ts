import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { UserRow } from '../../src/sandbox/index.ts';
import { People } from '../../src/sandbox/people.ts';
import { cpuTimeOf } from '../support/cpu-time.ts';
import { bySuite, isLong } from '../support/suite.ts';
import { admin, plainUser, type Seen, sandboxFor } from './support.ts';

const names = ({ rows }: Seen): readonly unknown[] => rows.map((row) => row['username']);

const row = (id: string, username: string): UserRow => ({ ...plainUser, id, username, email: `${id}@example.com` });

describe('the table of accounts', () => {
  type Step = { readonly kind: 'put' | 'remove'; readonly id: number; readonly name: number };
  const steps = fc.array(
    fc.record<Step>({ kind: fc.constantFrom('put', 'remove'), id: fc.nat(8), name: fc.nat(1000) }),
    { maxLength: 60 },
  );

  test('stays in order and indexed through any writes, and remembers how it was', () => {
    fc.assert(
      fc.property(steps, fc.nat(10), (taken, back) => {
        const people = new People();
        const states: string[][] = [[]];
        // A list that was asked for before is kept in order from then on.
        people.slice(0, 1);
        for (const { kind, id, name } of taken) {
          const username = `n${name}.${id}`;
          if (kind === 'put') people.put(row(`i${id}`, username));
          else if (people.byId(`i${id}`) === undefined) continue;
          else people.remove(`i${id}`);
          states.push([...people.all()].map((user) => user.username).toSorted());
        }

        const now = states.at(-1) ?? [];
        expect([...people.sorted()].map((user) => user.username)).toEqual(now);
        expect(people.slice(0, 100).map((user) => user.username)).toEqual(now);
        for (const user of people.all()) expect(people.byUsername(user.username)).toBe(user);
        const writes = Math.min(back, states.length - 1);
        expect([...people.asOf(writes).sorted()].map((user) => user.username)).toEqual(
          writes === 0 ? now : states.at(-1 - writes),
        );
      }),
    );
  });

  test('frees what a row gives up', () => {
    const people = new People();
    people.put({ ...row('1', 'ada'), auth_data: 'x' });

    people.put({ ...row('1', 'countess'), email: 'new@example.com' });

    expect([people.byUsername('ada'), people.byEmail('1@example.com'), people.byAuthData('x')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(people.byUsername('countess')?.email).toBe('new@example.com');
  });
});

describe('paging', () => {
  const users = Array.from({ length: 250 }, (_, index) => ({ username: `n${String(index).padStart(3, '0')}` }));

  test.each([
    ['', 60, 'n000'],
    ['?per_page=1', 1, 'n000'],
    ['?per_page=200', 200, 'n000'],
    ['?per_page=1000', 200, 'n000'],
    ['?per_page=0', 0, undefined],
    ['?per_page=-1', 60, 'n000'],
    ['?per_page=x', 60, 'n000'],
    ['?page=1&per_page=100', 100, 'n100'],
    ['?page=2&per_page=100', 51, 'n200'],
    ['?page=3&per_page=100', 0, undefined],
    ['?page=-1&per_page=2', 2, 'n000'],
    ['?page=x&per_page=2', 2, 'n000'],
    ['?page=99999999999999999999&per_page=2', 2, 'n000'],
  ])('GET /users%s has %i rows', async (query, length, first) => {
    const sandbox = await sandboxFor({ seed: { admin: { username: 'z' }, users } });

    const seen = await admin(sandbox)('GET', `/users${query}`);

    expect(seen.status).toBe(200);
    expect(seen.rows).toHaveLength(length);
    expect(seen.rows[0]?.['username']).toBe(first);
  });
});

describe('lists', () => {
  const users = [
    { username: 'b.c' },
    { username: 'b-c' },
    { username: 'b_c' },
    { username: 'bc', active: false },
    { username: 'b1', roles: 'system_user system_post_all' },
    { username: 'helper', is_bot: true },
    { username: 'far', remote_id: 'x' },
    { username: 'guest', roles: 'system_guest' },
  ];

  test.each([
    ['', ['b-c', 'b.c', 'b1', 'b_c', 'bc', 'far', 'guest', 'helper', 'root']],
    ['?active=true', ['b-c', 'b.c', 'b1', 'b_c', 'far', 'guest', 'helper', 'root']],
    ['?inactive=true', ['bc']],
    ['?active=1', ['b-c', 'b.c', 'b1', 'b_c', 'far', 'guest', 'helper', 'root']],
    ['?active=yes&per_page=2', ['b-c', 'b.c']],
    ['?role=system_admin', ['root']],
    ['?role=system_post_all', ['b1']],
    ['?roles=system_admin,system_guest', ['guest', 'root']],
    ['?in_team=ybndrfg8ejkmcpqxot1uwisza3', []],
    ['?without_team=true&per_page=1', ['b-c']],
  ])('GET /users%s, in the order of bytes', async (query, expected) => {
    const sandbox = await sandboxFor({ seed: { admin: { username: 'root' }, users } });

    expect(names(await admin(sandbox)('GET', `/users${query}`))).toEqual(expected);
  });

  test.each([
    [{ 'Accept-Encoding': 'identity' }, 200],
    [{ 'Accept-Encoding': 'gzip' }, 400],
  ])('active and inactive together give list and error in one body', async (headers, status) => {
    const sandbox = await sandboxFor({ seed: { users } });

    const seen = await admin(sandbox)('GET', '/users?active=true&inactive=true', undefined, headers);

    expect(seen.status).toBe(status);
    expect(seen.text).toMatch(/^\[\{.*"username":"bc".*\}\]\{"id":"api\.context\.invalid_url_param\.app_error"/);
  });

  test.each([
    ['/users/stats', 7],
    ['/users/stats/filtered', 6],
    ['/users/stats/filtered?include_deleted=true', 7],
    ['/users/stats/filtered?include_deleted=t&include_bots=1&include_remote_users=TRUE', 9],
    ['/users/stats/filtered?include_deleted=yes', 6],
    ['/users/stats/filtered?roles=system_admin,system_guest', 2],
    ['/users/stats/filtered?roles=system_user', 3],
  ])('%s counts %i', async (path, count) => {
    const sandbox = await sandboxFor({ seed: { admin: { username: 'root' }, users } });

    expect((await admin(sandbox)('GET', path)).json).toEqual({ total_users_count: count });
  });

  test('many by id: unknown ones left out, twice the same once, newer than a moment, in no order', async () => {
    const sandbox = await sandboxFor({
      seed: { users: Array.from({ length: 20 }, (_, index) => ({ username: `n${index}`, update_at: 1000 + index })) },
    });
    const ids = sandbox.snapshot().people.map((person) => person.id);
    const ask = admin(sandbox);

    const all = await ask('POST', '/users/ids', [...ids, ...ids, 'bad', 'ybndrfg8ejkmcpqxot1uwisza3']);
    const recent = await ask('POST', '/users/ids?since=1017', ids);

    expect(all.rows.map((user) => String(user['id'])).toSorted()).toEqual(ids.toSorted());
    expect(all.rows.map((user) => user['id'])).not.toEqual(ids);
    expect(names(recent).map(String).toSorted()).toEqual(['n18', 'n19', 'sandbox-admin']);
  });

  test('many by name: exact names alone, in the order of names', async () => {
    const sandbox = await sandboxFor({ seed: { users } });

    expect(names(await admin(sandbox)('POST', '/users/usernames', ['far', 'B1', 'b1', 'b1', 'nobody', 'b-c']))).toEqual(
      ['b-c', 'b1', 'far'],
    );
  });

  test('people with an address outside of the allowed domains', async () => {
    const sandbox = await sandboxFor({
      seed: { admin: { email: 'root@corp.test' }, users },
      config: { 'TeamSettings.RestrictCreationToDomains': 'corp.test' },
    });

    expect(names(await admin(sandbox)('GET', '/users/invalid_emails'))).toEqual(['b-c', 'b.c', 'b1', 'b_c', 'far']);
  });
});

/** A server of many people, and what it costs to write and to list in turns. */
async function costOfUse(count: number): Promise<number> {
  const usernames = Array.from({ length: count }, (_, index) => `person${String(index).padStart(6, '0')}`);
  const sandbox = await sandboxFor({
    licence: 'enterprise',
    seed: { users: usernames.map((username) => ({ username })) },
  });
  const ask = admin(sandbox);
  const half = Math.floor(count / 2);
  const id = sandbox.control.user(usernames[half] ?? '')?.id;
  const pages = count / 200;

  const byName = await ask('POST', '/users/usernames', usernames.slice(0, 4000));
  const last = await ask('GET', `/users?per_page=200&page=${pages}`);
  expect(byName.rows).toHaveLength(4000);
  expect(names(last)).toEqual(['sandbox-admin']);

  return await cpuTimeOf(async () => {
    for (let index = 0; index < 40; index++) {
      await ask('PUT', `/users/${id}/patch`, { username: `renamed${index}` });
      await ask('GET', `/users?per_page=200&page=${Math.floor(((index % 20) * pages) / 20)}`);
    }
  });
}

test.runIf(isLong)('a server of ten times as many people does not take ten times as long', async () => {
  const few = bySuite({ short: 4000, long: 10_000 });
  const ofFew = await costOfUse(few);
  const ofMany = await costOfUse(few * 10);

  // A list that is sorted anew for every read would take more than ten times as long.
  expect(ofMany / ofFew).toBeLessThan(4);
});
