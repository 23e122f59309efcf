/** The real time, for whoever runs use cases for real. */
export { systemClock } from '../api/system-clock.ts';
