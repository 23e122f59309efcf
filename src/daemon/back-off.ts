/** How long to wait after a cycle that failed. Pure: what is left to chance is an argument. */
import { hourMs } from '../model/duration.ts';
import type { Random } from './schedule.ts';

const baseMs = 60_000;
const longestMs = hourMs;
const longestSlowMs = 6 * hourMs;

/**
 * After a failure: a minute, then twice as long each time, an hour at most; a half of it by chance, so that many
 * processes do not come back at the same moment. Where cycles are more frequent than a minute, from their interval on.
 *
 * @param failures - in a row, from 1 on
 */
export function retryDelayMs(failures: number, intervalMs: number, random: Random): number {
  return withChance(Math.min(longestMs, Math.min(baseMs, intervalMs) * 2 ** Math.min(failures - 1, 20)), random);
}

/**
 * Of what is in quarantine: an hour, then twice as long each time, six hours at most.
 *
 * @param tries - so far, from 1 on
 */
export function slowDelayMs(tries: number, random: Random): number {
  return withChance(Math.min(longestSlowMs, hourMs * 2 ** Math.min(tries - 1, 20)), random);
}

const withChance = (ms: number, random: Random): number => Math.floor(ms / 2 + (random() * ms) / 2);
