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
