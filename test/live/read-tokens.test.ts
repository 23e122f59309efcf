import { expect, test } from 'vitest';
import { readTokens } from '../../src/live/read-tokens.ts';
import type { LiveState } from '../../src/model/live-state.ts';
import { account, liveState, liveToken } from '../support/build-states.ts';
import { fakeReader, ignoreEvents } from '../support/fake-live-reader.ts';

const people = Array.from({ length: 30 }, (_, i) => account(`u${i}`));
const ids = people.map(({ id }) => id);
const live: LiveState = liveState({ accounts: people });

test('asks for the tokens of each one who needs it, and keeps them in one order', async () => {
  const tokens = [liveToken('u1', { id: 'b' }), liveToken('u1', { id: 'a' }), liveToken('u2', { id: 'c' })];
  const reader = fakeReader({ accounts: people, tokens });

  const found = await readTokens(reader, live, { needed: ['id-u1', 'id-u3'], leftovers: [] }, ignoreEvents);

  expect(reader.calls).toEqual(['tokens id-u1', 'tokens id-u3']);
  expect([...found.tokens].map(([id, own]) => [id, own.map((one) => one.id)])).toEqual([
    ['id-u1', ['a', 'b']],
    ['id-u3', []],
  ]);
  expect(found.coverage).toMatchObject({ tokens: new Set(['id-u1', 'id-u3']), requests: 2 });
});

test('asks few people who are away one by one', async () => {
  const reader = fakeReader({ accounts: people });

  await readTokens(reader, live, { needed: [], leftovers: ids.slice(0, 20) }, ignoreEvents);

  expect(reader.calls).toEqual(ids.slice(0, 20).map((id) => `tokens ${id}`));
});

test('finds owners in the pages where many are away, and then asks each of them', async () => {
  const reader = fakeReader({ accounts: people, tokens: [liveToken('u7'), liveToken('u9'), liveToken('stranger')] });

  const found = await readTokens(reader, live, { needed: ['id-u0'], leftovers: ids.slice(1, 22) }, ignoreEvents);

  expect(reader.calls).toEqual(['token-pages', 'tokens id-u0', 'tokens id-u7', 'tokens id-u9']);
  expect([...found.tokens.keys()]).toEqual(['id-u0', 'id-u7', 'id-u9']);
});

test('never says of somebody who was not searched that there are no tokens', async () => {
  const reader = fakeReader({ accounts: people });

  const found = await readTokens(reader, live, { needed: [], leftovers: ids.slice(0, 25) }, ignoreEvents);

  expect(found.tokens.size).toBe(0);
  expect(found.coverage.tokens.size).toBe(0);
});
