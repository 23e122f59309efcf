/** Rotations by a schedule: by age, and before the expiry that the server shows. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { explain } from '../../src/app/explain.ts';
import type { TokenEntry } from '../../src/model/generated/users-file.ts';
import type { Plan } from '../../src/model/plan.ts';
import { mark, openStage, outcomesOf, type Stage } from './support/stage.ts';

const day = 24 * 3_600_000;

/** Ada has `ci@1` since 2026-06-01; the stage begins at noon of 2026-06-15. */
async function stageWith(entry: Omit<TokenEntry, 'name'>, roles?: readonly string[]): Promise<Stage> {
  const stage = await openStage({
    version: '11.9.0',
    users: [{ username: 'ada', tokens: [{ description: mark('ci') }], ...(roles !== undefined && { roles }) }],
  });
  await stage.declare([{ username: 'ada', tokens: [{ name: 'ci', ...entry }] }]);
  return stage;
}

const live = ({ sandbox }: Stage): readonly string[] =>
  sandbox.control.tokens('ada').map(({ description }) => description.slice(0, 'ci@1 muster:2026-06-01'.length));

const said = ({ actions, scheduled, held, blocked }: Plan): readonly string[] => [
  ...actions.map(({ call }) => call.operation),
  ...held.map(({ code }) => `held ${code}`),
  ...blocked.map(({ rail }) => `blocked ${rail}`),
  ...scheduled.map(({ change, due }) => `${change.class} ${due}`),
];

describe('a rotation by age', () => {
  test('is scheduled with class and day until it is due, makes a token of the same generation, and spares the old one', async () => {
    const stage = await stageWith({ rotate_every: '30d', overlap: '24h' });

    const early = await stage.plan();
    stage.clock.advance(16 * day);
    const run = await stage.apply();
    const after = await stage.plan();
    stage.clock.advance(1.5 * day);
    const end = await stage.apply();

    expect(said(early)).toEqual(['token-create 2026-07-01T00:00:00.000Z', 'token-revoke 2026-07-03T00:00:00.000Z']);
    expect(outcomesOf(run)).toEqual(['ada create-token: done']);
    expect(run.plan.actions[0]).toMatchObject({
      changes: [{ schedule: { due_by: 'age', rotate_every: '30d' }, reason: { rule: 'rotation' } }],
      call: { generation: 1, replaces: [expect.any(String)] },
    });
    expect(said(after)).toEqual([
      'token-revoke 2026-07-03T00:00:00.000Z',
      'token-create 2026-07-31T00:00:00.000Z',
      'token-revoke 2026-08-02T00:00:00.000Z',
    ]);
    expect(outcomesOf(end)).toEqual(['ada revoke-token: done']);
    expect(live(stage)).toEqual(['ci@1 muster:2026-07-01']);
  });

  test('keeps the file of the previous secret, and names the day in that of the new one', async () => {
    const stage = await stageWith({ rotate_every: '7d' });
    await stage.apply();
    stage.clock.advance(7 * day);
    await stage.apply();

    const files = (await readdir(join(stage.dir, 'secrets'))).filter((name) => name.endsWith('.token'));

    expect(files.toSorted()).toEqual(['ada~ci@1~2026-06-15.token', 'ada~ci@1~2026-06-22.token']);
  });

  test('shows its next day when the person is explained', async () => {
    const stage = await stageWith({ rotate_every: '90d' });

    const { managed, scheduled } = await explain('ada', {}, stage.ports);

    expect(managed.map(({ wanted }) => wanted)).toContain('generation 1, rotated every 90d');
    expect(scheduled.map(({ change, due }) => `${change.class} ${due}`).toSorted()).toEqual([
      'token-create 2026-08-30T00:00:00.000Z',
      'token-revoke 2026-08-30T00:00:00.000Z',
    ]);
  });

  test('of an administrator touches an administrator, from the day on which it is scheduled', async () => {
    const stage = await stageWith({ rotate_every: '90d' }, ['system_user', 'system_admin']);

    const { scheduled } = await stage.plan();

    const marks = scheduled.map(({ change }) => [change.class, change.concerns_admin, change.schedule?.rotate_every]);
    expect(marks).toHaveLength(2);
    expect(marks).toContainEqual(['token-create', 'touch', '90d']);
    expect(marks).toContainEqual(['token-revoke', undefined, undefined]);
    expect(live(stage)).toEqual(['ci@1 muster:2026-06-01']);
  });

  test('that is undone revokes the new token; the previous one is spared by its overlap', async () => {
    const stage = await stageWith({ rotate_every: '7d', overlap: '24h' });
    await stage.apply();

    const back = await stage.undo();

    expect(outcomesOf(back)).toEqual(['ada revoke-token: done']);
    expect(live(stage)).toEqual(['ci@1 muster:2026-06-01']);
  });

  test('survives a sink that fails: nothing is lost, and the next run rotates', async () => {
    const stage = await stageWith({ rotate_every: '7d', sink: 'ci' });
    const sink = (script: string): Promise<void> =>
      stage.configure({ secrets: { sinks: { ci: { command: ['sh', '-c', script] } } } });
    await sink('cat >/dev/null; exit 1');
    const failed = await stage.apply();
    const between = live(stage);
    await sink('cat >/dev/null');

    const run = await stage.apply();

    expect(outcomesOf(failed)).toEqual(['ada create-token: failed: NEW_TOKEN', 'ada revoke-token: skipped']);
    expect(between).toEqual(['ci@1 muster:2026-06-01']);
    expect(outcomesOf(run)).toEqual(['ada create-token: done', 'ada revoke-token: done']);
    expect(live(stage)).toEqual(['ci@1 muster:2026-06-15']);
  });

  test('is made once where another run made it since the plan', async () => {
    const stage = await stageWith({ rotate_every: '7d', overlap: '24h' });
    const { url, adminToken } = stage.sandbox;

    const run = await stage.apply({
      meanwhile: async () => {
        await fetch(`${url}/api/v4/users/${stage.user('ada').id}/tokens`, {
          method: 'POST',
          headers: { Authorization: `Bearer ${adminToken}` },
          body: JSON.stringify({ description: 'ci@1 muster:2026-06-15:bbbbbbbbbb' }),
        });
      },
    });

    expect(outcomesOf(run)).toEqual(['ada create-token: stale']);
    expect(live(stage)).toEqual(['ci@1 muster:2026-06-01', 'ci@1 muster:2026-06-15']);
  });
});

