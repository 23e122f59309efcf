/** What journals and the server's records together say of the last 24 hours. */
import { describe, expect, test } from 'vitest';
import { hourMs } from '../../src/model/duration.ts';
import type { Action, Call, Change, Plan } from '../../src/model/plan.ts';
import { recordKeyOf, type UseRecord, type WindowUse } from '../../src/model/window-use.ts';
import type { RunHistory } from '../../src/runs/replay.ts';
import {
  countsInWindow,
  type PastRun,
  plannedUse,
  runsOfWindow,
  standingUse,
  windowUse,
  writtenUse,
} from '../../src/runs/window.ts';
import { actionOf, create, createToken, patch, planOf } from './support/plan-of.ts';
import { answer, creating, intent, type Line, made, outcome, runOf, start } from './support/run-of.ts';

const deactivate: Call = { operation: 'deactivate' };
const activate: Call = { operation: 'activate' };

type Part = Pick<Change, 'class'> & Partial<Change>;

function action(id: string, call: Call, account: string | undefined, ...parts: readonly Part[]): Action {
  const base = actionOf(id, call, account);
  const [like] = base.changes;
  if (like === undefined) throw new Error('an action without a change');
  return { ...base, changes: parts.map((part, i) => ({ ...like, id: `${id}#${i}`, ...part })) };
}

const leave = (name: string): Action =>
  action(`${name}/1`, deactivate, name, { class: 'deactivate', attribute: 'active' });
const enter = (name: string): Action => action(`${name}/1`, activate, name, { class: 'activate', attribute: 'active' });

const written = (id: string): readonly Line[] => [intent(id), answer(id, 'written'), outcome(id, 'done')];

interface RunSpec {
  readonly run: string;
  readonly undoes?: string;
  readonly plan: Plan;
  readonly lines: readonly Line[];
}

function past({ run, undoes, plan, lines }: RunSpec): PastRun {
  const history: RunHistory = runOf(...lines);
  return {
    history: { ...history, started: { ...history.started, run, ...(undoes !== undefined && { undoes }) } },
    plan,
  };
}

const leaving = (run: string, names: readonly string[], done: readonly string[] = names): PastRun =>
  past({ run, plan: planOf(names.map(leave)), lines: done.flatMap((name) => written(`${name}/1`)) });

const entering = (run: string, undoes: string, names: readonly string[]): PastRun =>
  past({ run, undoes, plan: planOf(names.map(enter)), lines: names.flatMap((name) => written(`${name}/1`)) });

const record = (run: string, count: number, atMs: number = start): UseRecord => ({
  key: recordKeyOf(run),
  atMs,
  counts: new Map([['deactivate', count]]),
});

const nowMs = start + hourMs;

function useOf(
  runs: readonly PastRun[],
  records: readonly UseRecord[] | undefined = [],
  at: number = nowMs,
): WindowUse {
  return windowUse({ past: { runs, isComplete: runs.length > 0 }, records, nowMs: at });
}

/** Names, and how many more the server tells of. */
function leaversIn({ used, recorded }: WindowUse): readonly [string, number] {
  const known = [...(used.get('deactivate') ?? [])].toSorted();
  return [known.join(' '), Math.max(0, (recorded.get('deactivate') ?? 0) - known.length)];
}

describe('a run counts with', () => {
  test.each<[what: string, lines: readonly Line[], counts: boolean]>([
    ['what was written', written('a/1'), true],
    ['what was sent, and whose response was lost', [intent('a/1'), answer('a/1', 'unknown')], true],
    ['what was about to be sent when its process ended', [intent('a/1')], true],
    ['nothing that was refused', [intent('a/1'), answer('a/1', 'refused'), outcome('a/1', 'failed')], false],
    ['nothing that was found as declared', [outcome('a/1', 'done')], false],
    ['nothing that was not begun', [], false],
    [
      'what was lost first, and refused later',
      [intent('a/1'), answer('a/1', 'unknown'), intent('a/1', 2), answer('a/1', 'refused', 2)],
      true,
    ],
  ])('%s', (_, lines, counts) => {
    const run = past({ run: 'r', plan: planOf([leave('a')]), lines });

    expect(leaversIn(useOf([run]))).toEqual([counts ? 'a' : '', 0]);
  });

  test('an account that it made, by its id; without an answer by the name', () => {
    const plan = planOf([
      action('a/1', create, undefined, { class: 'create' }),
      action('b/1', create, undefined, { class: 'create' }),
    ]);
    const run = past({ run: 'r', plan, lines: [creating('a/1'), made('a/1', 'id-of-a'), creating('b/1')] });

    expect(useOf([run]).used.get('create')).toEqual(new Set(['id-of-a', 'b']));
  });

  test('each token that it made, and a person once in each of its budgets', () => {
    const plan = planOf([
      action('a/1', createToken, 'a', { class: 'token-create', concerns_admin: 'touch' }),
      action('a/2', createToken, 'a', { class: 'token-create', concerns_admin: 'touch' }),
      action('a/3', patch, 'a', { class: 'email', concerns_admin: 'touch' }, { class: 'update' }),
    ]);
    const lines = ['a/1', 'a/2', 'a/3'].flatMap((id): readonly Line[] => [
      intent(id),
      { type: 'response', action: id, attempt: 1, result: 'written', token: `token-of-${id}` },
    ]);
    const { used } = useOf([past({ run: 'r', plan, lines })]);

    expect([...used].map(([name, keys]) => `${name} ${keys.size}`).toSorted()).toEqual([
      'admin-touch 1',
      'email 1',
      'token-create 2',
      'update 1',
    ]);
  });
});

