import type { CommonThings, LiveByKind, OwnedKind } from './kinds.ts';
import type { EmailDomains, LiveUser, ServerFacts } from './live-state.ts';
import { say } from './messages/message.ts';
import { MusterError } from './muster-error.ts';
import type { ImportRules } from './resource-definition.ts';
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
  /** Of `needed`, those of whom also matters what they have in shared things that `asks` does not name; absent: of no one. */
  readonly everything?: readonly AccountId[];
  /** The same, but only of those of whom a cheap listing shows something. */
  readonly ifAny: readonly AccountId[];
  /** Of these only what is there matters: what a cheap listing shows is enough, and nothing is concluded from the rest. */
  readonly shown: readonly AccountId[];
  /** What of the shared things matters, by their names; absent: nothing. */
  readonly asks?: ReadonlyMap<string, AskedOf>;
  /** Shared things of which everyone inside has to be known, by their names; absent: none. */
  readonly wholes?: readonly string[];
}

/** What is asked of a thing that accounts share, such as a team. */
export interface AskedOf {
  /** What these accounts have there has to be known. */
  readonly accounts: readonly AccountId[];
  /** How many people without an account are to have it. */
  readonly newcomers: number;
  /** Something may be taken from one of them there: what protects those who are left has to be known. */
  readonly mayTake: boolean;
  /** What these accounts have inside of it has to be known, too. */
  readonly within: readonly AccountId[];
}

/** Things of one kind, by owner. */
export interface OwnedRead<Live> {
  /** An account has a value, however empty, only where the answer proves it complete. */
  readonly known: ReadonlyMap<AccountId, Live>;
  /** What a listing showed of accounts of `shown`; those that were asked one by one stand in `known`. */
  readonly shown: ReadonlyMap<AccountId, Live>;
  /** What belongs to no single account. */
  readonly common?: CommonThings;
  /** Accounts inside of `wholes`; absent: none. */
  readonly insiders?: readonly AccountId[];
  /** What all of it follows from, beside what was wanted; absent: from more than that. */
  readonly restsOn?: RestsOn;
}

/** What an answer follows from: what `list` gives, and what these accounts have. */
export interface RestsOn {
  readonly isListed: boolean;
  /** They stand in `known`. */
  readonly searched: readonly AccountId[];
}

/** What accounts have of one kind; who has nothing may be missing. */
export interface ReadOfAll<Live> {
  readonly byOwner: ReadonlyMap<AccountId, Live>;
  /** `pages`: a listing that another reading proved; `searches`: each account was asked. */
  readonly by: 'pages' | 'searches';
  /** Why some of it, or all, could not be read. */
  readonly missing?: string;
}

/** Reads the things of one kind. */
export interface OwnedReader<Live> {
  read(wanted: WantedOwners, askEach: AskEach): Promise<OwnedRead<Live>>;
  /** Whether `read` tells all that an account has, or only of what was asked about. */
  readonly readsWhole: boolean;
  /** What a listing of everybody's shows, by owner: it proves nothing absent. `refused`: the caller may not list. */
  list(): Promise<ReadonlyMap<AccountId, Live> | 'refused'>;
  /** What all of these accounts have. Must ask each of them where no listing can be proven. */
  readAll(accounts: readonly LiveUser[], askEach: AskEach): Promise<ReadOfAll<Live>>;
  /** The same for entries that are written from it. Must ask each account of which an entry would also say what is not there. */
  readForEntries(
    accounts: readonly LiveUser[],
    rules: Pick<ImportRules, 'memberships'>,
    askEach: AskEach,
  ): Promise<ReadonlyMap<AccountId, Live>>;
}

export interface RoleFacts {
  readonly roles: ReadonlySet<string>;
  readonly administrativeRoles: ReadonlySet<string>;
}

/** The server was asked for an e-mail that is none to it. */
export class EmailNotTakenError extends MusterError {
  override readonly name = 'EmailNotTakenError';

  constructor(cause: unknown) {
    super(say('EMAIL_NOT_TAKEN', {}), { cause });
  }
}

/** Texts that are there already, and that an account may have, too: each of its own that equals one is kept once, as that one. */
export type ExpectedTexts = Readonly<
  Partial<
    Record<'username' | 'email' | 'first_name' | 'last_name' | 'nickname' | 'position' | 'locale', string | undefined>
  >
>;

/** What the live state is read through. Whatever stands behind it can only read. */
export interface LiveReader {
  /**
   * Everything but the domains of e-mails.
   *
   * @param roles - names whose existence is asked for
   */
  facts(roles: readonly string[]): Promise<ServerFacts>;
  /** Domains to which the server holds the e-mails of accounts; `undefined`: it does not tell. */
  emailDomains(): Promise<EmailDomains | undefined>;
  /** What the server says of roles; names that it does not have are left out. */
  roles(names: readonly string[]): Promise<RoleFacts>;
  /**
   * The accounts that have one of the names, which must be lower case; unknown names are left out.
   *
   * @param expected - by name; nothing but the memory that is taken hangs on it
   */
  usersByNames(
    names: readonly string[],
    expected?: (username: string) => ExpectedTexts | undefined,
  ): Promise<readonly LiveUser[]>;
  usersByIds(ids: readonly AccountId[]): Promise<readonly LiveUser[]>;
  /**
   * @returns `undefined` when the server said that no account has this e-mail
   * @throws {EmailNotTakenError} when the server calls it no e-mail at all
   */
  userByEmail(email: string): Promise<LiveUser | undefined>;
  /**
   * Every account, in pages; the order of the server may shift while it is read.
   *
   * @param expected - how many there are as far as is known: they come faster then
   */
  userPages(expected?: number): AsyncIterable<readonly LiveUser[]>;
  /** How many accounts there are, of every sort. */
  countUsers(): Promise<number>;
  /** How many active people there are: no bots, and no accounts of other servers. */
  countActivePeople(): Promise<number>;
  /** Active bots that the server disables together with their owners, by owner; none where it leaves them alone. */
  botsThatGo(): Promise<ReadonlyMap<AccountId, readonly string[]>>;
  /** A reader for each kind of things that accounts own. */
  readonly owned: { readonly [K in OwnedKind]: OwnedReader<LiveByKind[K]> };
  /** Requests made so far. */
  requests(): number;
}
