/** What a server does wrong to the job of a leak world, and whether a secret comes out by it. */
import { expect } from 'vitest';
import type { FaultKind, FaultSpec } from '../../src/sandbox/index.ts';
import { type Instead, isWriteOfJob, type Knock } from './leak-door.ts';
import { applyAll, type World, world } from './leak-world.ts';

/** The writes of the job; and the note that another run should wait, without which nothing goes on. */
function writesOf({ sandbox }: World): readonly (readonly Pick<FaultSpec, 'match' | 'times'>[])[] {
  const id = (name: string): string => sandbox.control.user(name)?.id ?? '';
  const write = (method: string, path: string, times = 1): Pick<FaultSpec, 'match' | 'times'> => ({
    match: { method, path },
    times,
  });
  return [
    [
      write('PUT', `/users/${id('ada')}/patch`),
      write('PUT', `/users/${id('abe')}/roles`),
      write('PUT', `/users/${id('dan')}/password`),
      write('PUT', `/users/${id('erin')}/active`),
      write('POST', `/users/${id('amy')}/tokens`),
      write('POST', `/users/${id('bob')}/tokens`),
      write('POST', '/users/tokens/disable'),
      write('POST', '/users/tokens/revoke', 2),
      write('POST', '/users', 4),
      write('POST', '/users/*/preferences/delete'),
    ],
    [write('PUT', '/users/*/preferences')],
  ];
}

export const serverFaults: Readonly<Record<string, FaultKind>> = {
  latency: { kind: 'latency', ms: 100 },
  'a limit': { kind: 'rate-limit', retryAfter: 1 },
  'a limit that says nothing': { kind: 'rate-limit' },
  ...Object.fromEntries(
    ([400, 401, 403, 404, 409, 413, 500, 501, 503] as const).map((status) => [
      `an error ${status}`,
      { kind: 'error', status, body: 'json' } as const,
    ]),
  ),
  'a page of a proxy': { kind: 'error', status: 502, body: 'html' },
  'nothing of a proxy': { kind: 'error', status: 504, body: 'empty' },
  'an error after all was done': { kind: 'error', status: 500, body: 'json', isAfterCommit: true },
  'a broken connection': { kind: 'reset-before-commit' },
  'a lost response': { kind: 'reset-after-commit' },
  'no answer': { kind: 'hang' },
  'a late write': { kind: 'late-commit' },
  'a late write behind a proxy': { kind: 'late-commit', meanwhile: 'gateway-timeout' },
  'an answer cut short': { kind: 'truncated-body', keep: 0.9 },
  'JSON cut short': { kind: 'broken-json', keep: 0.9 },
  'a wrong type': { kind: 'wrong-type' },
  'another wrong type': { kind: 'wrong-type', value: ['text'] },
  'a body that drips': { kind: 'slow-body', chunkBytes: 20, delayMs: 1 },
};

/** Every write of the job meets the fault, and nothing is told. */
export async function expectNoLeakBy(fault: FaultKind): Promise<void> {
  for (const part of [0, 1]) {
    const opened = await world(fault.kind === 'hang' ? { patienceMs: 150 } : {});
    const struck = writesOf(opened)[part]?.map((write) => opened.sandbox.faults.add({ ...fault, ...write }));

    const { code } = await opened.muster([...applyAll, '--format', part === 0 ? 'text' : 'json']);

    expect(code).not.toBe(1);
    expect(struck?.map(({ hits }) => hits)).not.toContain(0);
    expect(opened.leaks()).toEqual([]);
  }
}

/** Whether a request is answered with what it said; `write` counts the writes of the job. */
export type EchoChoice = (knock: Knock, write: number) => boolean;

export const echoChoices: readonly EchoChoice[] = [isWriteOfJob, (_, write) => write > 4];

/** The server repeats what it was sent, and nothing is told. */
export async function expectNoLeakByEcho(
  echo: (knock: Knock) => Instead,
  chosen: readonly EchoChoice[],
): Promise<void> {
  for (const [i, isEchoed] of chosen.entries()) {
    const opened = await world();
    let writes = 0;
    let echoed = 0;
    opened.door.rule = {
      before: (knock) => {
        if (isWriteOfJob(knock)) writes += 1;
        if (!isEchoed(knock, writes)) return undefined;
        echoed += 1;
        return echo(knock);
      },
    };
    const { code } = await opened.muster([...applyAll, '--format', i === 0 ? 'json' : 'text']);

    expect(echoed).toBeGreaterThan(0);
    expect(code).not.toBe(0);
    expect(opened.leaks(), `choice ${i}`).toEqual([]);
  }
}
