import { describe, expect, test } from 'vitest';
import { ReadNotCompleteError } from '../../src/live/errors.ts';
import { flawOf, listUsers } from '../../src/live/list-users.ts';
import type { RunEvent } from '../../src/model/run-event.ts';
import { account } from '../support/build-states.ts';
import { fakeReader, ignoreEvents } from '../support/fake-live-reader.ts';

const [ada, bob, cy] = [account('ada'), account('bob'), account('cy')];

describe('finds in a reading', () => {
  test.each<readonly [string, Parameters<typeof flawOf>[0], string | undefined]>([
    ['no flaw: as many as counted', { found: 3, repeated: 0, before: 3, after: 3 }, undefined],
    ['no flaw: nobody at all', { found: 0, repeated: 0, before: 0, after: 0 }, undefined],
    ['no flaw: somebody came meanwhile and was seen', { found: 4, repeated: 0, before: 3, after: 4 }, undefined],
    ['no flaw: somebody came meanwhile and was not seen', { found: 3, repeated: 0, before: 3, after: 4 }, undefined],
    [
      'somebody who went meanwhile, and may have pulled a row out unseen',
      { found: 2, repeated: 0, before: 3, after: 2 },
      'the server counted 3 accounts before and 2 after',
    ],
    ['one too few', { found: 2, repeated: 0, before: 3, after: 3 }, '2 accounts were listed where the server counts 3'],
    [
      'one too many',
      { found: 4, repeated: 0, before: 3, after: 3 },
      '4 accounts were listed where the server counts 3',
    ],
    [
      'fewer than ever',
      { found: 2, repeated: 0, before: 3, after: 5 },
      '2 accounts were listed where the server counts 3 to 5',
    ],
    [
      'more than ever',
      { found: 6, repeated: 0, before: 3, after: 5 },
      '6 accounts were listed where the server counts 3 to 5',
    ],
    [
      'one twice, although the number fits',
      { found: 3, repeated: 1, before: 3, after: 3 },
      '1 account was listed twice',
    ],
  ])('%s', (_, reading, flaw) => {
    expect(flawOf(reading)).toBe(flaw);
  });
});

describe('lists everybody', () => {
  test('at the first reading, where it proves complete', async () => {
    const reader = fakeReader({ accounts: [ada, bob, cy], listings: [[[ada, bob], [cy]]] });

    const users = await listUsers(reader, ignoreEvents);

    expect([...users.keys()]).toEqual(['id-ada', 'id-bob', 'id-cy']);
    expect(reader.calls).toEqual(['count', 'listing', 'count']);
  });

  test('again, where a row was skipped between pages', async () => {
    const reader = fakeReader({ accounts: [ada, bob, cy], listings: [[[ada], [cy]]] });

    const users = await listUsers(reader, ignoreEvents);

    expect(users.size).toBe(3);
    expect(reader.calls).toHaveLength(6);
  });

  test('again, where a row came twice, and takes nothing over from the flawed reading', async () => {
    const reader = fakeReader({ accounts: [ada, bob], listings: [[[ada, cy], [cy]]] });

    const users = await listUsers(reader, ignoreEvents);

    expect([...users.keys()]).toEqual(['id-ada', 'id-bob']);
  });

  test('at the third reading at last', async () => {
    const reader = fakeReader({ accounts: [ada, bob], listings: [[[ada]], [[bob, bob]]] });

    await expect(listUsers(reader, ignoreEvents)).resolves.toHaveProperty('size', 2);
  });

  test('while people come and go', async () => {
    const reader = fakeReader({ accounts: [ada, bob], counts: [2, 3] });

    await expect(listUsers(reader, ignoreEvents)).resolves.toHaveProperty('size', 2);
  });

  test('and tells how far it is', async () => {
    const events: RunEvent[] = [];

    await listUsers(fakeReader({ accounts: [ada, bob, cy], listings: [[[ada, bob], [cy]]] }), (event) =>
      events.push(event),
    );

    expect(events).toEqual([
      { type: 'reading', what: 'accounts', done: 2, total: 3 },
      { type: 'reading', what: 'accounts', done: 3, total: 3 },
    ]);
  });
});

test('gives up after three readings without proof, and says what each was like', async () => {
  const reader = fakeReader({ accounts: [ada, bob, cy], listings: [[[ada]], [[ada, ada]], [[]]] });

  const reading = listUsers(reader, ignoreEvents);

  await expect(reading).rejects.toBeInstanceOf(ReadNotCompleteError);
  await expect(reading).rejects.toMatchObject({
    code: 'READ_NOT_COMPLETE',
    message:
      'the list of users could not be read completely in 3 tries: 1 account was listed where the server counts 3; 1 account was listed twice; 0 accounts were listed where the server counts 3',
  });
  expect(reader.calls.filter((call) => call === 'listing')).toHaveLength(3);
});
