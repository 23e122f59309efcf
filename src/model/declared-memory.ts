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

/** Whose accounts are remembered, and under which names, whenever they were declared: pairs, in one order. */
export function whoIsIn(memory: DeclaredMemory): ReadonlyArray<readonly [AccountId, string]> {
  return [...memory].map(([id, { username }]) => [id, username] as const).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
