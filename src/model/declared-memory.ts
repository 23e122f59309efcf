import type { AccountId } from './user-values.ts';

/** How an account was declared when it last was. */
export interface LastDeclaration {
  /** As the entry wrote it. */
  readonly username: string;
  /** The moment, as ISO 8601. */
  readonly lastDeclared: string;
}

/** Which accounts had an entry when an apply last finished with everything done. */
export type DeclaredMemory = ReadonlyMap<AccountId, LastDeclaration>;

/**
 * Whose accounts are remembered, under which names, and when those were declared last who are not any more: in one order.
 *
 * @param previous - accounts that no entry means any more
 */
export function whoIsIn(
  memory: DeclaredMemory,
  previous: ReadonlySet<AccountId>,
): ReadonlyArray<readonly [AccountId, string, string]> {
  return [...memory]
    .map(([id, { username, lastDeclared }]) => [id, username, previous.has(id) ? lastDeclared : ''] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}
