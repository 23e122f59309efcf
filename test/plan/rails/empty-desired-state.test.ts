import { expect, test } from 'vitest';
import { emptyDesiredState } from '../../../src/plan/rails/empty-desired-state.ts';
import { account, contextOf, entry, personOf, planOf } from '../../support/build-states.ts';

const change = {
  person: personOf(entry('ada'), account('ada')),
  change: { id: 'ada/active', class: 'deactivate', person: 'ada', attribute: 'active', reason: { text: 'declared' } },
} as const;

test('blocks everything where no one is declared, no matter which kind found a change', () => {
  const blocks = emptyDesiredState.check([change], contextOf({ entries: [] }));

  expect(blocks.get(change.change)).toMatchObject({ rail: 'empty-desired-state' });
});

test('blocks nothing where someone is declared', () => {
  const blocks = emptyDesiredState.check([change], contextOf({ entries: [entry('ada')] }));

  expect(blocks.size).toBe(0);
});

test('finds nothing to do for no one', () => {
  const plan = planOf({ entries: [], accounts: [account('ada')] });

  expect(plan.actions).toEqual([]);
  expect(plan.undeclared.map(({ username }) => username)).toEqual(['ada', 'root', 'spare']);
});
