/** The real time, for runs outside of tests. */
export { systemClock } from '../api/system-clock.ts';
