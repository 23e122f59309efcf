/** Some of what `npm run lock-out` does by the million. */
import { describe, test } from 'vitest';
import { checkLockOut } from '../support/every-plan.ts';

describe('in every order that the edges allow,', () => {
  // oxlint-disable-next-line vitest/expect-expect -- the property expects
  test('whatever fails, enough administrators are left', () => {
    checkLockOut(5000);
  });
});
