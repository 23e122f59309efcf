/**
 * A sandbox of a test stands still in time unless the test gives it a clock: whether two writes fall into one
 * millisecond is luck, and no result may hang on it.
 */
import { unlessGiven } from '../../src/sandbox/unless-given.ts';

Object.assign(unlessGiven, {
  clock: () => {
    const nowMs = Date.now();
    return () => nowMs;
  },
});
