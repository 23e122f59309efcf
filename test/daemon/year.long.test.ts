/**
 * The loop for a year on a clock that passes only when something waits, with its memory on the disk and a server of one field
 * for each person in place of the use case: random drift, a server that goes away, wishes that change, pauses, and windows in
 * five time zones. soak.long.test.ts has the whole way down to a server for less time.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { cycleWith } from '../../src/daemon/cycle.ts';
import { Metrics } from '../../src/daemon/metrics.ts';
import { isOpenAt } from '../../src/daemon/windows.ts';
import { say } from '../../src/model/messages/message.ts';
import { MusterError } from '../../src/model/muster-error.ts';
import type { RunResult } from '../../src/model/outcome.ts';
import type { Action, Plan } from '../../src/model/plan.ts';
import type { ReconcileSettings, Window } from '../../src/model/reconcile-settings.ts';
import { weekdays } from '../../src/model/reconcile-settings.ts';
import { contestedKeyOf, type Withheld } from '../../src/model/withheld.ts';
import { seedsOf } from '../support/seeds.ts';
import { day, hour, minute, startLoops } from './support/world.ts';

/** `PROPERTY_RUNS_FACTOR=4` tries a whole year. */
const { count: days } = seedsOf(92);
/** So many that two drifts of one person within a week, which are a fight, are rare. */
const people = 300;
const interval = 15 * minute;
const jitter = minute;
const startMs = Date.parse('2027-01-04T08:00:00Z');

const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Auckland'];
const windows = zones.map((timeZone): Window => {
  return { rule: 'deny', days: new Set(weekdays), fromMinute: 120, toMinute: 210, timeZone };
});

class DownError extends MusterError {
  override readonly name = 'DownError';

  constructor() {
    super(say('API_UNAVAILABLE', { is: 'answered', answer: '503' }));
  }
}

