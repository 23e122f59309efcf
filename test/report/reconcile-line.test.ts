import { expect, test } from 'vitest';
import { reconcileText } from '../../src/report/reconcile-line.ts';

const looked = { type: 'cycle', outcome: 'looked', mode: 'observe', left: 1 } as const;

test('a cycle that only looked since no window is open says so, and until when', () => {
  expect(reconcileText({ ...looked, closed_until: '2027-01-04T10:00:00.000Z' }, false)).toBe(
    'observe: 1 change left, window closed until 2027-01-04T10:00:00Z: only looking',
  );
  expect(reconcileText({ ...looked, closed_until: '' }, false)).toBe(
    'observe: 1 change left, window closed: only looking',
  );
  expect(reconcileText(looked, false)).toBe('observe: 1 change left');
});
