import type { Change } from '../../model/plan.ts';
import type { ResourceDefinition, Undo } from '../../model/resource-definition.ts';

/** Fields go by what the entries of the undo say, which the planner works out from the run; here they only get their reason. */
export function undoUsers(user: ResourceDefinition<'user'>): Undo {
  const definition: ResourceDefinition<'user'> = {
    ...user,
    diff: (person, context) => {
      const found = user.diff(person, context);
      return {
        ...found,
        changes: found.changes.map(asBefore),
        held: found.held.map((held) => ({ ...held, change: asBefore(held.change) })),
      };
    },
  };
  return { definition, notGivenBack: new Map() };
}

const asBefore = ({ reason, ...change }: Change): Change => ({
  ...change,
  reason: { ...reason, rule: 'undo', text: 'as before the run' },
});
