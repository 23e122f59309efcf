/** Names of administrators: who takes one over is taken for the administrator, by people and by programs. */
import { rowOf } from './change-classes.ts';
import type { Plan } from './plan.ts';
import type { AccountId } from './user-values.ts';

/** A username or an e-mail that an administrator has, or had. */
export interface BorneName {
  readonly name: string;
  readonly account: AccountId;
  /** The username of the administrator. */
  readonly by: string;
}

/** The code of the notice that such a name goes to another account. */
export const administratorsName = 'administrators-name';

/** Names that a plan takes from accounts of administrators. */
export function borneIn({ actions }: Pick<Plan, 'actions'>): readonly BorneName[] {
  return actions.flatMap(({ account, changes }) =>
    changes.flatMap((change) => {
      const { before, person, concerns_admin: concern } = change;
      const isName = rowOf(change).names !== undefined && typeof before === 'string';
      return concern === 'touch' && isName && account ? [{ name: before, account, by: person }] : [];
    }),
  );
}
