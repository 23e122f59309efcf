import { dayMs } from './duration.ts';

/** How old a plan may be when it is applied. */
export const defaultLifetimeMs: number = dayMs;

/** How old the one who applies it may let it be. Longer than that no trace of a plan is needed. */
export const longestLifetimeMs: number = 14 * dayMs;
