/** Gains of administration that a person could see before they fell due. */
import { canonicalJson } from './canonical-json.ts';
import type { Change, Plan } from './plan.ts';

export interface Shown {
  readonly keys: ReadonlySet<string>;
  /** A person is about to look at this very plan, and decides. */
  readonly isAskedFor: boolean;
}

export const notShown: Shown = { keys: new Set(), isAskedFor: false };

/** The same change, of the same account, keeps its key between plans. */
export const shownKey = ({ id, class: name, after, whom }: Change): string =>
  canonicalJson([id, name, after ?? null, whom ?? null]);

/** What stands in a plan as due or scheduled; what is blocked or held in it was not let through by anybody. */
export function shownIn({ actions, scheduled }: Pick<Plan, 'actions' | 'scheduled'>): readonly string[] {
  const changes = [...actions.flatMap((action) => action.changes), ...scheduled.map(({ change }) => change)];
  return changes.filter((change) => change.concerns_admin === 'gain').map(shownKey);
}
