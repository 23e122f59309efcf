/** Drift that is made by hand is reported, then repaired, and then there is none: against the sandbox or a running server. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ReconcileState } from '../../src/model/generated/reconcile-state.ts';
import { openBudgets } from '../apply/support/stage.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';
import { openTarget, type Target, useFastTimeOnSandbox } from './target.ts';

useFastTimeOnSandbox();

let target: Target;
let place: Workplace;

beforeAll(async () => {
  target = await openTarget();
  place = await makeWorkplace(
    {
      // Other runs of these suites may have used the budgets of the day.
      'muster.yaml': JSON.stringify({ version: 1, reconcile: { every: '15m' }, policy: { budgets: openBudgets } }),
      'users.yaml': `version: 1
users:
  - { username: ${target.prefix}ada, email: ${target.prefix}ada@example.com, nickname: Countess, position: Engineer }
  - { username: ${target.prefix}alan, email: ${target.prefix}alan@example.com, nickname: Prof }
`,
    },
    { MUSTER_SERVER: target.url, MUSTER_TOKEN: target.token },
  );
});

afterAll(async () => {
  await target.close();
});

interface Cycle {
  readonly code: number;
  /** Of the log. */
  readonly events: readonly Readonly<Record<string, unknown>>[];
  readonly state: ReconcileState;
}

async function cycle(mode: 'observe' | 'enforce'): Promise<Cycle> {
  const stateDir = ['--state-dir', join(place.dir, 'runs')];
  const { code, stderr } = await place.muster(['reconcile', '--once', '--mode', mode, '--log', 'json', ...stateDir]);
  const status = await place.muster(['status', '--format', 'json', ...stateDir]);
  const { servers } = JSON.parse(status.stdout) as { readonly servers: readonly { readonly state: ReconcileState }[] };
  const [seen] = servers;
  if (seen === undefined) throw new Error(stderr);
  const events = stderr
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  return { code, events, state: seen.state };
}

test('observe, drift made by hand, report, enforce, empty', async () => {
  const first = await cycle('enforce');
  const same = await cycle('observe');
  const ada = await target.client.users.getByUsername(`${target.prefix}ada`);
  await target.client.users.patch(ada.id, { nickname: 'Changed by hand', position: '' });

  const drifted = await cycle('observe');
  const untouched = await target.client.users.get(ada.id);
  const repaired = await cycle('enforce');
  const after = await target.client.users.get(ada.id);
  const empty = await cycle('observe');

  expect(first).toMatchObject({ code: 0, state: { drift: [], last: { done: 2, failed: 0 } } });
  expect(same).toMatchObject({ code: 0, state: { drift: [] } });
  expect(drifted.state.drift).toEqual([{ class: 'update', planned: 2, blocked: 0, held: 0 }]);
  expect(drifted.events).toContainEqual(expect.objectContaining({ type: 'drift' }));
  expect(untouched.nickname).toBe('Changed by hand');
  expect(repaired).toMatchObject({ code: 0, state: { drift: [], last: { done: 1, failed: 0 } } });
  expect(after).toMatchObject({ nickname: 'Countess', position: 'Engineer' });
  expect(empty).toMatchObject({ code: 0, state: { drift: [] } });
});
