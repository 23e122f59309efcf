import { describe, expect, test } from 'vitest';
import { type Deed, type Known, knownAt, marginMs, type Sight } from '../../../src/audit/access/known.ts';

const held = { key: 'token:1', text: 'laptop', isHeld: true };

/** A reading from noon to noon and ten seconds, whose account changed last an hour before. */
const noon = 1_000_000_000;
const hour = 3_600_000;
const sight = (more: Partial<Sight> = {}): Sight => ({
  beganMs: noon,
  endedMs: noon + 10_000,
  sinceMs: noon - hour,
  isWhole: true,
  grants: [held],
  ...more,
});

const at = (
  atMs: number,
  sights: readonly Sight[],
  { deeds = [], keysComeOnce = false }: { readonly deeds?: readonly Deed[]; readonly keysComeOnce?: boolean } = {},
): Known => knownAt({ sights, deeds, keysComeOnce }, atMs);

describe('what a reading showed', () => {
  test.each([
    ['from the last change on', noon - hour, 'known'],
    ['until a minute before the reading', noon - marginMs, 'known'],
    ['not before the last change', noon - hour - 1, 'unknown'],
    ['not in the minute before the reading', noon - marginMs + 1, 'unknown'],
    ['not while it was read, nor afterwards', noon + 1, 'unknown'],
  ] as const)('is known %s', (_, atMs, state) => {
    expect(at(atMs, [sight()]).state).toBe(state);
  });

  test('is known with the span, and with what was held or off', () => {
    const off = { key: 'token:2', text: 'old', isHeld: false };

    expect(at(noon - marginMs, [sight({ grants: [held, off] })])).toEqual({
      state: 'known',
      span: { fromMs: noon - hour, toMs: noon - marginMs },
      grants: [
        { key: 'token:1', text: 'laptop', state: 'held' },
        { key: 'token:2', text: 'old', state: 'off' },
      ],
    });
  });

  test('is not known where the reading did not show all, or the server keeps no date', () => {
    expect(at(noon - hour, [sight({ isWhole: false })]).state).toBe('unknown');
    expect(at(noon - hour, [{ beganMs: noon, endedMs: noon, isWhole: true, grants: [held] }]).state).toBe('unknown');
  });
});

describe('between two readings that show the same', () => {
  const before = sight({ beganMs: noon - 10 * hour, endedMs: noon - 10 * hour, sinceMs: noon - 11 * hour });
  const between = noon - 5 * hour;

  test('nothing is known of what may come back', () => {
    expect(at(between, [before, sight()])).toEqual({ state: 'unknown', grants: [] });
  });

  test('what never comes back was there, and more may have been', () => {
    expect(at(between, [before, sight()], { keysComeOnce: true })).toEqual({
      state: 'partly',
      grants: [{ key: 'token:1', text: 'laptop', state: 'there' }],
    });
  });

  test('what only one of them shows is not known to have been there', () => {
    for (const sights of [
      [before, sight({ grants: [] })],
      [{ ...before, grants: [] }, sight()],
    ])
      expect(at(between, sights, { keysComeOnce: true })).toEqual({ state: 'unknown', grants: [] });
  });

  test('it is called as where it worked, and by its key where it never did', () => {
    const off = { ...held, text: 'laptop, disabled', isHeld: false };
    const names = (sights: readonly Sight[]): readonly string[] =>
      at(between, sights, { keysComeOnce: true }).grants.map(({ text }) => text);

    expect(names([before, sight({ grants: [off] })])).toEqual(['laptop']);
    expect(names([{ ...before, grants: [off] }, sight({ grants: [off] })])).toEqual(['token:1']);
  });

  test('nothing is known of a minute on either side', () => {
    const partly = (atMs: number): string => at(atMs, [before, sight()], { keysComeOnce: true }).state;

    expect(partly(before.endedMs + marginMs)).toBe('partly');
    expect(partly(before.endedMs + marginMs - 1)).toBe('unknown');
    // From the last change on the second reading proves it all.
    const undated = { beganMs: noon, endedMs: noon, isWhole: true, grants: [held] };
    const until = (atMs: number): string => at(atMs, [before, undated], { keysComeOnce: true }).state;
    expect([until(noon - marginMs), until(noon - marginMs + 1)]).toEqual(['partly', 'unknown']);
  });
});

describe('what a run did', () => {
  const given: Deed = { key: 'token:1', what: 'given', beforeMs: noon - 9 * hour, afterMs: noon - 9 * hour + 5 };
  const taken: Deed = { key: 'token:1', what: 'taken', beforeMs: noon - 2 * hour, afterMs: noon - 2 * hour + 5 };
  const named = sight({ beganMs: noon - 5 * hour, endedMs: noon - 5 * hour, sinceMs: noon - 5 * hour });
  const state = (atMs: number, deeds: readonly Deed[], keysComeOnce = true): string =>
    at(atMs, [named], { deeds, keysComeOnce }).state;

  test.each([
    ['from a minute after it was made', given.afterMs + marginMs, 'partly'],
    ['and not earlier', given.afterMs + marginMs - 1, 'unknown'],
    ['until a minute before it was taken away', taken.beforeMs - marginMs, 'partly'],
    ['and not later', taken.beforeMs - marginMs + 1, 'unknown'],
  ] as const)('proves that it was there %s', (_, atMs, wanted) => {
    expect(state(atMs, [given, taken])).toBe(wanted);
    expect(state(atMs, [given, taken], false)).toBe('unknown');
  });

  test('proves nothing of another key, nor the making by the end', () => {
    const other = (deed: Deed): Deed => ({ ...deed, key: 'token:2' });

    expect(state(noon - 3 * hour, [other(taken)])).toBe('unknown');
    expect(state(noon - 7 * hour, [other(given)])).toBe('unknown');
    expect(state(noon - 7 * hour, [{ ...taken, beforeMs: given.beforeMs, afterMs: given.afterMs }])).toBe('unknown');
    expect(state(noon - 3 * hour, [{ ...given, beforeMs: taken.beforeMs, afterMs: taken.afterMs }])).toBe('unknown');
  });
});
