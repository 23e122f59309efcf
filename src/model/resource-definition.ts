/**
 * What a kind of thing brings along. A new kind is a folder under `resources/`, a line in its `index.ts`, its lines in the
 * tables of `model` (kinds, change classes, calls) and its part of the schemas. This file is the pure half: no network,
 * disk, clock or randomness. The half that talks to a server is in `action-runner.ts` and `live-reader.ts`.
 */

import type { AuditContext, AuditSubject, FindingDraft, Grant } from './audit.ts';
import type { DesiredState, DesiredUser, EntryPart, UnusableEntry } from './desired-state.ts';
import type { UserEntry } from './generated/users-file.ts';
import type { IssuedTokens } from './issued-tokens.ts';
import type { CommonThings, Kind, LiveByKind, SeenThings } from './kinds.ts';
import type { LiveUser, ServerFacts } from './live-state.ts';
import type { Hold } from './messages/held-rows.ts';
import type {
  Action,
  ActionDraft,
  BlockedChange,
  Change,
  ChangeClass,
  HeldChange,
  Notice,
  PlanValue,
  ScheduledChange,
} from './plan.ts';
import type { Problem } from './problem.ts';
import type { GrantsOfChange, MadeChange, Removal } from './review.ts';
import type { Policy } from './settings.ts';
import type { Doubts } from './unusable.ts';
import type { AccountId, UserAttribute } from './user-values.ts';
import type { WrittenAction } from './written-action.ts';

/** What happens to a person's ability to sign in. */
export type Transition = 'joins' | 'returns' | 'stays' | 'leaves' | 'stays-away';

/** By what an entry and an account were found to be the same person. */
export type MatchKey = 'id' | 'username' | 'previous username' | 'auth' | 'e-mail';

/** An entry with the account that it means, if there is one. */
export interface Match {
  readonly desired: DesiredUser;
  readonly account?: LiveUser;
  /** The keys that hit; empty for a new person. */
  readonly by: readonly MatchKey[];
  /** Every account that a key of the entry hits, those included that turned out to be another one's. */
  readonly hits: readonly LiveUser[];
  /** An entry that cannot be used and may mean one of these accounts: they are left alone. */
  readonly doubtedBy?: UnusableEntry;
  readonly transition: Transition;
  /** What dates of the entry will do to an account that is there; absent: nothing. */
  readonly later?: ReadonlySet<'returns' | 'leaves'>;
}

/** A person who was matched, with everything that was read about them. */
export interface Person {
  readonly desired: DesiredUser;
  /** What is there, kind by kind. No `user`: there is no account. Another kind missing: it was not read, so nothing is known. */
  readonly live: Partial<LiveByKind>;
  /** What listings showed, kind by kind: it may say that something is there, and never that something is not. */
  readonly seen?: Partial<LiveByKind>;
  /** Settled once, before any change is worked out: why muster keeps its hands off this account. */
  readonly handsOff?: HandsOff;
  /** Roles that the run which made the account could not assign; the entry names none. */
  readonly owedRoles?: { readonly roles: readonly string[]; readonly run: string };
  readonly transition: Transition;
}

/** Why an account, or a part of it, is out of muster's reach. */
export interface HandsOff extends Hold {
  /** Classes that it concerns; absent: all. */
  readonly classes?: ReadonlySet<ChangeClass>;
}

/** Where secrets of new things go. */
export interface Delivery {
  /** The sink of what names none. */
  readonly defaultSink?: string;
  /** Digests of what stands behind the names of sinks, and, under no name, of the folder of secrets. */
  readonly places?: ReadonlyMap<string | undefined, string>;
  /** Whether muster.yaml names the folder for what goes to no sink. */
  readonly isFolderNamed: boolean;
  /** The folder of this machine is thrown away with it: what would go to an unnamed one is blocked. */
  readonly isMachineTemporary: boolean;
}

