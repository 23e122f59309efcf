/** One token under a schedule over many days and applies, among lost responses, kills and interrupts. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { durationMs } from '../../../src/model/duration.ts';
import type { TokenEntry } from '../../../src/model/generated/users-file.ts';
import type { Plan } from '../../../src/model/plan.ts';
import { overlapEndMs, parseMark } from '../../../src/model/token-mark.ts';
import { randomFrom } from '../../support/read-fault-run.ts';
import { cutAfter } from './cut-journal.ts';
import { openStage, type Stage } from './stage.ts';

const hour = 3_600_000;
const day = 24 * hour;

type Trouble = 'none' | 'lost-create' | 'lost-revoke' | 'refused-create' | 'killed' | 'interrupted';
const troubles: readonly Trouble[] = ['none', 'lost-create', 'lost-revoke', 'refused-create', 'killed', 'interrupted'];

export interface RotationEnd {
  /** Rotations, the first making not counted. */
  readonly rotations: number;
  readonly troubles: number;
}

/** @returns what happened, once every rule was found to hold */
export async function rotationRun(seed: number, applies: number): Promise<RotationEnd> {
  const random = randomFrom(seed);
  const pick = <One>(from: readonly One[]): One => {
    const one = from[random(from.length)];
    if (one === undefined) throw new RangeError('nothing to pick from');
    return one;
  };
  const entry = pick(schedules);
  const periodMs = periodOf(entry);
  const overlapMs = entry.overlap === undefined ? 0 : durationMs(entry.overlap);
  let isMade = false;
  const gaps: string[] = [];
  const stage = await openStage({
    version: '11.9.0',
    seed,
    users: [{ username: 'ada' }],
    log: ({ method, path }) => {
      if (isMade && !someoneWorks(stage)) gaps.push(`${method} ${path}`);
    },
  });
  await stage.declare([{ username: 'ada', tokens: [entry] }]);
  let troubled = 0;
  const made: string[] = [];
  for (let i = 0; i < applies; i++) {
    const trouble = pick(troubles);
    if (await applyAmong(stage, trouble, overlapMs)) troubled++;
    const quiet = await untilQuiet(stage);
    isMade = true;

    expect(actionsOf(quiet), `seed ${seed}, apply ${i}: after a clean run`).toEqual([]);
    const days = liveDays(stage);
    const newest = days.at(-1) ?? '';
    if (made.at(-1) !== newest) made.push(newest);
    // No double token, and the one before goes exactly when its overlap is over.
    const isSpared = days.length === 2 && stage.clock.now() < overlapEndMs(newest, overlapMs) && overlapMs > 0;
    expect(days, `seed ${seed}, apply ${i}: live`).toEqual(isSpared ? made.slice(-2) : [newest]);
    if (overlapMs > 0 && made.length > 1 && stage.clock.now() < overlapEndMs(newest, overlapMs))
      expect(days, `seed ${seed}, apply ${i}: in the overlap`).toHaveLength(2);
    expect(await whoHasNewest(stage), `seed ${seed}, apply ${i}: the newest secret`).toBe('ada');
    // Under it all rotations are shown, with their day.
    expect(quiet.scheduled.map(({ change }) => change.class)).toContain('token-create');
    const beforeDue = Date.parse(`${newest}T00:00:00Z`) + periodMs - stage.clock.now();
    const toDueMs = beforeDue + random(day);
    stage.clock.advance(Math.max(hour, random(2) === 0 ? toDueMs : Math.min(toDueMs, random(periodMs))));
  }
  expect(gaps, `seed ${seed}: moments without a working token`).toEqual([]);
  // One in each period: never earlier, however often something was lost.
  for (const [i, one] of made.slice(1).entries())
    expect(Date.parse(one) - Date.parse(made[i] ?? ''), `seed ${seed}: ${made.join(' ')}`).toBeGreaterThanOrEqual(
      Math.floor(periodMs / day) * day,
    );
  await stage.close();
  return { rotations: made.length - 1, troubles: troubled };
}

const schedules: readonly TokenEntry[] = [
  { name: 'ci', rotate_every: '1d' },
  { name: 'ci', rotate_every: '3d', overlap: '24h' },
  { name: 'ci', rotate_every: '90d', overlap: '7d' },
  { name: 'ci', rotate_every: '30d', overlap: '36h', expires_in: '60d' },
  { name: 'ci', expires_in: '30d', rotate_before: '14d' },
  { name: 'ci', expires_in: '10d', rotate_before: '3d', overlap: '2d', rotate_every: '20d' },
];

function periodOf({ rotate_every: every, rotate_before: before, expires_in: life }: TokenEntry): number {
  const byExpiry = before === undefined || life === undefined ? Infinity : durationMs(life) - durationMs(before);
  return Math.min(every === undefined ? Infinity : durationMs(every), byExpiry);
}

/** Whether the trouble came about. */
async function applyAmong(stage: Stage, trouble: Trouble, overlapMs: number): Promise<boolean> {
  const { faults } = stage.sandbox;
  const before = stage.sandbox.control.tokens('ada').length;
  if (trouble === 'lost-create')
    faults.add({ kind: 'reset-after-commit', match: { method: 'POST', path: /\/users\/[a-z0-9]{26}\/tokens$/ } });
  if (trouble === 'lost-revoke')
    faults.add({ kind: 'reset-after-commit', match: { method: 'POST', path: /\/users\/tokens\/revoke$/ } });
  if (trouble === 'refused-create')
    faults.add({ kind: 'error', status: 403, match: { method: 'POST', path: /\/users\/[a-z0-9]{26}\/tokens$/ } });
  const controller = new AbortController();
  const run = await stage.apply({
    signal: controller.signal,
    meanwhile: () => {
      if (trouble === 'interrupted') controller.abort();
    },
  });
  faults.clear();
  // A process that dies revokes nothing afterwards: only what an overlap spares can be cut away from the journal.
  const hasMade = stage.sandbox.control.tokens('ada').length > before;
  if (trouble === 'killed' && overlapMs > 0 && hasMade) await cutAfter(stage, 'intent', 1);
  return trouble !== 'none' && run.plan.actions.length > 0;
}

/** A run that nothing disturbs, after whatever did. */
async function untilQuiet(stage: Stage): Promise<Plan> {
  await stage.resume();
  const run = await stage.apply();
  expect(run.code).toBe(0);
  return await stage.plan();
}

const actionsOf = ({ actions }: Plan): readonly string[] => actions.map(({ call }) => call.operation);

/** Days of the marks of what is there, the newest last. */
const liveDays = ({ sandbox }: Stage): readonly string[] =>
  sandbox.control
    .tokens('ada')
    .map(({ description }) => parseMark(description)?.date ?? '')
    .toSorted();

const someoneWorks = ({ sandbox, clock }: Stage): boolean =>
  sandbox.control
    .tokens('ada')
    .some(({ is_active: isOn, expires_at: end }) => isOn && (end === 0 || end > clock.now()));

/** Whose secret the newest file holds. */
async function whoHasNewest({ sandbox, dir }: Stage): Promise<unknown> {
  const folder = join(dir, 'secrets');
  if (!existsSync(folder)) return undefined;
  const newest = readdirSync(folder)
    .filter((name) => name.endsWith('.token'))
    .toSorted()
    .at(-1);
  const secret = readFileSync(join(folder, newest ?? ''), 'utf8').trim();
  const answer = await fetch(`${sandbox.url}/api/v4/users/me`, { headers: { Authorization: `Bearer ${secret}` } });
  return ((await answer.json()) as { username?: string }).username;
}
