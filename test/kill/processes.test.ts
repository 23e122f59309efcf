/** A process that is interrupted, one that is killed, and two that meet; the long suite has many more of each. */
import { afterEach, expect, test } from 'vitest';
import { flawsOf, peopleOf } from './check.ts';
import { expectOneWinner } from './meeting.ts';
import { type Ending, sharedProgram } from './program.ts';
import { type KillStage, openKillStage } from './stage.ts';
import { worldOfSeed } from './world.ts';

const open = new Set<KillStage>();

afterEach(async () => {
  for (const stage of open) await stage.close();
  open.clear();
});

async function openStage(): Promise<KillStage> {
  const stage = await openKillStage(await sharedProgram(), worldOfSeed(7, 10));
  open.add(stage);
  return stage;
}

async function expectAllDone(stage: KillStage, endings: readonly Ending[]): Promise<void> {
  expect((await stage.plan()).actions).toEqual([]);
  expect(await flawsOf(stage, peopleOf(stage.sandbox), endings)).toEqual([]);
}

test('an apply that is interrupted is finished by a resume', async () => {
  const stage = await openStage();
  const running = await stage.start(['apply', '--yes']);
  stage.door.at({ moment: 'asked', among: 'actions', nth: 6 }, async () => {
    running.process.kill('SIGINT');
    await running.says('interrupted: finishing what is under way');
  });

  const interrupted = await running.ended;
  const resumed = await (await stage.start(['apply', '--resume', '--yes'])).ended;

  expect([interrupted.code, resumed.code]).toEqual([130, 0]);
  await expectAllDone(stage, [interrupted, resumed]);
});

test('an apply that is killed is finished by the next one, and its lock is taken over at once', async () => {
  const stage = await openStage();
  const killed = await stage.start(['apply', '--yes']);
  stage.door.at({ moment: 'done', among: 'actions', nth: 6 }, () => killed.kill());
  const { signal } = await killed.ended;

  const next = await (await stage.start(['apply', '--yes'])).ended;

  expect([signal, next.code]).toEqual(['SIGKILL', 0]);
  await expectAllDone(stage, [next]);
});

// oxlint-disable-next-line vitest/expect-expect -- the meeting expects
test('of two that start at the same moment one does it, and the other is refused', async () => {
  await expectOneWinner(['--state-dir', 'other-state']);
});