export interface PlanContext {
  /** What kinds know that belongs to no single account; absent: nothing was asked. */
  readonly common?: CommonThings;
  /** Absent: files in the folder of secrets. */
  readonly delivery?: Delivery;
  readonly desired: DesiredState;
  readonly facts: ServerFacts;
  readonly policy: Policy;
  /** Which accounts entries that cannot be used may mean; absent: there is no such entry. */
  readonly doubts?: Doubts;
  /** How many people may be new whose entries cannot be used; absent: none. */
  readonly mayJoin?: number;
}

/** Everything that was found out about one person and one kind. Each difference stands in exactly one list. */
export interface Findings {
  readonly changes: readonly Change[];
  readonly held: readonly HeldChange[];
  readonly scheduled: readonly ScheduledChange[];
  readonly notices: readonly Notice[];
  readonly problems: readonly Problem[];
}

/** Of most people nothing is found: they all share this value. */
export const noFindings: Findings = { changes: [], held: [], scheduled: [], notices: [], problems: [] };

/** The findings; of nothing that value. */
export function unlessEmpty(findings: Findings): Findings {
  const { changes, held, scheduled, notices, problems } = findings;
  const found = changes.length + held.length + scheduled.length + notices.length + problems.length;
  return found === 0 ? noFindings : findings;
}

/** What a plan has to know of things that accounts share, by their names. */
export interface Ask {
  readonly name: string;
  /** Whether the plan may take something from the person there. */
  readonly mayTake: boolean;
  /** What the person has inside of it has to be known, too. */
  readonly within?: true;
}

/** A change beside the person whom it concerns. */
export interface ChangeOfPerson {
  readonly person: Person;
  readonly change: Change;
}

/** Why a change must not be made together with the others. */
export type Refusal = Pick<BlockedChange, 'rail' | 'reason' | 'hint'>;

/** Why the server would refuse a change because a feature of it is switched off. */
export type SwitchVerdict = Pick<BlockedChange, 'rail' | 'reason' | 'hint'>;

/** How a kind takes a run back. */
export interface Undo {
  /** The kind as it plans towards what was there before the run. */
  readonly definition: ResourceDefinition;
  /** By account: what an account that leaves again does not get back, such as `tokens (2)`. */
  readonly notGivenBack: ReadonlyMap<AccountId, string>;
}

/** A field that the entry manages, for `explain`. */
export interface DescribedField {
  readonly name: EntryPart;
  readonly wanted: PlanValue;
}

/** What a kind has to say about an entry. */
export interface Description {
  readonly managed: readonly DescribedField[];
  /** Names of fields that the entry leaves alone. */
  readonly unmanaged: readonly string[];
}

/** What `import` writes of memberships: nothing, the teams, or the channels, too. Guests have their channels with `teams`. */
export type MembershipsWritten = 'none' | 'teams' | 'channels';

/** What a users file may say on this server, and what it would mean. */
export interface ImportRules {
  /** Roles that are allowed in addition to those that begin with `system_`. */
  readonly allowRoles: ReadonlySet<string>;
  /** Roles that the server has. */
  readonly roles: ReadonlySet<string>;
  readonly leaverTokens: Policy['leaverTokens'];
  readonly memberships: MembershipsWritten;
  /** Values that the file states for everybody. */
  readonly defaults: Readonly<Partial<Record<UserAttribute, string>>>;
}

/** A kind's part of an entry that `import` writes. */
export interface EntryPiece {
  readonly fields: Partial<UserEntry>;
  /** Attributes that must not be written, since a plan would then change things of this kind. */
  readonly withheld: readonly UserAttribute[];
  /** Sentences that the file carries as a comment. */
  readonly remarks: readonly string[];
}

/** Of a kind of which there is nothing to write. */
export const noPiece: EntryPiece = { fields: {}, withheld: [], remarks: [] };

