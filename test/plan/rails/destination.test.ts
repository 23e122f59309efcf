import { expect, test } from 'vitest';
import type { Delivery } from '../../../src/model/resource-definition.ts';
import { account, blockedOf, entry, operationsOf, planOf, wantedToken } from '../../support/build-states.ts';

const temporary: Delivery = { isFolderNamed: false, isMachineTemporary: true };

const planTo = (delivery: Delivery, sink?: string): ReturnType<typeof planOf> => {
  const tokens = [wantedToken('ci', sink === undefined ? {} : { sink })];
  return planOf({ entries: [entry('ada', {}, { tokens })], accounts: [account('ada')] }, { delivery });
};

test('a secret that would stay in the default folder of a machine that is thrown away is not made', () => {
  const plan = planTo(temporary);

  expect(blockedOf(plan)).toEqual(['ada/tokens/ci@1/token-create: destination']);
  expect(plan.actions).toEqual([]);
});

test.each<[where: string, delivery: Delivery, sink?: string]>([
  ['in a folder that somebody named', { ...temporary, isFolderNamed: true }],
  ['in the default sink', { ...temporary, defaultSink: 'vault' }],
  ['in a sink of its own', temporary, 'vault'],
  ['on a machine that stays', { isFolderNamed: false, isMachineTemporary: false }],
])('a secret %s is made', (_, delivery, sink) => {
  expect(operationsOf(planTo(delivery, sink))).toEqual(['create-token']);
});
