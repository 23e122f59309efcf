/** Two processes that start at the same moment, and what has to become of them. */
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { type Door, openDoor } from './door.ts';
import { type Ending, sharedProgram } from './program.ts';
import { type KillStage, openKillStage } from './stage.ts';
import type { KillWorld } from './world.ts';

const crew = ['ada', 'bob', 'cy', 'dan', 'eve', 'fay', 'gus', 'hal'];
/** For processes of which one does nothing anyhow. */
const smallWorld: KillWorld = {
  seed: 8,
  users: [{ username: 'spare', roles: ['system_user', 'system_admin'] }, ...crew.map((username) => ({ username }))],
  entries: crew.map((username) => ({ username, nickname: 'x' })),
};
/** Against hangs alone. */
const longestMs = 5 * 60_000;

interface Contestant {
  readonly ending: Ending;
  readonly actions: number;
}

/** @param flags - that the second one has and the first one has not */
export async function expectOneWinner(flags: readonly string[] = []): Promise<void> {
  const stage = await openKillStage(await sharedProgram(), smallWorld);
  const doors = [await openDoor(stage.sandbox), await openDoor(stage.sandbox)];
  try {
    const [winner, loser] = (await race(stage, doors, flags)).toSorted(
      (a, b) => (a.ending.code ?? -1) - (b.ending.code ?? -1),
    );
    expect(winner?.ending).toMatchObject({ code: 0 });
    expect(loser?.ending).toMatchObject({ code: 8, stdout: expect.not.stringContaining('Applied') as string });
    expect(loser?.ending.stderr).toMatch(/another run of muster (holds the state directory|works on this server)/);
    expect(loser?.actions).toBe(0);
    expect((await stage.plan()).actions).toEqual([]);
  } finally {
    for (const one of [...doors, stage]) await one.close();
  }
}

/** The one that asks for the first action does not get further before the other has ended. */
async function race(
  stage: KillStage,
  doors: readonly Door[],
  flags: readonly string[],
): Promise<readonly Contestant[]> {
  const args = ['apply', '--yes'];
  const started = await Promise.all(
    doors.map((door, i) => stage.start(i === 0 ? args : [...args, ...flags], { door, isReal: true })),
  );
  for (const [i, door] of doors.entries()) {
    const other = started[1 - i];
    door.at({ moment: 'asked', among: 'actions', nth: 1 }, async () => {
      await Promise.race([other?.ended, pause(longestMs, undefined, { ref: false })]);
    });
  }
  const endings = await Promise.all(started.map(({ ended }) => ended));
  return endings.map((ending, i) => ({
    ending,
    actions: doors[i]?.passages.filter(({ isAction }) => isAction).length ?? 0,
  }));
}