/** What the removal of revoked grants starts from. */
export interface RevokedFrom {
  readonly account: LiveUser;
  readonly live: Partial<LiveByKind>;
  /** The entry that stands for the account; absent: one will be written, with the account's id. */
  readonly desired?: DesiredUser;
  readonly rules: ImportRules;
  readonly policy: Policy;
}

export interface ResourceDefinition<K extends Kind = Kind> {
  readonly kind: K;
  /** For sentences such as `3 tokens`. */
  readonly noun: { readonly one: string; readonly many: string };
  /** Kinds whose actions come first where nothing else decides. */
  readonly dependsOn: readonly Kind[];

  /**
   * Whether a plan rests on what this person has of the kind.
   * - Must answer `needed` where `diff` concludes anything from an absence.
   * - Must answer `everything` where it also matters what the person has in shared things that `asks` does not name.
   * - May answer `if-any` where it matters what else an account has once it has anything: then nothing is read of accounts
   *   that a cheap listing does not show.
   * - May answer `shown` where only what is there matters: what a listing shows stands in `person.seen` then.
   * - Must answer `nothing` for people without an account.
   */
  reads(person: Match, policy: Policy): 'everything' | 'needed' | 'if-any' | 'shown' | 'nothing';

  /**
   * What a plan has to know of things that accounts share, such as teams.
   * - Must name whatever `diff` asks of `context.common`, also for people without an account.
   */
  asks(person: Match, policy: Policy): readonly Ask[];

  /** Shared things of which everyone inside has to be known, by their names. */
  wholes(policy: Policy): readonly string[];

  /**
   * What becomes of an account that no entry stands for, and that is inside of such a thing; absent: the kind has none.
   * - Must put a change into `held` where `person.handsOff` concerns it.
   */
  stranger?(person: Person, context: PlanContext): Findings;

  /** Whether a plan says something of what a listing of everybody's things shows. */
  lists(policy: Policy): boolean;

  /**
   * What a reader must know about things of this kind that no entry speaks of, be it that the policy does.
   *
   * @param admins - active administrators that no entry stands for
   */
  undeclared(seen: SeenThings, admins: readonly LiveUser[], context: PlanContext): readonly Notice[];

  /**
   * The moments at which what `diff` says of a person may become another thing by time alone; milliseconds since the epoch.
   * - Must answer `unknown` where they are not certain: a plan that has such a person is made anew each time.
   *
   * @param live - what the person has
   * @param momentMs - as of which `diff` was asked
   */
  turnsAt(desired: DesiredUser, live: Partial<LiveByKind>, momentMs: number): readonly number[] | 'unknown';

  /** How many things of the kind a person has, and how many the entry declares, as budgets count them. People have one while they are active. */
  count(person: Person, policy: Policy): { readonly live: number; readonly declared: number };

  /**
   * Every difference between what the entry wants and what is there.
   * - Must put each difference into exactly one list, and must never drop one.
   * - Must return a problem instead of guessing where it needs what was not read.
   * - Must put a change into `held` where `person.handsOff` concerns it.
   * - May write notices for people who need to know something that is no difference.
   */
  diff(person: Person, context: PlanContext): Findings;

  /**
   * Why one of this kind's changes needs another change of the same person; `undefined` where it does not.
   * - Must read typed fields only (`class`, `part_of`, `attribute`, values): a reason explains and steers nothing.
   * - May name changes of another kind. What holds for every kind (the account is created first, a returner loses what
   *   they had before) is in `plan/prerequisites.ts`.
   */
  needs(change: Change, other: Change): Need | undefined;

  /**
   * Which of these changes must not be made, since too little would be left of a thing that accounts share, or there is no
   * room in it.
   * - Must ignore changes of other kinds.
   *
   * @param changes - of everybody, those that are still on their way
   */
  refusals(changes: readonly ChangeOfPerson[], context: PlanContext): ReadonlyMap<Change, Refusal>;

  /** Why a switched-off feature makes the server refuse a change of this kind. */
  switchedOff(change: Change, person: Person, context: PlanContext): SwitchVerdict | undefined;

