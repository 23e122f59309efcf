import type { Change } from '../../model/plan.ts';
import type { ResourceDefinition, Undo } from '../../model/resource-definition.ts';
import { isSlip } from './definition-settings.ts';

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
        // What was there before the run is no slip of anybody's pen.
        problems: found.problems.filter((problem) => !isSlip(problem)),
      };
    },
  };
  return { definition, notGivenBack: new Map() };
}

const asBefore = ({ reason, ...change }: Change): Change => ({
  ...change,
  reason: { ...reason, rule: 'undo', text: 'as before the run' },
});
