/** What a full read saw of the people of a server, so that later reads need to ask only for what has changed since. */
import type { LiveUser } from './live-things.ts';
import type { AccountId } from './user-values.ts';

export interface SeenPeople {
  /** When the read began, by the clock of this machine; milliseconds since the epoch, as all moments here. */
  readonly startedMs: number;
  /** The same by the clock that the answers of the server showed. */
  readonly serverStartedMs: number;
  /** Accounts of every sort that the server counted, before and after. */
  readonly total: number;
  /** Whether every account of the server is among `users`. */
  readonly isEverybody: boolean;
  readonly users: ReadonlyMap<AccountId, LiveUser>;
  /** The people who were created last. */
  readonly newest: ReadonlySet<AccountId>;
  readonly bots: ReadonlySet<AccountId>;
}

/** How the server was read: whole, or as far as it may have changed since a full read. */
export interface ReadKind {
  readonly is: 'full' | 'warm';
  /** When the last full read began, which may be this one. */
  readonly fullMs: number;
  /** Nothing had changed since an earlier plan, so that it is the plan of now; absent: it was made anew. */
  readonly isSamePlan?: true;
}

/** Why a full read is made where a warm one was asked for. */
export type WhyFull = keyof typeof whyFull;

/** Each goes on after "full read: ". */
export const whyFull = {
  'none-kept': 'nothing is kept of an earlier one',
  'not-believed': 'what is kept of the last one is not as it was written, or another token signed it',
  'another-place':
    'what is kept is of another server, another version of it, another caller, or another version of muster',
  'too-old': 'the last one is too long ago',
  'put-back': 'an older state of what is kept was put back',
  'clock-moved': 'the clock of the server or of this machine was put forward or back',
  'much-changed': 'much has changed',
  'not-told': 'the server does not say who is new',
  'many-new': 'many people are new',
  'count-differs': 'accounts were deleted, or came unseen',
  contradicted: 'an account is not as its time of the last change says',
  'auth-unclear': 'an entry names sign-in data that none of its accounts is known to have',
  'needs-listing': 'everybody has to be listed',
  'changed-meanwhile': 'an account of the plan has changed meanwhile',
} as const;

/** A person as a list of the newest ones shows them. */
export interface NewPerson {
  readonly id: AccountId;
  readonly username: string;
  readonly createdMs: number;
}

/** What a warm read asks beyond a full one. `undefined`: the server has no such list, or does not show it. */
export interface WarmSource {
  /** Accounts with one of these ids whose time of the last change is after the moment. */
  changedSince(ids: readonly AccountId[], sinceMs: number): Promise<readonly LiveUser[]>;
  /** The people who were created last, the newest first; bots are left out. */
  newestPeople(): Promise<readonly NewPerson[] | undefined>;
  bots(): Promise<ReadonlyArray<Pick<NewPerson, 'id' | 'username'>> | undefined>;
  /** What the clock of the server showed last. */
  serverTimeMs(): number | undefined;
}

/** So many people stand in the list of the newest; where all of them are new, more may be. */
export const newestShown = 100;
