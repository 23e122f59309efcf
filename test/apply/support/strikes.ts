/** What a request can meet, each before or after the server carries it out. */
import type { Sandbox } from '../../../src/sandbox/index.ts';
import type { Door, Reply, Visit } from './door.ts';
import type { StageTime } from './stage-time.ts';

/** `before`: the server never carries the struck call out, or not yet. `after`: it has, and the answer meets the fault. */
export type Side = 'before' | 'after';

export interface Scene {
  readonly time: StageTime;
  readonly door: Door;
  readonly sandbox: Sandbox;
  /** Looks at the server: something happened that no request brought about. */
  readonly look: () => void;
}

/** What one request meets. */
export type Strike = (visit: Visit, side: Side, scene: Scene) => Promise<void>;

const json = { 'content-type': 'application/json' };

const reply = (status: number, body: string, headers: Reply['headers'] = json): Reply => ({
  status,
  headers,
  body: Buffer.from(body),
});

export function page(status: number): Reply {
  return reply(status, `<html><body><h1>${status}</h1></body></html>`, { 'content-type': 'text/html' });
}

/** An error as the server itself words it. */
export function errorOf(status: number, id: string = 'app.fault'): Reply {
  return reply(status, JSON.stringify({ id, message: 'A fault.', status_code: status }));
}

export function cutShort({ body, ...rest }: Reply): Reply {
  return { ...rest, body: body.subarray(0, Math.floor(body.length / 2)) };
}

export const ofAnotherType = (whole: Reply): Reply => ({ ...whole, body: Buffer.from('{"unexpected":true}') });

/** As if a proxy had made it up: nobody asked the server. */
const madeUp: Reply = reply(200, '{"id":"ybndrfg8ejkmcpqxot1uwisza3","status":"OK"}');

/** What there is to answer with: of the server after the commit, else made up. */
const answerOf = (visit: Visit, side: Side): Promise<Reply> =>
  side === 'after' ? visit.forward() : Promise.resolve(madeUp);

export function answered(given: Reply): Strike {
  return async (visit, side) => {
    await answerOf(visit, side);
    visit.answer(given);
  };
}

export function limited(retryAfter: string | undefined | ((scene: Scene) => string)): Strike {
  return (visit, _side, scene) => {
    const value = typeof retryAfter === 'function' ? retryAfter(scene) : retryAfter;
    const header = value === undefined ? {} : { 'retry-after': value };
    visit.answer(reply(429, 'limit exceeded\n', { 'content-type': 'text/plain', ...header }));
    return Promise.resolve();
  };
}

export function hungUp(how: 'close' | 'reset'): Strike {
  return async (visit, side) => {
    await answerOf(visit, side);
    visit.hangUp(how);
  };
}

export function overTheAnswer(change: (visit: Visit, reply: Reply) => void): Strike {
  return async (visit, side) => change(visit, await answerOf(visit, side));
}

/** Headers before, the body after; blanks before the JSON make every body long enough to matter. */
export function dripped(): Strike {
  return async (visit, side, { time }) => {
    const whole = await answerOf(visit, side);
    const slow = { ...whole, body: Buffer.concat([Buffer.alloc(100, ' '), whole.body]) };
    await visit.drip(slow, side === 'before' ? 'headers' : 'body', () => time.pass(1000));
  };
}

/** Longer than muster waits for an answer. */
const timeOutMs = 60_000;

export function timedOut(): Strike {
  return async (visit, side, { time, sandbox, look }) => {
    visit.keepSilent();
    if (side === 'after') await visit.forward();
    else {
      const { method, path } = visit.passage;
      sandbox.faults.add({ kind: 'late-commit', meanwhile: 'hang', match: { method, path } });
      visit.forward().catch(() => undefined);
    }
    await time.pass(timeOutMs);
    if (side === 'after') return;
    time.after(30_000, () => {
      sandbox.faults.flush();
      look();
    });
  };
}

const refusedMs = 20_000;
/** So long that the next run still plans from old data. */
const laggingMs = 150_000;

export function restarted(): Strike {
  return async (visit, side, { time, door, sandbox }) => {
    await answerOf(visit, side);
    visit.hangUp('reset');
    door.lock();
    const upAtMs = time.passedMs + refusedMs;
    time.after(refusedMs, () => {
      const forMs = upAtMs + laggingMs - time.passedMs;
      sandbox.faults.add({ kind: 'stale-read', writes: 2, times: Number.POSITIVE_INFINITY, forMs });
      void door.unlock();
    });
  };
}

export function jumped(by: { readonly hostMs?: number; readonly serverMs?: number }): Strike {
  return async (visit, side, { time }) => {
    if (side === 'before') time.jump(by);
    const whole = await visit.forward();
    if (side === 'after') time.jump(by);
    visit.answer(whole);
  };
}
