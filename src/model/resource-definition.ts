import type { DesiredState, DesiredUser } from './desired-state.ts';
import type { LiveToken, LiveUser, ServerFacts } from './live-state.ts';
import type { ActionDraft, Change, ChangeClass, HeldChange, Notice, ScheduledChange } from './plan.ts';
import type { Problem } from './problem.ts';
import type { Policy } from './settings.ts';

export type Kind = 'user' | 'token';

/** What happens to a person's ability to sign in. */
export type Transition = 'joins' | 'returns' | 'stays' | 'leaves' | 'stays-away';

/** An entry with the account that it means, if there is one. */
export interface Person {
  readonly desired: DesiredUser;
  readonly live?: LiveUser;
  /** Absent: not asked, so nothing is known of this account's tokens. */
  readonly liveTokens?: readonly LiveToken[];
  /** Settled once, before any change is worked out: why muster keeps its hands off this account. */
  readonly handsOff?: HandsOff;
  /** Roles that the run which made the account did not come to give; the entry names none. */
  readonly owedRoles?: { readonly roles: readonly string[]; readonly run: string };
  readonly transition: Transition;
}

/** Why an account, or a part of it, is out of muster's reach. */
export interface HandsOff {
  readonly code: string;
  /** Who decides instead. */
  readonly owner: string;
  readonly reason: string;
  readonly hint: string;
  /** Classes that it concerns; absent: all. */
  readonly classes?: ReadonlySet<ChangeClass>;
}

export interface PlanContext {
  readonly desired: DesiredState;
  readonly facts: ServerFacts;
  readonly policy: Policy;
}

/** Everything that was found out about one person and one kind. Each difference stands in exactly one list. */
export interface Findings {
  readonly changes: readonly Change[];
  readonly held: readonly HeldChange[];
  readonly scheduled: readonly ScheduledChange[];
  readonly notices: readonly Notice[];
  readonly problems: readonly Problem[];
}

/**
 * One kind of thing that muster manages for a person. Pure: no network, disk, clock or randomness.
 * A new kind is a folder under `resources/`, a line in its `index.ts` and its part of the schema.
 */
export interface ResourceDefinition {
  readonly kind: Kind;
  /** Kinds whose actions come first where nothing else decides. */
  readonly dependsOn: readonly Kind[];
  /** Every difference between what the entry wants and what the account is. */
  diff(person: Person, context: PlanContext): Findings;
  /** The actions that make these changes, which all passed the rails. */
  actions(person: Person, changes: readonly Change[], context: PlanContext): readonly ActionDraft[];
}

export const noFindings: Findings = { changes: [], held: [], scheduled: [], notices: [], problems: [] };
