import type { CommonThings, OwnedThings, SeenThings } from './kinds.ts';
import type { LiveUser } from './live-things.ts';
import type { AccountId, UserAttribute } from './user-values.ts';

export type { LiveToken, LiveUser } from './live-things.ts';

export interface Caller {
  readonly id: AccountId;
  readonly username: string;
  /** Owner of a calling bot: deactivating that person would disable the bot. */
  readonly ownerId?: AccountId;
  readonly permissions: ReadonlySet<string>;
}

export interface Seats {
  /** Active people that count. */
  readonly used: number;
  /** Creating and activating is refused from here on; absent: no limit. */
  readonly limit?: number;
}

/** The domains to which e-mails must belong, by whose they are; an empty list: any. */
export interface EmailDomains {
  readonly members: readonly string[];
  readonly guests: readonly string[];
}

/** What is true of the server itself, learnt at the start of every run. */
export interface ServerFacts {
  readonly url: string;
  /** Tells this server from every other (`DiagnosticId`). */
  readonly key: string;
  readonly version: string;
  readonly caller: Caller;
  /** Every active account with `system_admin`, bots and remote accounts included. */
  readonly admins: readonly LiveUser[];
  readonly isLicensed: boolean;
  readonly hasGuests: boolean;
  /** Roles such as `system_manager` may be given. */
  readonly hasCustomPermissions: boolean;
  readonly hasUserAccessTokens: boolean;
  /** Longer a new token of a person must not live, and it must expire; absent: no such rule. */
  readonly maxTokenLifetimeMs?: number;
  readonly requiresEmailVerification: boolean;
  readonly sendsMail: boolean;
  /** Sign-in services that are switched on. */
  readonly signInServices: ReadonlySet<string>;
  /** Fields that LDAP or SAML fills in at each sync or login, by service. */
  readonly providerAttributes: Readonly<Record<'ldap' | 'saml', ReadonlySet<UserAttribute>>>;
  readonly availableLocales: ReadonlySet<string>;
  /** Absent: the server did not tell, or nothing hangs on it. */
  readonly emailDomains?: EmailDomains;
  readonly seats: Seats;
  /** Of the role names that were asked for: those that exist. */
  readonly roles: ReadonlySet<string>;
  /** Roles whose holders may write in the System Console, as far as their permissions were asked for. */
  readonly administrativeRoles: ReadonlySet<string>;
}

/** What was asked: only of this may an absence be concluded. */
export interface Coverage {
  readonly emails: ReadonlySet<string>;
  /** Asked for, and called malformed by the server; absent: none. */
  readonly refusedEmails?: ReadonlySet<string>;
  readonly ids: ReadonlySet<AccountId>;
  /** Whether every account was listed, with proof that none is missing. */
  readonly listed: boolean;
  /** Whether every active person is known: they were listed, or the server's own counts show that no one is missing. */
  readonly hasActivePeople: boolean;
  /** What the server counted before and after that listing. */
  readonly counted?: { readonly before: number; readonly after: number };
  readonly requests: number;
}

/** The accounts that entries could mean, and the facts: enough to match people. */
export interface LivePeople {
  readonly facts: ServerFacts;
  readonly users: ReadonlyMap<AccountId, LiveUser>;
  readonly coverage: Coverage;
}

/** Everything that a plan rests on. */
export interface LiveState extends LivePeople {
  /** What was read of the things that accounts own. */
  readonly owned: OwnedThings;
  /** What listings also showed; absent: nothing was listed. */
  readonly seen?: SeenThings;
  /** What belongs to no single account; absent: nothing was asked. */
  readonly common?: CommonThings;
  /** Accounts inside of shared things of which everyone inside had to be known; absent: there are none such. */
  readonly insiders?: ReadonlyMap<AccountId, LiveUser>;
  /** Usernames of active bots that the server disables together with their owners, by owner; absent: no one leaves. */
  readonly botsThatGo?: ReadonlyMap<AccountId, readonly string[]>;
}
