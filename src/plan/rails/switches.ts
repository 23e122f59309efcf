import { rowOf } from '../../model/change-classes.ts';
import type { ResourceDefinition } from '../../model/resource-definition.ts';
import { blockEach, type Rail } from './rail.ts';

/** A feature that is off on the server refuses the call, or makes an account with which no person can sign in: each kind says so. */
export function switchRail(kinds: readonly ResourceDefinition[]): Rail {
  const byKind = new Map(kinds.map((one) => [one.kind, one]));
  return {
    name: 'switch',
    check: (changes, context) =>
      blockEach(changes, ({ change, person }) => {
        return byKind.get(rowOf(change).kind)?.switchedOff(change, person, context);
      }),
  };
}
