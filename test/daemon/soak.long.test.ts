/**
 * Weeks of cycles on a clock that passes only when something waits: drift, a server that goes away, files that change, pauses
 * and windows in five time zones, by a row of numbers that is the same each time. The whole way down to a server; year.long.test.ts has the loop alone for longer.
 */
import { expect, test } from 'vitest';
import { Metrics } from '../../src/daemon/metrics.ts';
import type { ReconcileEvent } from '../../src/model/reconcile-event.ts';
import { day, hour, type Loops, minute, startLoops } from './support/world.ts';

const days = 5;
const interval = 15 * minute;
const jitter = minute;
const startMs = Date.parse('2027-01-04T08:00:00Z');
const people = ['ada', 'grace', 'linus'];

const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Auckland'];
const windows = zones.map((zone) => `    - { rule: deny, from: "02:00", to: "03:30", time_zone: ${zone} }`).join('\n');
const config = (suspend = ''): string =>
  `version: 1\nreconcile:\n  mode: enforce\n  every: ${interval / minute}m\n  jitter: 1m\n${suspend}  windows:\n${windows}\n`;
const users = (word: string): string =>
  `version: 1\nusers:\n${people.map((name) => `  - { username: ${name}, nickname: ${word} }`).join('\n')}\n`;

/** Numbers that look like chance. */
function chance(seed: number): () => number {
  let drawn = seed;
  return () => {
    drawn = (drawn * 16_807) % 2_147_483_647;
    return drawn / 2_147_483_647;
  };
}

/** What the world does, and what is seen of it. */
class Story {
  readonly loops: Loops;
  readonly metrics: Metrics;
  /** When each drift that no one has noticed yet began. */
  readonly unseen: number[] = [];
  readonly latest: number[] = [];
  drifts = 0;
  writes = 0;
  done = 0;
  #random = chance(7);
  #word = 0;
  #quietUntilMs = 0;
  #todo: Promise<void> = Promise.resolve();

  constructor(loops: Loops) {
    this.loops = loops;
    this.metrics = new Metrics({
      states: () => (this.keeper === undefined ? [] : [this.keeper.state]),
      now: () => loops.clock.now(),
    });
  }

  keeper: Parameters<NonNullable<Loops['ports']['show']>>[0] | undefined;

  /** Between two cycles, right before the next. */
  happen(nowMs: number): void {
    const { sandbox } = this.loops;
    for (const { method, path } of sandbox.requests) if (method === 'PUT' && path.endsWith('/patch')) this.writes++;
    (sandbox.requests as unknown[]).length = 0;
    if (nowMs < this.#quietUntilMs) return;
    const draw = this.#random();
    if (draw < 0.02) this.#drift(nowMs);
    // What has not been noticed yet could not be in time.
    else if (this.unseen.length > 0) return;
    else if (draw < 0.022) {
      sandbox.faults.add({ kind: 'error', status: 503, times: Number.POSITIVE_INFINITY, forMs: 2 * hour });
      this.#pause(nowMs, Math.max(12 * hour, 8 * interval));
    } else if (draw < 0.024) {
      this.#word++;
      this.#write({ 'users.yaml': users(`Word${this.#word}`) });
    } else if (draw < 0.026) {
      const until = new Date(nowMs + 3 * hour).toISOString().slice(0, 19);
      this.#write({ 'muster.yaml': config(`  suspend: { reason: upgrade, by: grace, until: "${until}Z" }\n`) });
      this.#pause(nowMs, 4 * hour);
    }
  }

  /** Everything written that was to be. */
  settle(): Promise<void> {
    return this.#todo;
  }

  note(event: ReconcileEvent): void {
    this.metrics.note(event, this.keeper?.state);
    if (event.type !== 'cycle' || event.outcome !== 'looked') return;
    this.done += event.done ?? 0;
    const nowMs = this.loops.clock.now();
    for (const sinceMs of this.unseen.splice(0)) this.latest.push(nowMs - sinceMs);
  }

  #drift(nowMs: number): void {
    const name = people[Math.floor(this.#random() * people.length)] ?? 'ada';
    this.loops.sandbox.control.updateUser(name, { nickname: `Other${this.drifts}` });
    this.drifts++;
    this.unseen.push(nowMs);
  }

  /** Nothing else happens before the server, or the pause, is over. */
  #pause(nowMs: number, ms: number): void {
    this.#quietUntilMs = nowMs + ms;
  }

  #write(files: Readonly<Record<string, string>>): void {
    this.#todo = this.#todo.then(() => this.loops.write(files));
  }
}

test(`${days} days of cycles notice every drift in time, write nothing twice, and count right`, async () => {
  const seed = people.map((username) => ({ username, email: `${username}@example.com` }));
  const loops = await startLoops({ 'muster.yaml': config(), 'users.yaml': users('Word0') }, { users: seed }, startMs);
  try {
    const story = new Story(loops);
    const random = chance(11);
    loops.clock.onPass = (nowMs) => story.happen(nowMs);
    const own: Partial<typeof loops.ports> = {
      random,
      tell: (event) => story.note(event),
      show: (keeper) => {
        story.keeper = keeper;
      },
    };

    await loops.runWith(days * day, own);
    await story.settle();

    expect(story.keeper?.state.cycles).toBeGreaterThan((days * day * 0.8) / (interval + jitter));
    expect(story.drifts).toBeGreaterThan(0);
    expect(Math.max(...story.latest)).toBeLessThanOrEqual(interval + jitter);
    expect(story.writes).toBe(story.done);
    const text = await story.metrics.text();
    expect(text).toContain(`outcome="done"} ${story.done}\n`);
  } finally {
    await loops.close();
  }
});
