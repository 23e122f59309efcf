/** What each run used of the budgets, as records in the caller's own preferences. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createClient, type Preference, type WriteClient } from '../../../src/api/index.ts';
import { budgetNames } from '../../../src/model/change-classes.ts';
import { dayMs } from '../../../src/model/duration.ts';
import type { BudgetName } from '../../../src/model/plan.ts';
import { Secret } from '../../../src/model/secret.ts';
import { recordKeyOf, unreadableCount } from '../../../src/model/window-use.ts';
import {
  correctUse,
  giveBackUse,
  raiseUse,
  readUseRecords,
  recordUse,
} from '../../../src/resources/server/window-record.ts';
import { type Sandbox, seededRandomness, startSandbox } from '../../../src/sandbox/index.ts';
import { noon, StageClock } from '../../apply/support/stage.ts';

let sandbox: Sandbox;
let client: WriteClient;
let caller: string;

beforeEach(async () => {
  const clock = new StageClock();
  sandbox = await startSandbox({ clock: () => clock.now(), random: seededRandomness(1) });
  client = createClient({ url: sandbox.url, token: new Secret(sandbox.adminToken), clock });
  caller = (await client.users.me()).id;
});

afterEach(async () => {
  await client.close();
  await sandbox.close();
});

const counts = (named: Partial<Record<BudgetName, number>>): ReadonlyMap<BudgetName, number> =>
  new Map(budgetNames.flatMap((name) => (named[name] === undefined ? [] : [[name, named[name]] as const])));

const use = (
  run: string,
  named: Partial<Record<BudgetName, number>>,
  nowMs: number = noon,
): Parameters<typeof correctUse>[2] => ({
  run,
  counts: counts(named),
  nowMs,
});

const row = (name: string, value: string): Preference => ({ user_id: caller, category: 'muster', name, value });
const put = (name: string, value: unknown): Promise<void> =>
  client.preferences.set(caller, [row(name, typeof value === 'string' ? value : JSON.stringify(value))]);

const notes = (): readonly Preference[] =>
  sandbox.snapshot().preferences.filter(({ user_id, category }) => user_id === caller && category === 'muster');

const at = (ms: number): string => new Date(ms).toISOString();

test('a run is recorded with counts and a moment, and read back', async () => {
  await recordUse(client, caller, use('r', { deactivate: 2, 'admin-touch': 1 }));

  expect(notes()).toEqual([
    row(`use_${recordKeyOf('r')}`, JSON.stringify({ at: at(noon), counts: { 'admin-touch': 1, deactivate: 2 } })),
  ]);
  expect(await readUseRecords(client, caller)).toEqual([
    { key: recordKeyOf('r'), atMs: noon, counts: counts({ deactivate: 2, 'admin-touch': 1 }) },
  ]);
});

test('every budget together is a short text', async () => {
  await recordUse(client, caller, {
    run: 'r',
    counts: new Map(budgetNames.map((name) => [name, 999_999])),
    nowMs: noon,
  });

  expect(notes()[0]?.value.length).toBeLessThan(800);
  expect(await readUseRecords(client, caller)).toEqual([
    { key: recordKeyOf('r'), atMs: noon, counts: new Map(budgetNames.map((name) => [name, 999_999])) },
  ]);
});

test('a run is corrected, raised and given back, down to nothing', async () => {
  await recordUse(client, caller, use('r', { deactivate: 9, email: 1 }));
  await correctUse(client, caller, use('r', { deactivate: 5 }));
  await raiseUse(client, caller, use('r', { deactivate: 3, email: 2 }));
  expect((await readUseRecords(client, caller))[0]?.counts).toEqual(counts({ deactivate: 5, email: 2 }));

  await giveBackUse(client, caller, { run: 'r', counts: counts({ deactivate: 4, email: 2 }) });
  expect((await readUseRecords(client, caller))[0]).toMatchObject({ atMs: noon, counts: counts({ deactivate: 1 }) });

  await giveBackUse(client, caller, { run: 'r', counts: counts({ deactivate: 7 }) });
  await giveBackUse(client, caller, { run: 'r', counts: counts({ deactivate: 7 }) });
  expect(notes()).toEqual([]);
});

test('a run that uses nothing leaves no record', async () => {
  await recordUse(client, caller, use('r', {}));

  expect(notes()).toEqual([]);
});

test('the next run takes away what is too old, and leaves all else in the category alone', async () => {
  const lease = row('lease_1', '{"until":"2020-01-01"}');
  await client.preferences.set(caller, [lease]);
  await recordUse(client, caller, use('old', { email: 1 }, noon - dayMs));
  await recordUse(client, caller, use('young', { email: 1 }, noon - dayMs + 1));
  await recordUse(client, caller, use('new', { email: 1 }));

  expect(
    notes()
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(['lease_1', ...['young', 'new'].map((run) => `use_${recordKeyOf(run)}`)].toSorted());
});

describe('a record', () => {
  const all = new Map(budgetNames.map((name) => [name, unreadableCount]));

  test.each<[what: string, value: unknown]>([
    ['that is no JSON', 'garbage'],
    ['that is empty', ''],
    ['that is nothing', 'null'],
    ['that is a list', '[]'],
    ['that is a number', '7'],
    ['without a moment', { counts: {} }],
    ['whose moment is a number', { at: noon, counts: {} }],
    ['whose moment is none', { at: 'yesterday', counts: {} }],
    ['without counts', { at: at(noon) }],
    ['whose counts are a list', { at: at(noon), counts: [] }],
    ['whose counts are nothing', { at: at(noon), counts: null }],
    ['that is too long', { at: at(noon), counts: {}, more: 'x'.repeat(1000) }],
    ['that is nested deep', '['.repeat(20_000)],
  ])('%s counts as all that there could be, and for a day after the next run', async (_, value) => {
    await put('use_x', value);

    expect(await readUseRecords(client, caller)).toEqual([{ key: 'x', atMs: Number.POSITIVE_INFINITY, counts: all }]);
    await recordUse(client, caller, use('r', {}));
    expect(await readUseRecords(client, caller)).toEqual([{ key: 'x', atMs: noon, counts: all }]);
    await recordUse(client, caller, use('s', {}, noon + dayMs));
    expect(notes()).toEqual([]);
  });

  test.each<[what: string, count: unknown]>([
    ['is negative', -1],
    ['is a fraction', 0.5],
    ['is a word', '1'],
    ['is nothing', null],
    ['is larger than any could be', 1e300],
    ['is a list', [1]],
  ])('of which one count %s counts as much as could be there, and the others as they are', async (_, count) => {
    await put('use_x', { at: at(noon), counts: { deactivate: count, email: 3, __proto__: 1, later: 5 } });

    expect(await readUseRecords(client, caller)).toEqual([
      { key: 'x', atMs: noon, counts: counts({ deactivate: unreadableCount, email: 3 }) },
    ]);
  });

  test('from far in the future counts for two days from the next run on, not for ever', async () => {
    await put('use_x', { at: '2999-01-01T00:00:00Z', counts: { email: 3 } });
    await recordUse(client, caller, use('r', {}));

    expect(await readUseRecords(client, caller)).toEqual([
      { key: 'x', atMs: noon + dayMs, counts: counts({ email: 3 }) },
    ]);
  });

  test.each(['+275760-09-13T00:00:00.000Z', '-271821-04-20T00:00:00.000Z'])('of %s does no harm', async (moment) => {
    await put('use_x', { at: moment, counts: { email: 3 } });

    await expect(readUseRecords(client, caller)).resolves.toHaveLength(1);
    await recordUse(client, caller, use('r', {}));
    await giveBackUse(client, caller, { run: 'r', counts: counts({ email: 1 }) });
  });

  test('after the thousandth counts as one that cannot be read', async () => {
    for (let from = 0; from < 1001; from += 91) {
      const some = Array.from({ length: 91 }, (_, i) =>
        row(`use_${String(from + i).padStart(5, '0')}`, JSON.stringify({ at: at(noon), counts: { email: 1 } })),
      );
      await client.preferences.set(caller, some.slice(0, Math.max(0, 1001 - from)));
    }
    const records = await readUseRecords(client, caller);

    expect(records).toHaveLength(1001);
    expect(records.at(-1)?.counts.get('email')).toBe(unreadableCount);
  });
});

test('what the server does not show is an error, and no record', async () => {
  sandbox.faults.add({ kind: 'error', status: 403, body: 'json', match: { path: '/users/*/preferences*' } });

  await expect(readUseRecords(client, caller)).rejects.toMatchObject({ code: 'API_FORBIDDEN' });
});