describe('a rotation before the expiry', () => {
  test('happens that long before the moment that the server shows', async () => {
    const stage = await stageWith({ rotate_before: '14d', expires_in: '30d', generation: 2 });
    await stage.apply();
    const planned = await stage.plan();
    stage.clock.advance(16 * day);

    const run = await stage.apply();

    expect(
      said(planned)
        .map((line) => line.slice(0, 23))
        .toSorted(),
    ).toEqual(['token-create 2026-07-01', 'token-revoke 2026-07-01']);
    expect(run.plan.actions[0]?.changes[0]?.schedule).toEqual({ due_by: 'expiry', rotate_before: '14d' });
    expect(run.plan.notices).toEqual([]);
    expect(outcomesOf(run)).toEqual(['ada create-token: done', 'ada revoke-token: done']);
    expect(live(stage)).toEqual(['ci@2 muster:2026-07-01']);
  });

  test('rotates nothing that never expires, and says so', async () => {
    const stage = await stageWith({ rotate_before: '14d', expires_in: '30d' });

    const { actions, notices } = await stage.plan();

    expect(actions).toEqual([]);
    expect(notices).toMatchObject([
      { code: 'token-never-expires', person: 'ada', hint: 'raise generation to 2 to give it an end' },
    ]);
  });

  test('is held from the first day on where the server is too old to show one', async () => {
    const stage = await openStage({
      version: '11.8.0',
      users: [{ username: 'ada', tokens: [{ description: mark('ci') }] }],
    });
    await stage.declare([{ username: 'ada', tokens: [{ name: 'ci', rotate_before: '14d', expires_in: '30d' }] }]);

    const { held, scheduled } = await stage.plan();

    expect(held).toMatchObject([
      { code: 'token-expiry-not-there', change: { reason: { file: 'users.yaml', line: 1 } }, owner: 'the server' },
    ]);
    expect(scheduled).toEqual([]);
  });
});
