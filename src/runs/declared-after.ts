/** Who is declared once a run has done everything that its plan says. */
import type { DeclaredMemory } from '../model/declared-memory.ts';
import type { LiveUser } from '../model/live-state.ts';
import type { Plan } from '../model/plan.ts';
import type { Match } from '../model/resource-definition.ts';
import type { AccountId } from '../model/user-values.ts';

export interface PlannedRun {
  readonly plan: Plan;
  /** Whom the entries meant before the run, or mean after it. */
  readonly matching: { readonly people: readonly Match[] };
  /** Accounts that were remembered as declared and that no entry means any more. */
  readonly previouslyDeclared?: ReadonlyArray<{ readonly account: LiveUser }>;
}

/**
 * What to remember after a run in place of what was remembered before it. Only the active are remembered; an account whose
 * entry is gone stays in the memory until it is seen inactive, or is declared again.
 *
 * @param created - accounts that the run made, by the username that the entry declares
 */
export function declaredAfter(
  before: DeclaredMemory,
  { plan, matching, previouslyDeclared = [] }: PlannedRun,
  created: ReadonlyMap<string, AccountId>,
  nowMs: number,
): DeclaredMemory {
  const memory = new Map(before);
  for (const { account } of previouslyDeclared) if (!account.values.active) memory.delete(account.id);
  const isActive = activeAfter(plan);
  const lastDeclared = new Date(nowMs).toISOString();
  for (const match of matching.people) {
    const { username } = match.desired;
    const id = match.account?.id ?? created.get(username);
    if (id === undefined) continue;
    if (isActive(match)) memory.set(id, { username, lastDeclared });
    else memory.delete(id);
  }
  return memory;
}

/** Whether a person may sign in once a plan is carried out. */
function activeAfter({ actions }: Plan): (match: Match) => boolean {
  const switched = new Map(
    actions.flatMap(({ person, call: { operation } }) =>
      operation === 'activate' || operation === 'deactivate' ? [[person, operation === 'activate'] as const] : [],
    ),
  );
  return ({ desired, account }) => switched.get(desired.username) ?? account?.values.active ?? true;
}