test('what an approval lifted does not count, and the rest of that run does', () => {
  const approvals = [{ class: 'deactivate' as const, by: 'grace', reason: 'x', expires: '2026-12-01', lifted: 1 }];
  const plan = { ...planOf([leave('a'), action('b/1', patch, 'b', { class: 'email' })]), approvals };
  const run = past({ run: 'r', plan, lines: [...written('a/1'), ...written('b/1')] });

  expect([...useOf([run]).used.keys()]).toEqual(['email']);
  expect([...plannedUse(plan).keys()]).toEqual(['email']);
  expect([...writtenUse(run).keys()]).toEqual(['email']);
});

describe('the window', () => {
  test.each<[hours: number, counts: boolean]>([
    [-1000, true],
    [-1, true],
    [0, true],
    [23.9, true],
    [24.1, false],
    [1000, false],
  ])('%d hours after a run: it counts: %s', (hours, counts) => {
    const at = start + hours * hourMs;

    expect(leaversIn(useOf([leaving('r', ['a'])], [], at))[0]).toBe(counts ? 'a' : '');
    expect(leaversIn(useOf([], [record('r', 1)], at))[1]).toBe(counts ? 1 : 0);
  });

  test('frees its oldest first', () => {
    const use = useOf([leaving('r', ['a', 'b'])], [record('s', 3, start - 2 * hourMs)]);

    expect(use.freesMs.get('deactivate')).toBe(start + 22 * hourMs);
  });

  test('needs the journals of a day, of the run before it, and of the newest', () => {
    const names = ['01-20260612T000000Z-a', '02-20260613T000000Z-a', '03-20260615T000000Z-a'];

    expect(runsOfWindow(names, Date.parse('2026-06-15T12:00:00Z'))).toEqual(names.slice(1));
    expect(runsOfWindow(names, Date.parse('2026-06-20T12:00:00Z'))).toEqual(names.slice(2));
    expect(runsOfWindow(names, Date.parse('2020-01-01T00:00:00Z'))).toEqual(names);
    expect(runsOfWindow(['odd', 'names'], nowMs)).toEqual(['odd', 'names']);
    expect(runsOfWindow([], nowMs)).toEqual([]);
  });
});

describe('of journal and server the larger counts', () => {
  test.each<
    [what: string, runs: readonly PastRun[], records: readonly UseRecord[], expected: readonly [string, number]]
  >([
    ['both say the same', [leaving('r', ['a', 'b'])], [record('r', 2)], ['a b', 0]],
    ['the server says less', [leaving('r', ['a', 'b'])], [record('r', 1)], ['a b', 0]],
    ['the server says more', [leaving('r', ['a', 'b'])], [record('r', 5)], ['a b', 3]],
    ['the server says what was planned', [leaving('r', ['a', 'b', 'c'], ['a'])], [record('r', 3)], ['a b c', 0]],
    ['the server says nothing', [leaving('r', ['a'])], [], ['a', 0]],
    ['the journal is not here', [], [record('r', 2), record('s', 1)], ['', 3]],
    ['each has a run of its own', [leaving('r', ['a'])], [record('s', 2)], ['a', 2]],
    [
      'the same people are in two runs',
      [leaving('r', ['a', 'b']), leaving('s', ['a', 'b'])],
      [record('r', 2), record('s', 2)],
      ['a b', 0],
    ],
  ])('where %s', (_, runs, records, expected) => {
    expect(leaversIn(useOf(runs, records))).toEqual(expected);
  });

  test('a token that was planned and not made counts once with what is planned again', () => {
    const tokens = ['x/1', 'x/2'].map((id) => action(id, createToken, 'x', { class: 'token-create' }));
    const lines: readonly Line[] = [
      intent('x/1'),
      { type: 'response', action: 'x/1', attempt: 1, result: 'written', token: 'made' },
    ];
    const records = [{ key: recordKeyOf('r'), atMs: start, counts: new Map([['token-create' as const, 2]]) }];
    const use = useOf([past({ run: 'r', plan: planOf(tokens), lines })], records);

    expect([use.used.get('token-create'), use.recorded.size]).toEqual([new Set(['made', 'x/2#0']), 0]);
  });

  test.each<[journals: boolean, server: boolean, state: WindowUse['state']]>([
    [true, true, 'known'],
    [true, false, 'known'],
    [false, true, 'known'],
    [false, false, 'unknown'],
  ])('journals %s, server %s: %s', (isComplete, isThere, state) => {
    const records = isThere ? [] : undefined;

    expect(windowUse({ past: { runs: [], isComplete }, records, nowMs }).state).toBe(state);
  });
});

