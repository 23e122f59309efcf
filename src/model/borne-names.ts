/** Names of administrators: who takes one over is taken for the administrator, by people and by programs. */
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
    changes.flatMap(({ class: name, before, person, concerns_admin: concern }) =>
      concern === 'touch' && (name === 'rename' || name === 'email') && typeof before === 'string' && account
        ? [{ name: before, account, by: person }]
        : [],
    ),
  );
}
