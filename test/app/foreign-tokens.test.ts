/** Tokens that muster did not make are reported of everybody for the price of a listing. */
import { describe, expect, test } from 'vitest';
import { apiPath, crowd, mark, openStage, type Stage } from '../apply/support/stage.ts';

const byHand = { description: 'by hand' };
const tokenRequests = ({ sandbox }: Stage): readonly string[] =>
  sandbox.requests.map((request) => `${request.method} ${apiPath(request)}`).filter((line) => line.includes('token'));

async function notices(stage: Stage): Promise<readonly string[]> {
  const plan = await stage.plan();
  return plan.notices
    .filter(({ code }) => code.startsWith('foreign-tokens'))
    .map((one) => `${one.person}: ${one.text}`);
}

describe('policy.foreign_tokens: report', () => {
  test('names declared people who declare no tokens, and administrators whether declared or not', async () => {
    const stage = await openStage({
      users: [
        { username: 'ada', tokens: [byHand, { ...byHand, active: false }] },
        { username: 'bob', tokens: [{ description: mark('ci') }] },
        { username: 'boss', roles: 'system_user system_admin', tokens: [byHand] },
        { username: 'chief', roles: 'system_user system_admin', tokens: [byHand, byHand] },
        { username: 'dora', active: false, tokens: [byHand] },
        { username: 'stranger', tokens: [byHand] },
      ],
    });
    await stage.declare([
      { username: 'ada' },
      { username: 'bob', tokens: [] },
      { username: 'chief' },
      { username: 'dora' },
    ]);

    expect(await notices(stage)).toEqual([
      'ada: has 2 tokens that muster did not make',
      'boss: an administrator with 1 token that muster did not make',
      'chief: an administrator with 2 tokens that muster did not make',
      'dora: has 1 token that muster did not make',
    ]);
  });

  test('costs one request for 300 people with 150 tokens, beside the searches that decide', async () => {
    const people = crowd(300);
    const stage = await openStage({
      users: people.map((username, i) => ({ username, tokens: i % 2 === 0 ? [byHand] : [] })),
    });
    await stage.declare(people.map((username, i) => ({ username, ...(i < 3 && { tokens: [] }) })));

    const told = await notices(stage);

    expect(told).toHaveLength(150);
    expect(tokenRequests(stage).toSorted()).toEqual([
      'GET /users/tokens',
      ...Array.from({ length: 3 }, () => 'POST /users/tokens/search'),
    ]);
  });

  test('is a notice, and no error, where the caller may not list tokens', async () => {
    const stage = await openStage({ users: [{ username: 'ada', tokens: [byHand] }] });
    await stage.declare([{ username: 'ada', nickname: 'A' }]);
    stage.sandbox.faults.add({
      kind: 'error',
      status: 403,
      body: 'json',
      match: { method: 'GET', path: '/users/tokens' },
    });

    const { notices: told, actions } = await stage.plan();

    expect(told.map(({ code }) => code)).toContain('foreign-tokens-not-listed');
    expect(actions).toHaveLength(1);
  });

  test('takes the one token of the caller for the one that muster uses', async () => {
    const stage = await openStage();
    await stage.declare([{ username: 'sandbox-admin' }]);
    const { id } = stage.user('sandbox-admin');
    const withTokens = async (): Promise<readonly string[]> => {
      await fetch(`${stage.sandbox.url}/api/v4/users/${id}/tokens`, {
        method: 'POST',
        headers: { authorization: `Bearer ${stage.sandbox.adminToken}` },
        body: JSON.stringify(byHand),
      });
      return await notices(stage);
    };

    const counts = [await withTokens(), await withTokens(), await withTokens()];

    expect(counts.at(-1)?.[0]).toMatch(/tokens that muster did not make, one of which muster may be using$/);
  });

  test('asks nothing where foreign tokens are ignored', async () => {
    const stage = await openStage({
      users: [{ username: 'ada', tokens: [byHand] }],
      muster: { policy: { foreign_tokens: 'ignore' } },
    });
    await stage.declare([{ username: 'ada' }]);

    expect(await notices(stage)).toEqual([]);
    expect(tokenRequests(stage)).toEqual([]);
  });
});
