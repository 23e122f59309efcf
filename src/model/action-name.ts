/** How people read what an action is: by the classes of its changes, as in the plan. Its call is for programs. */
import type { Action, ChangeClass } from './plan.ts';

type Named = Pick<Action, 'changes' | 'person'>;

/** Each class once, in the order of the changes. */
export const classesOf = ({ changes }: Pick<Action, 'changes'>): readonly ChangeClass[] => [
  ...new Set(changes.map(({ class: name }) => name)),
];

/** Such as `rename, email of ada`. */
export const actionName = (action: Named): string => `${classesOf(action).join(', ')} of ${action.person}`;
