/** What dates will do stands in a plan, looked at from where the plan itself and earlier dates will have left the person. */
import { beforeEach, expect, test } from 'vitest';
import type { UserEntry } from '../../src/model/generated/users-file.ts';
import { mark, openStage, type Stage } from '../apply/support/stage.ts';

const crew = [
  { username: 'member' },
  { username: 'admin', roles: 'system_user system_admin' },
  { username: 'second', roles: 'system_user system_admin' },
  { username: 'away', active: false },
  { username: 'holder', tokens: [{ description: mark('ci') }] },
  { username: 'lapsing', tokens: [{ description: mark('ci'), expires_at: Date.parse('2026-06-20T10:00:00Z') }] },
  { username: 'away-holder', active: false, tokens: [{ description: mark('ci') }] },
];

let stage: Stage;
beforeEach(async () => {
  stage = await openStage({ users: crew, version: '11.9.0' });
});

const soon = '2026-06-25';
const later = '2026-07-05';
const newcomer = { username: 'newcomer', email: 'newcomer@example.com' };

/** An entry, what a plan does about it now, and what it says is due. */
type Row = readonly [what: string, entry: UserEntry, now: readonly string[], scheduled: readonly string[]];

const rows: readonly Row[] = [
  ['who leaves tonight', { username: 'member', ends: '2026-06-15' }, [], ['06-16 deactivate']],
  ['who is made today and leaves by a date', { ...newcomer, ends: later }, ['create'], ['07-06 deactivate']],
  [
    'who comes and leaves by dates',
    { ...newcomer, starts: soon, ends: later },
    [],
    ['06-25 create', '07-06 deactivate'],
  ],
  [
    'who is there and starts only later: leaves today, comes back then',
    { username: 'member', starts: soon },
    ['deactivate'],
    ['06-25 activate'],
  ],
  [
    'an administrator who starts only later: comes back as one',
    { username: 'admin', starts: soon, roles: ['system_user', 'system_admin'] },
    ['deactivate (loss)'],
    ['06-25 activate (gain)'],
  ],
  [
    'who comes back today and leaves by a date',
    { username: 'away', active: true, ends: later },
    ['activate'],
    ['07-06 deactivate'],
  ],
  [
    'who comes and leaves by dates, and gets a name today',
    { username: 'away', nickname: 'x', starts: soon, ends: later },
    ['update'],
    ['06-25 activate', '07-06 deactivate'],
  ],
  [
    'an administrator who comes and leaves by dates',
    { ...newcomer, roles: ['system_user', 'system_admin'], starts: soon, ends: later },
    [],
    ['06-25 admin-gain (gain)', '07-06 deactivate (loss)', '06-25 create'],
  ],
  [
    'a token that is made today, of who leaves by a date',
    { username: 'member', tokens: [{ name: 'ci' }], ends: later },
    ['token-create'],
    ['07-06 token-disable', '07-06 deactivate'],
  ],
  [
    'a token that is made today for some days: it is made again after them',
    { username: 'member', tokens: [{ name: 'ci', expires_in: '10d' }] },
    ['token-create'],
    ['06-25 token-create'],
  ],
  ['a token that expires', { username: 'lapsing', tokens: [{ name: 'ci' }] }, [], ['06-20 token-create']],
  [
    'a rotation with an overlap that begins at a date',
    { username: 'away-holder', starts: soon, tokens: [{ name: 'ci', generation: 2, overlap: '2d' }] },
    ['token-disable'],
    ['06-25 token-create', '06-28 token-revoke', '06-25 activate'],
  ],
  [
    'a token that goes today, or is disabled on the day of leaving if no apply runs before',
    { username: 'holder', tokens: [], ends: later },
    ['token-revoke'],
    ['07-06 token-disable', '07-06 deactivate'],
  ],
];

test.each(rows)('what falls due later: %s', async (_what, entry, now, scheduled) => {
  await stage.declare([entry]);

  const plan = await stage.plan();

  const marked = ({
    class: name,
    concerns_admin: concern,
  }: {
    readonly class: string;
    readonly concerns_admin?: string;
  }): string => (concern === undefined ? name : `${name} (${concern})`);
  expect(plan.actions.flatMap(({ changes }) => changes.map(marked))).toEqual(now);
  expect(plan.scheduled.map(({ change, due }) => `${due.slice(5, 10)} ${marked(change)}`)).toEqual(scheduled);
});

test('what is blocked today goes on from there all the same, and so does what is not', async () => {
  await stage.configure({ policy: { min_admins: 1, budgets: { activate: { cap: 0, floor: 0 } } } });
  await stage.declare([{ username: 'away', active: true, ends: later }]);

  const { blocked, scheduled } = await stage.plan();

  expect(blocked.map(({ change }) => change.id)).toEqual(['away/active']);
  expect(scheduled.map(({ change }) => change.class)).toEqual(['deactivate']);
});

const firstLateApply: readonly (readonly [what: string, entry: UserEntry, days: number, does: readonly string[]])[] = [
  [
    'a token that should have gone before its owner left',
    { username: 'holder', tokens: [], ends: later },
    22,
    ['token-disable', 'deactivate'],
  ],
  [
    'a token that should have been revoked while its owner was away',
    { username: 'away-holder', starts: soon, ends: later },
    14,
    ['token-disable', 'activate'],
  ],
];

test.each(firstLateApply)(
  'a first apply after a date does only what the plan listed for it: %s',
  async (_what, entry, days, does) => {
    await stage.configure({
      policy: { min_admins: 1, leavers: { tokens: entry.tokens === undefined ? 'revoke' : 'disable' } },
    });
    await stage.declare([entry]);
    const shown = await stage.plan();
    stage.clock.advance(days * 86_400_000);

    const late = await stage.plan();

    const ids = late.actions.flatMap(({ changes }) => changes.map(({ id }) => id));
    expect(late.actions.flatMap(({ changes }) => changes.map((change) => change.class)).toSorted()).toEqual(
      does.toSorted(),
    );
    expect(shown.scheduled.map(({ change }) => change.id)).toEqual(expect.arrayContaining(ids));
    expect(shown.scheduled.find(({ change }) => change.class === 'token-disable')?.change.reason.text).toContain(
      'only if no apply runs before',
    );
  },
);

test('what an entry does that cannot be used before a date is listed for that date', async () => {
  await stage.declare([{ username: 'away', email: 'other@example.com', nickname: 'x', active: true, ends: later }]);
  const shown = await stage.plan();

  expect(shown.unusable?.map(({ person }) => person)).toEqual(['away']);
  expect(shown.actions).toEqual([]);
  const listed = shown.scheduled.map(({ change, due }) => `${due.slice(5, 10)} ${change.id}`);
  expect(listed).toEqual(['07-06 away/email', '07-06 away/nickname']);
  expect(shown.scheduled[0]?.change.reason.text).toContain('once the entry can be used');

  stage.clock.advance(22 * 86_400_000);
  const late = await stage.plan();
  expect(late.actions.flatMap(({ changes }) => changes.map(({ id }) => id))).toEqual(['away/email', 'away/nickname']);
});

test('an entry that no date makes usable comes to nothing', async () => {
  await stage.declare([{ username: 'away', email: 'other@example.com', active: true, starts: '2026-06-01' }, newcomer]);
  const shown = await stage.plan();

  expect(shown.unusable?.map(({ person }) => person)).toEqual(['away']);
  expect(shown.scheduled).toEqual([]);
});
