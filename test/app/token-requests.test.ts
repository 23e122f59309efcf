/** Tokens of many people cost pages where only their presence matters, and a search where an absence decides. */
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { applyPlan } from '../../src/app/apply-plan-file.ts';
import { audit } from '../../src/app/audit.ts';
import { importUsers } from '../../src/app/import-users.ts';
import type { UsersFile } from '../../src/model/generated/users-file.ts';
import { apiPath, crowd, mark, openStage, type Stage } from '../apply/support/stage.ts';
import { openFront } from '../support/front.ts';
import { bySuite, isLong } from '../support/suite.ts';

const byHand = { description: 'by hand' };

/** How often each call about tokens was made meanwhile. */
async function tokenCalls(stage: Stage, work: () => Promise<unknown>): Promise<Readonly<Record<string, number>>> {
  const from = stage.sandbox.requests.length;
  await work();
  const calls = stage.sandbox.requests.slice(from).map((request) => `${request.method} ${apiPath(request)}`);
  const about = calls.filter((call) => call.includes('token'));
  return Object.fromEntries([...new Set(about)].map((call) => [call, about.filter((one) => one === call).length]));
}

const owners = bySuite({ short: 210, long: 500 });
/** Of 200 each. */
const pages = Math.ceil((owners + 5) / 200);

describe(`the tokens of ${owners} owners`, () => {
  const people = crowd(owners);
  const withMark = new Set(people.slice(0, 4));
  const users = people.map((username) => ({
    username,
    tokens: withMark.has(username) ? [{ description: mark('ci') }, byHand] : [byHand],
  }));

  test('cost an import the pages, read twice, and a search for each owner whose tokens the entry lists', async () => {
    const stage = await openStage({ users });
    let text = '';

    const calls = await tokenCalls(stage, async () => {
      ({ text } = await importUsers({}, stage.ports));
    });

    expect(calls).toEqual({ 'GET /users/tokens': 2 * pages, 'POST /users/tokens/search': 4 });
    const entries = (parse(text) as UsersFile).users;
    expect(entries.filter(({ tokens }) => tokens !== undefined).map(({ username }) => username)).toEqual([...withMark]);
  });

  test('cost an audit the pages, read twice, of which the report says what they are', async () => {
    const stage = await openStage({ users });
    await stage.declare(people.map((username) => ({ username })));

    const calls = await tokenCalls(stage, async () => {
      const { completeness, summary, rules } = await audit({}, stage.ports);

      expect(summary.tokens).toBe(owners + 5);
      expect(rules.find(({ rule }) => rule === 'foreign-token')?.found).toBe(owners + 1);
      expect(completeness.reads.find(({ what }) => what === 'tokens')).toMatchObject({
        by: expect.stringMatching(/^GET \/users\/tokens, all pages, until two readings in a row show the same/),
        found: owners + 5,
      });
    });

    expect(calls).toEqual({ 'GET /users/tokens': 2 * pages });
  });

  test('cost a plan that revokes foreign ones the pages, and a search where the entry declares tokens', async () => {
    const stage = await openStage({ users, muster: { policy: { foreign_tokens: 'revoke' } } });
    await stage.declare(people.map((username, i) => ({ username, ...(i < 2 && { tokens: [{ name: 'ci' }] }) })));
    let revoked = 0;

    const calls = await tokenCalls(stage, async () => {
      revoked = (await stage.plan()).actions.filter(({ call }) => call.operation === 'revoke-token').length;
    });

    expect(calls).toEqual({ 'GET /users/tokens': pages, 'POST /users/tokens/search': 2 });
    expect(revoked).toBe(owners);
  });
});

test('what 30 people who left still have costs a page, and is disabled by id', async () => {
  const people = crowd(30);
  const stage = await openStage({
    users: people.map((username) => ({ username, active: false, tokens: [byHand, { ...byHand, active: false }] })),
    muster: { policy: { foreign_tokens: 'ignore' } },
  });
  await stage.declare(people.map((username) => ({ username, active: false })));

  const calls = await tokenCalls(stage, () => stage.plan());
  const { code } = await stage.apply();

  expect(calls).toEqual({ 'GET /users/tokens': 1 });
  expect(code).toBe(0);
  expect(people.flatMap((name) => stage.sandbox.control.tokens(name)).filter((token) => token.is_active)).toEqual([]);
  expect((await stage.plan()).actions).toEqual([]);
});

test('a plan file whose tokens are gone by then is done, and asks each person for the proof', async () => {
  const people = crowd(30);
  const stage = await openStage({
    users: people.map((username) => ({ username, active: false, tokens: [byHand] })),
    muster: { policy: { foreign_tokens: 'ignore', leavers: { tokens: 'revoke' } } },
  });
  await stage.declare(people.map((username) => ({ username, active: false })));
  const shown = await stage.plan();
  const { control } = stage.sandbox;
  for (const name of people) for (const { id } of control.tokens(name)) control.removeToken(id);

  const { result } = await applyPlan(shown, { confirm: () => Promise.resolve(true) }, stage.ports);

  expect(result?.results.map(({ outcome }) => outcome.status)).toEqual(people.map(() => 'done'));
});

test.runIf(isLong)(
  'an audit asks each account where a token was made anew between the pages of every reading',
  async () => {
    const people = crowd(210);
    const churn: { onPage: () => void } = { onPage: () => undefined };
    const stage = await openStage({
      users: people.map((username) => ({ username, tokens: [byHand] })),
      front: (target) =>
        openFront(target, ({ method, path }) => {
          if (method === 'GET' && path === '/users/tokens') churn.onPage();
          return undefined;
        }),
    });
    await stage.declare(people.map((username) => ({ username })));
    const { control } = stage.sandbox;
    churn.onPage = () => {
      for (const { id } of control.tokens('p007')) control.removeToken(id);
      control.createToken('p007', 'made anew');
    };

    const calls = await tokenCalls(stage, async () => {
      const { completeness } = await audit({}, stage.ports);

      expect(completeness.reads.find(({ what }) => what === 'tokens')).toMatchObject({
        by: 'POST /users/tokens/search for each account',
        found: 211,
      });
    });

    expect(calls).toEqual({ 'GET /users/tokens': 6, 'POST /users/tokens/search': 211 });
  },
);
