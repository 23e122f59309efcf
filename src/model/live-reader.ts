import type { LiveByKind, OwnedKind } from './kinds.ts';
import type { LiveUser, ServerFacts } from './live-state.ts';
import { MusterError } from './muster-error.ts';
import type { AccountId } from './user-values.ts';

/** Asks one question for each item, a few at a time, and shows progress; answers stand in the order of the items. */
export type AskEach = <Item, Result>(
  what: string,
  items: readonly Item[],
  ask: (item: Item) => Promise<Result>,
) => Promise<readonly Result[]>;

/** Whose things of a kind matter. */
export interface WantedOwners {
  /** Everything that these own has to be known. */
  readonly needed: readonly AccountId[];
  /** Of these only whether something is left over. */
  readonly ifAny: readonly AccountId[];
}

/** Reads the things of one kind. */
export interface OwnedReader<Live> {
  /**
   * - Must give an account a value, however empty, only where the answer proves it complete.
   * - May leave out accounts of `ifAny` that a cheap listing does not show.
   */
  read(wanted: WantedOwners, askEach: AskEach): Promise<ReadonlyMap<AccountId, Live>>;
  /** What a listing of everybody's shows, by owner: it proves nothing absent. `refused`: the caller may not list. */
  list(): Promise<ReadonlyMap<AccountId, Live> | 'refused'>;
  /** Everything of this kind, by owner, for an import. */
  readAll(askEach: AskEach): Promise<ReadonlyMap<AccountId, Live>>;
}

export interface RoleFacts {
  readonly roles: ReadonlySet<string>;
  readonly administrativeRoles: ReadonlySet<string>;
}

/** The server was asked for an e-mail that is none to it. */
export class EmailNotTakenError extends MusterError {
  override readonly name = 'EmailNotTakenError';
  readonly code = 'EMAIL_NOT_TAKEN';
  readonly blame = 'user';

  constructor(cause: unknown) {
    super('the server refused an e-mail that it was asked for', { hint: 'check its spelling', cause });
  }
}

/** What the live state is read through. Whatever stands behind it can only read. */
export interface LiveReader {
  /** @param roles - names whose existence is asked for */
  facts(roles: readonly string[]): Promise<ServerFacts>;
  /** What the server says of roles; names that it does not have are left out. */
  roles(names: readonly string[]): Promise<RoleFacts>;
  /** The accounts that have one of the names, which must be lower case; unknown names are left out. */
  usersByNames(names: readonly string[]): Promise<readonly LiveUser[]>;
  usersByIds(ids: readonly AccountId[]): Promise<readonly LiveUser[]>;
  /**
   * @returns `undefined` when the server said that no account has this e-mail
   * @throws {EmailNotTakenError} when the server calls it no e-mail at all
   */
  userByEmail(email: string): Promise<LiveUser | undefined>;
  /** Every account, in pages; the order of the server may shift while it is read. */
  userPages(): AsyncIterable<readonly LiveUser[]>;
  /** How many accounts there are, of every sort. */
  countUsers(): Promise<number>;
  /** A reader for each kind of things that accounts own. */
  readonly owned: { readonly [K in OwnedKind]: OwnedReader<LiveByKind[K]> };
  /** Requests made so far. */
  requests(): number;
}