/** Numbers that look like chance. */
function chance(seed: number): () => number {
  let drawn = seed;
  return () => {
    drawn = (drawn * 16_807) % 2_147_483_647;
    return drawn / 2_147_483_647;
  };
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
function heapNow(): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

const actionOf = (person: string, before: string, after: string): Action =>
  ({
    id: `${person}-patch`,
    person,
    changes: [
      {
        id: `${person}/nickname`,
        class: 'update',
        person,
        attribute: 'nickname',
        before,
        after,
        reason: { text: 'declared' },
      },
    ],
  }) as unknown as Action;

const planOf = (all: readonly Action[], { contested }: Withheld): Plan => {
  const isHeld = ({ changes }: Action): boolean => changes.some((change) => contested.has(contestedKeyOf(change)));
  const held = all.filter(isHeld).flatMap(({ changes }) => changes.map((change) => ({ change, code: 'contested' })));
  return { actions: all.filter((one) => !isHeld(one)), held, blocked: [], summary: {} } as unknown as Plan;
};

test(`${days} days of the loop notice every drift in time, write it once, keep their memory, and count right`, async () => {
  const loops = await startLoops(
    { 'muster.yaml': 'version: 1\n', 'users.yaml': 'version: 1\nusers: []\n' },
    {},
    startMs,
  );
  const { clock, ports } = loops;
  const draw = chance(7);
  const wanted = new Map(Array.from({ length: people }, (_, i) => [`person${i}`, 'Own']));
  const live = new Map(wanted);
  const drifted = new Map<string, number>();
  let [downUntilMs, quietUntilMs, drifts, noticed, latestMs, writes, told, twice] = [0, 0, 0, 0, 0, 0, 0, 0];
  let settings: ReconcileSettings = {
    mode: 'enforce',
    schedule: { everyMs: interval },
    jitterMs: jitter,
    fullReadMs: 0,
    windows,
    notices: [],
  };
  let keeper: Parameters<NonNullable<typeof ports.show>>[0] | undefined;
  let heapAtMonth = 0;
  const metrics = new Metrics({ states: () => (keeper === undefined ? [] : [keeper.state]), now: () => clock.now() });

  clock.onPass = (nowMs) => {
    if (heapAtMonth === 0 && nowMs - startMs >= Math.min(30, days / 2) * day) heapAtMonth = heapNow();
    const number = draw();
    const name = `person${Math.floor(draw() * people)}`;
    if (nowMs < quietUntilMs) return;
    const { suspend: _, ...rest } = settings;
    settings = rest;
    if (number < 0.02 && live.get(name) === wanted.get(name)) {
      live.set(name, `Other${drifts++}`);
      drifted.set(name, nowMs);
      // Nothing else happens before it is noticed.
      quietUntilMs = nowMs + interval + jitter;
    } else if (number < 0.02 && live.get(name) !== wanted.get(name)) {
      // What is held is put right by a person.
      live.set(name, wanted.get(name) ?? '');
    } else if (number < 0.0204) {
      downUntilMs = nowMs + Math.floor(draw() * 20) * hour;
      quietUntilMs = downUntilMs + 8 * hour;
    } else if (number < 0.024) {
      wanted.set(name, `Own${drifts}`);
    } else if (number < 0.0245) {
      settings = { ...settings, suspend: { reason: 'upgrade', by: 'grace', untilMs: nowMs + 3 * hour } };
      quietUntilMs = nowMs + 4 * hour;
    }
  };

  const useCase = (
    mode: ReconcileSettings['mode'],
    withheld: Withheld,
  ): Promise<{ plan: Plan; result?: RunResult }> => {
    const nowMs = clock.now();
    if (nowMs < downUntilMs) return Promise.reject(new DownError());
    for (const [, sinceMs] of drifted) latestMs = Math.max(latestMs, nowMs - sinceMs);
    noticed += drifted.size;
    drifted.clear();
    const actions = [...wanted].flatMap(([name, after]) => {
      const before = live.get(name) ?? '';
      return before === after ? [] : [actionOf(name, before, after)];
    });
    const plan = planOf(actions, withheld);
    if (mode === 'observe') return Promise.resolve({ plan });
    if (!isOpenAt(windows, nowMs)) throw new Error('written outside of a window');
    for (const { person } of plan.actions) {
      if (live.get(person) === wanted.get(person)) twice++;
      live.set(person, wanted.get(person) ?? '');
      writes++;
    }
    const results = plan.actions.map((action) => {
      return {
        action,
        outcome: { status: 'done', as: 'written', notes: [] } as const,
        attempts: [],
        startedMs: nowMs,
        endedMs: nowMs,
      };
    });
    return Promise.resolve({ plan, result: { results, created: new Map(), interrupted: false } });
  };

  try {
    await loops.runWith(days * day, {
      random: chance(11),
      show: (shown) => {
        keeper = shown;
      },
      tell: (event) => {
        metrics.note(event, keeper?.state);
        if (event.type === 'cycle') told += event.done ?? 0;
      },
      look: () => Promise.resolve('files of no interest'),
      runCycle: (state) => cycleWith(settings, state, { clock }, useCase),
    });

    const { cycles = 0 } = keeper?.state ?? {};
    const text = await metrics.text();
    const counted = [...text.matchAll(/^muster_cycles_total\{.*\} (\d+)$/gm)].reduce(
      (sum, [, n]) => sum + Number(n),
      0,
    );
    expect(drifts).toBeGreaterThan(days);
    expect(latestMs).toBeLessThanOrEqual(interval + jitter);
    expect(noticed).toBe(drifts);
    expect(cycles).toBeGreaterThan(80 * days);
    expect(writes).toBeGreaterThan(days);
    expect(twice).toBe(0);
    expect(told).toBe(writes);
    expect(text).toContain(`outcome="done"} ${writes}\n`);
    expect(counted).toBe(cycles);
    expect((await loops.state()).cycles).toBe(cycles);
    expect(heapNow()).toBeLessThan(heapAtMonth * 1.1);
  } finally {
    await loops.close();
  }
});
