/** Losses of administration go one at a time; those that wait for their turn keep nobody else from theirs. */
import { expect, test } from 'vitest';
import { Door, type Visit } from './support/door.ts';
import { crowd, openStage, outcomesOf, type Stage } from './support/stage.ts';

const losers = ['a0', 'a1', 'a2', 'a3'];
const others = crowd(5);

/** Of each of the others there are two. */
const isWrite = ({ passage: { method, path } }: Visit): boolean =>
  method === 'PUT' && /\/(patch|active|roles)$/.test(path);

/** Four who lose administration come first in the plan, five others after them: so few that nobody is read back first. */
async function withFourLosses(): Promise<{ readonly stage: Stage; readonly door: Door }> {
  const doors: Door[] = [];
  const stage = await openStage({
    users: [
      ...losers.map((username) => ({ username, roles: 'system_user system_admin' })),
      ...others.map((username) => ({ username })),
    ],
    front: async (target) => {
      const door = await Door.open(target);
      doors.push(door);
      return door;
    },
  });
  await stage.declare([
    ...losers.map((username) => ({ username, roles: ['system_user'] })),
    ...others.map((username) => ({ username, nickname: 'x', active: false })),
  ]);
  const [door] = doors;
  if (door === undefined) throw new Error('no door');
  return { stage, door };
}

function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  const give: Array<() => void> = [];
  return { given: new Promise((resolve) => give.push(resolve)), give: () => give[0]?.() };
}

test.each([2, 4, 8])(
  'while one loss hangs, the others are served with the rest of a concurrency of %i',
  async (concurrency) => {
    const { stage, door } = await withFourLosses();
    const together = Math.min(others.length, concurrency - 1);
    const [full, served] = [signal(), signal()];
    const beside: string[] = [];
    let open = 0;
    let most = 0;
    const passWhen = async (go: Promise<void>, visit: Visit): Promise<void> => {
      await go;
      visit.answer(await visit.forward());
    };
    const passTogether = async (visit: Visit): Promise<void> => {
      beside.push(visit.passage.path);
      most = Math.max(most, ++open);
      if (open === together) full.give();
      await passWhen(full.given, visit);
      open--;
      if (beside.length === 2 * others.length) served.give();
    };
    const account = stage.user('a0').id;
    const meanwhile = (): void => {
      door.keeper = (visit) => {
        if (visit.passage.path === `/users/${account}`) return passWhen(served.given, visit);
        return isWrite(visit) && beside.length < 2 * others.length ? passTogether(visit) : undefined;
      };
    };

    const run = await stage.apply({ concurrency, meanwhile });

    expect(outcomesOf(run).filter((text) => !text.endsWith(': done'))).toEqual([]);
    expect(beside.filter((path) => path.endsWith('/roles'))).toEqual([]);
    expect(most).toBe(together);
  },
);
