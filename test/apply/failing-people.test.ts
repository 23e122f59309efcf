/** Some people fail for good: all others land, whoever failed is named, and later only the rest is left to do. */
import { expect, test } from 'vitest';
import type { UserEntry } from '../../src/model/generated/users-file.ts';
import { applyText } from '../../src/report/apply-text.ts';
import { plain } from '../../src/report/paint.ts';
import { bySuite } from '../support/suite.ts';
import { Door, type Passage } from './support/door.ts';
import { crowd, isWrite, openStage, type Stage } from './support/stage.ts';
import { errorOf } from './support/strikes.ts';

const names = crowd(bySuite({ short: 20, long: 500 }));

/** Every tenth: bad luck, and nothing that a run should stop for. Some of them are refused, the others meet a broken server. */
const statuses: ReadonlyMap<string, number> = new Map(
  names.flatMap((name, i) => (i % 10 === 3 ? [[name, i % 20 === 3 ? 400 : 500]] : [])),
);
const failing: ReadonlySet<string> = new Set(statuses.keys());

const entries: readonly UserEntry[] = names.map((username, i) => ({
  username,
  email: `${username}@example.com`,
  nickname: 'x',
  ...(i % 4 === 0 && { roles: ['system_user', 'system_post_all'] }),
}));

/** @returns the stage, and what ends the trouble */
async function troubled(): Promise<{ readonly stage: Stage; readonly mend: () => void }> {
  const doors: Door[] = [];
  const stage = await openStage({
    // A third is new.
    users: names.filter((_, i) => i % 3 > 0).map((username) => ({ username })),
    licence: 'enterprise',
    front: async (target) => {
      const door = await Door.open(target);
      doors.push(door);
      return door;
    },
  });
  await stage.declare(entries);
  const byId = new Map(stage.sandbox.snapshot().people.map(({ id, username }) => [id, username]));
  const statusFor = (passage: Passage): number | undefined => statuses.get(personIn(passage, byId));
  for (const door of doors) {
    door.keeper = (visit) => {
      const status = isWrite(visit.passage) ? statusFor(visit.passage) : undefined;
      return status === undefined ? undefined : Promise.resolve(visit.answer(errorOf(status)));
    };
  }
  const mend = (): void => {
    for (const door of doors) door.keeper = () => undefined;
  };
  return { stage, mend };
}

function personIn({ path, body }: Passage, byId: ReadonlyMap<string, string>): string {
  const [, id = ''] = /^\/users\/([a-z0-9]{26})\//.exec(path) ?? [];
  const { username = '' } = (body ?? {}) as { readonly username?: string };
  return byId.get(id) ?? username;
}

test('of many people a tenth fails for ever: the others land, each failure is named, and the next run lands the rest', async () => {
  const { stage, mend } = await troubled();

  const run = await stage.apply();
  const landed = stage.sandbox.snapshot().people.filter(({ nickname }) => nickname === 'x');
  mend();
  const second = await stage.apply();
  const after = await stage.plan();

  expect(run.code).toBe(6);
  expect(new Set(landed.map(({ username }) => username))).toEqual(new Set(names.filter((name) => !failing.has(name))));
  const failed = run.results.filter(({ outcome }) => outcome.status === 'failed');
  expect(new Set(failed.map(({ action }) => action.person))).toEqual(failing);
  const report = applyText(run, plain);
  expect([...failing].filter((name) => !report.includes(` ${name}: `))).toEqual([]);
  expect(second.code).toBe(0);
  expect(new Set(second.results.map(({ action }) => action.person))).toEqual(failing);
  expect(after.actions).toEqual([]);
});