describe('an undo', () => {
  test('does not count, and gives back what it did', () => {
    const runs = [leaving('r', ['a', 'b']), entering('u', 'r', ['a'])];
    const use = useOf(runs);

    expect(leaversIn(use)[0]).toBe('b');
    expect(use.used.get('activate')).toBeUndefined();
  });

  test('gives back nothing that it may have failed to do', () => {
    const run = leaving('r', ['a']);
    for (const lines of [[], [intent('a/1')], [intent('a/1'), answer('a/1', 'unknown')], [outcome('a/1', 'done')]]) {
      const undo = past({ run: 'u', undoes: 'r', plan: planOf([enter('a')]), lines });
      expect(standingUse(run, [run, undo], nowMs).get('deactivate')?.size).toBe(1);
    }
  });

  test('that is undone does it again, and that counts as a run of its own', () => {
    const again = past({ run: 'v', undoes: 'u', plan: planOf([leave('a')]), lines: written('a/1') });

    expect(leaversIn(useOf([leaving('r', ['a']), entering('u', 'r', ['a']), again]))[0]).toBe('a');
  });

  test.each<[what: string, forth: Action, back: Action, isGivenBack: boolean]>([
    [
      'an e-mail',
      action('a/1', patch, 'a', { class: 'email', attribute: 'email' }),
      action('a/1', patch, 'a', { class: 'email', attribute: 'email' }),
      true,
    ],
    [
      'a field for another',
      action('a/1', patch, 'a', { class: 'update', attribute: 'nickname' }),
      action('a/1', patch, 'a', { class: 'update', attribute: 'position' }),
      false,
    ],
    [
      'a field of another account',
      action('a/1', patch, 'a', { class: 'email', attribute: 'email' }),
      action('a/1', patch, 'b', { class: 'email', attribute: 'email' }),
      false,
    ],
    [
      'an account, which is deactivated',
      action('a/1', create, 'a', { class: 'create', attribute: 'account' }),
      action('a/1', deactivate, 'a', { class: 'deactivate', attribute: 'active' }),
      true,
    ],
    [
      'a token by its id',
      action('a/1', { operation: 'disable-token', token: 't' }, 'a', { class: 'token-disable' }),
      action('a/1', { operation: 'enable-token', token: 't' }, 'a', { class: 'token-enable' }),
      true,
    ],
    [
      'one token for another',
      action('a/1', { operation: 'disable-token', token: 't' }, 'a', { class: 'token-disable' }),
      action('a/1', { operation: 'enable-token', token: 's' }, 'a', { class: 'token-enable' }),
      false,
    ],
  ])('gives back %s', (_, forth, back, isGivenBack) => {
    const run = past({ run: 'r', plan: planOf([forth]), lines: written('a/1') });
    const undo = past({ run: 'u', undoes: 'r', plan: planOf([back]), lines: written('a/1') });

    expect(standingUse(run, [run, undo], nowMs).size === 0).toBe(isGivenBack);
  });

  test('of roles gives back each by its name', () => {
    const values = ({ class: name, person, attribute, id, reason }: Change): Change => ({
      class: name,
      person,
      attribute,
      id,
      reason,
    });
    const withValues = (one: Action, own: Pick<Change, 'before' | 'after'>): Action => ({
      ...one,
      changes: one.changes.map((change) => ({ ...values(change), ...own })),
    });
    const granted: Part = { class: 'role-grant', attribute: 'roles' };
    const forth = ['x', 'y'].map((role, i) => withValues(action(`a/${i + 1}`, patch, 'a', granted), { after: role }));
    const back = action('a/1', patch, 'a', { class: 'role-revoke', attribute: 'roles' });
    const undoPlan = planOf([withValues(back, { before: 'x' })]);
    const run = past({ run: 'r', plan: planOf(forth), lines: [...written('a/1'), ...written('a/2')] });
    const undo = past({ run: 'u', undoes: 'r', plan: undoPlan, lines: written('a/1') });

    // One of two roles is left, and so is the person.
    expect(standingUse(run, [run, undo], nowMs).get('role-grant')?.size).toBe(1);
  });
});

test.each<[chain: readonly string[], counts: boolean]>([
  [[], true],
  [['r'], false],
  [['u', 'r'], true],
  [['v', 'u', 'r'], false],
  [['x', 'x'], false],
])('a run that takes back %j counts: %s', (chain, counts) => {
  const undoneBy = new Map(chain.map((run, i) => [run, chain[i + 1]]));

  expect(countsInWindow(chain[0], (run) => undoneBy.get(run))).toBe(counts);
});
