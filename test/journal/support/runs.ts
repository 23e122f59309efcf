/** Runs for journals: what a run notes, without a server. */
import type { Journal } from '../../../src/journal/journal.ts';
import type { KeyedStore } from '../../../src/journal/journal-store.ts';
import { beginRun, nextRunName } from '../../../src/journal/runs.ts';
import type { Clock } from '../../../src/model/clock.ts';

export const noonMs: number = Date.parse('2026-06-15T12:00:00Z');

/** Goes on by itself a little each time that it is looked at. */
export function tickingClock(startMs: number = noonMs): Clock {
  let now = startMs;
  return { now: () => (now += 7), sleep: () => Promise.resolve() };
}

/** The text of a plan; its digest is what `digestOfText` makes of it. */
export const planText = 'a plan';
export const digestOfText = (text: string): string => `digest of ${text}`;

/** Begins a run, as one that follows whatever the store has. */
export async function begin(store: KeyedStore, clock: Clock = tickingClock(), run?: string): Promise<Journal> {
  return beginRun(store, clock, run ?? (await nextRunName(store, clock.now())), {
    planText,
    tool: '0.1.0',
    server: { key: 'key', url: 'https://chat.example.com' },
    caller: 'caller',
    plan: digestOfText(planText),
    actions: 3,
  });
}

/** A run from its beginning to its end; @returns its name */
export async function wholeRun(
  store: KeyedStore,
  options: { readonly clock?: Clock; readonly actions?: number; readonly run?: string } = {},
): Promise<string> {
  const { clock = tickingClock(), actions = 3, run } = options;
  const journal = await begin(store, clock, run);
  for (let i = 1; i <= actions; i++) {
    const action = `ada/${i}`;
    await journal.intend({ action, attempt: 1, operation: 'patch-user', account: 'a' });
    journal.responded({ action, attempt: 1, result: 'written' });
    journal.ended({ action, status: 'done', as: 'written' });
  }
  await journal.close('complete', { done: actions, failed: 0, stale: 0, skipped: 0 });
  await journal.release();
  return journal.run;
}