  /**
   * The actions that make these changes, which all passed the rails.
   * - Must put every change of its own classes into exactly one action; the planner checks it.
   * - Must ignore changes of other kinds.
   */
  actions(person: Person, changes: readonly Change[], context: PlanContext): readonly ActionDraft[];

  /**
   * What a person has of the kind once actions are done, as near as a plan can know: later dates are planned from there.
   * - Must ignore actions of other kinds.
   * - Must answer `undefined` where what is there was not read.
   *
   * @param live - what is there before, and of kinds that this one depends on, what is there afterwards
   */
  foresee(actions: readonly ActionDraft[], live: Partial<LiveByKind>, context: PlanContext): LiveByKind[K] | undefined;

  /**
   * Whether a change only takes the place of something that lives, on terms that an applied plan showed.
   * - Must answer `false` where that is not certain: what answers `true` needs no approval for an administrator.
   */
  renews(change: Change, person: Person, issued: IssuedTokens, momentMs: number): boolean;

  /**
   * What a person has to know about how they stand once these changes are made.
   *
   * @param changes - of every kind, those that passed
   */
  afterwards(person: Person, changes: readonly Change[]): readonly Notice[];

  /**
   * Whether everything that an action of an older plan makes is there already.
   * - Must answer `false` where what is there was not read.
   */
  isDone(action: Action, live: Partial<LiveByKind>): boolean;

  /**
   * How to take back what a run wrote.
   * - Must go by ids, not by what the entry says.
   * - Must give nothing to accounts that leave again, and say so in `notGivenBack`.
   *
   * @param written - by account, in the order of the plan
   * @param leaving - accounts that the undo deactivates
   */
  undo(written: ReadonlyMap<AccountId, readonly WrittenAction[]>, leaving: ReadonlySet<AccountId>): Undo;

  /** What the entry wants of this kind, and what it leaves alone. */
  describe(desired: DesiredUser): Description;

  /**
   * What is there as a part of an entry.
   * - Must be such that a plan right after it finds no difference.
   * - May say in `remarks` what no entry can say.
   */
  toEntry(account: LiveUser, live: Partial<LiveByKind>, rules: ImportRules): EntryPiece;

  /**
   * What an audit finds about this kind on one account, declared or not.
   * - Must find nothing where it would need what was not read.
   * - Must name the thing where an account can have several faults of one rule.
   * - May find what no difference shows: something old, unused, or left behind.
   */
  audit(subject: AuditSubject, context: AuditContext): readonly FindingDraft[];

  /**
   * What the account has of this kind, as access reviews list it.
   * - Must give the same key to the same grant, whenever it is asked.
   * - Must say of each whether it gives access, or would give it to an account that is activated again.
   */
  grants(account: LiveUser, live: Partial<LiveByKind>, facts: ServerFacts): readonly Grant[];

  /** What lets a reading of this kind speak of moments other than its own; absent: `muster access` does not tell of it. */
  readonly recall?: Recall;

  /** The grants that a change of this kind gave or took, by their keys; for who gave them, and when. */
  grantsOf(made: MadeChange): GrantsOfChange;

  /**
   * How grants that a review revoked are taken away: as edits of the entry, such that the plan removes them.
   *
   * @param keys - of grants of any kind; those of other kinds are passed over
   */
  revoke(keys: ReadonlySet<string>, from: RevokedFrom): Removal;
}

export interface Recall {
  /**
   * Since when nothing of the kind changed on the account, by the server's own dates; milliseconds since the epoch.
   * - Must answer `undefined` where a change could have left no trace there.
   */
  unchangedSince(account: LiveUser): number | undefined;
  /** Whether a grant that is gone never comes back under the same key, as a token never does. */
  readonly keysComeOnce: boolean;
}

/** A prerequisite. `isUnordered`: only the fate is shared, the order is free or the other way round. */
export interface Need {
  readonly because: string;
  readonly isUnordered?: true;
}
