/** Processes that are interrupted, and processes that meet. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { flawsOf, peopleOf } from './check.ts';
import { type Door, openDoor } from './door.ts';
import { expectOneWinner } from './meeting.ts';
import { type Ending, type Program, type Running, sharedProgram } from './program.ts';
import { type KillStage, openKillStage } from './stage.ts';
import { worldOfSeed } from './world.ts';

let program: Program;

beforeAll(async () => {
  program = await sharedProgram();
});

const open = new Set<{ close(): Promise<void> }>();

afterEach(async () => {
  for (const one of open) await one.close();
  open.clear();
});

/** Every story once: about 60 actions. */
async function openStage(): Promise<KillStage> {
  const stage = await openKillStage(program, worldOfSeed(7, 40));
  open.add(stage);
  return stage;
}

async function openOwnDoor({ sandbox }: KillStage): Promise<Door> {
  const door = await openDoor(sandbox);
  open.add(door);
  return door;
}

async function expectAllDone(stage: KillStage, endings: readonly Ending[]): Promise<void> {
  expect((await stage.plan()).actions).toEqual([]);
  expect(await flawsOf(stage, peopleOf(stage.sandbox), endings)).toEqual([]);
}

describe('an apply that is interrupted', () => {
  test.each<NodeJS.Signals>(['SIGINT', 'SIGTERM'])(
    'by %s finishes what is under way, says how to go on, and goes on',
    async (signal) => {
      const stage = await openStage();
      const running = await stage.start(['apply', '--yes']);
      stage.door.at({ moment: 'asked', among: 'actions', nth: 20 }, async () => {
        running.process.kill(signal);
        await running.says('interrupted: finishing what is under way');
      });

      const interrupted = await running.ended;
      const asked = stage.door.passages.filter(({ isAction }) => isAction).length;
      const resumed = await (await stage.start(['apply', '--resume', '--yes'])).ended;

      expect(interrupted).toMatchObject({ code: 130 });
      expect(interrupted.stdout).toMatch(/^Interrupted: \d+ of \d+ actions done/m);
      expect(interrupted.stdout).toContain('muster apply --resume resumes this run');
      // Those that were begun beside the one at which it came.
      expect(asked).toBeLessThanOrEqual(24);
      expect(resumed).toMatchObject({ code: 0 });
      await expectAllDone(stage, [interrupted, resumed]);
    },
  );

  test('and again stops at once, in the middle of a call', async () => {
    const stage = await openStage();
    const running = await stage.start(['apply', '--yes']);
    stage.door.at({ moment: 'asked', among: 'actions', nth: 20, fate: 'late' }, async () => {
      running.process.kill('SIGINT');
      await running.says('interrupted');
      running.process.kill('SIGINT');
      await running.ended;
    });

    const stopped = await running.ended;
    const resumed = await (await stage.start(['apply', '--resume', '--yes'])).ended;

    expect(stopped).toMatchObject({ code: 130 });
    expect(stopped.stdout).not.toMatch(/^Interrupted/m);
    expect(resumed).toMatchObject({ code: 0 });
    await expectAllDone(stage, [stopped, resumed]);
  });
});

describe('an apply that is killed', () => {
  test('of a plan file is resumed by --resume, and the plan is not used again', async () => {
    const stage = await openStage();
    const planned = await (await stage.start(['plan', '--out', 'plan.json'])).ended;
    const killed = await stage.start(['apply', 'plan.json', '--yes']);
    stage.door.at({ moment: 'done', among: 'actions', nth: 20 }, () => killed.kill());
    await killed.ended;

    const again = await (await stage.start(['apply', 'plan.json', '--yes'])).ended;
    const resumed = await (await stage.start(['apply', '--resume', '--yes'])).ended;

    expect(planned).toMatchObject({ code: 0 });
    expect(again).toMatchObject({ code: 7, stderr: expect.stringContaining('muster apply --resume') as string });
    expect(resumed).toMatchObject({ code: 0 });
    await expectAllDone(stage, [planned, again, resumed]);
  });

  test('keeps other machines out until its lease ends, and no one after that', async () => {
    const stage = await openStage();
    const killed = await stage.start(['apply', '--yes']);
    stage.door.at({ moment: 'done', among: 'actions', nth: 3 }, () => killed.kill());
    await killed.ended;
    const elsewhere = ['apply', '--yes', '--state-dir', 'other-state'];

    const soon = await (await stage.start(elsewhere)).ended;
    const later = await (await stage.start(elsewhere, { afterMs: 600_000 })).ended;

    expect(soon).toMatchObject({ code: 8, stderr: expect.stringContaining('its lease ends by itself at') as string });
    expect(later).toMatchObject({ code: 0 });
    expect((await stage.plan()).actions).toEqual([]);
  });
});

describe('two that start at the same moment', () => {
  const times = Array.from({ length: 10 }, (_, i) => i + 1);

  // oxlint-disable-next-line vitest/expect-expect -- the meeting expects
  test.each(times)('with one state directory: one does it, the other is refused (%i)', async () => {
    await expectOneWinner();
  });

  // oxlint-disable-next-line vitest/expect-expect -- the meeting expects
  test.each(times)('with two state directories: one does it, the other is refused (%i)', async () => {
    await expectOneWinner(['--state-dir', 'other-state']);
  });
});

describe('the lock', () => {
  async function locksOf(stage: KillStage): Promise<ReadonlyMap<string, string>> {
    const dir = await stage.stateDir();
    const names = (await readdir(dir)).filter((name) => name.startsWith('lock.'));
    return new Map(
      await Promise.all(names.map(async (name) => [name, await readFile(join(dir, name), 'utf8')] as const)),
    );
  }

  async function startAndHold(stage: KillStage, strike: (running: Running) => Promise<void>): Promise<Running> {
    const running = await stage.start(['apply', '--yes']);
    stage.door.at({ moment: 'asked', among: 'actions', nth: 20 }, () => strike(running));
    return running;
  }

  test('of a killed process is taken over at once', async () => {
    const stage = await openStage();
    const killed = await startAndHold(stage, (running) => running.kill());
    await killed.ended;
    const left = await locksOf(stage);

    const next = await (await stage.start(['apply', '--yes'])).ended;

    expect([...left.values()]).toEqual([expect.stringContaining(`"process":${killed.process.pid}`)]);
    expect(next).toMatchObject({ code: 0 });
    expect([...(await locksOf(stage))]).toEqual([['lock.000000002', '']]);
    await expectAllDone(stage, [next]);
  });

  test('of a process that only sleeps is not', async () => {
    const stage = await openStage();
    let second: Ending | undefined;
    const first = await startAndHold(stage, async ({ process }) => {
      process.kill('SIGSTOP');
      second = await (await stage.start(['apply', '--yes'], { door: await openOwnDoor(stage) })).ended;
      process.kill('SIGCONT');
    });

    const ending = await first.ended;

    expect(second).toMatchObject({ code: 8 });
    expect(ending).toMatchObject({ code: 0 });
    await expectAllDone(stage, [ending]);
  });
});
