/** A plan that found nothing to do, with everything that it hangs on: where all of that is as it was, it is the plan of now. */
import type { Plan } from './plan.ts';
import type { AccountId, UserAttribute } from './user-values.ts';

export interface KeptPlan {
  readonly plan: Plan;
  readonly caller: AccountId;
  /** Digest of the entries that the files declare. */
  readonly people: string;
  /** Digest of what the files say, sign for sign. */
  readonly sources: string;
  /** Digest of everything else that this machine brought: settings, approvals, what earlier runs left. */
  readonly inputs: string;
  /** Accounts that were remembered as declared, and that no entry meant any more. */
  readonly previous: readonly AccountId[];
  /** From this moment on time alone may have made it another one; infinity: never. */
  readonly untilMs: number;
  readonly reads: KeptReads;
}

/** What a warm read asked of the server, and what the answers were. */
export interface KeptReads {
  /** When the full read began from which it was brought up to date; as in {@link SeenPeople}. */
  readonly startedMs: number;
  readonly serverStartedMs: number;
  /** Attributes of accounts that the plan looks at: others may be as they like. */
  readonly attributes: readonly UserAttribute[];
  /** These accounts were asked for who of them changed after that moment. */
  readonly ids: readonly AccountId[];
  readonly sinceMs: number;
  /** Who had changed, and how they were. */
  readonly changed: ReadonlyMap<AccountId, Answer>;
  /** Every other question. */
  readonly asked: readonly AskedQuestion[];
}

/** A question that can be asked once more for little. */
export type Question =
  | 'facts'
  | 'domains of e-mails'
  | 'roles'
  | 'users by names'
  | 'users by ids'
  | 'user by e-mail'
  | 'how many accounts'
  | 'how many active people'
  | 'bots that go'
  | 'newest people'
  | 'bots'
  | 'what is listed'
  | 'what accounts own';

export interface AskedQuestion {
  readonly question: Question;
  /** What it was asked about: names, ids; of things that accounts own, their kind first. */
  readonly words: readonly string[];
  readonly answer: Answer;
}

/** What came back, as far as it has to be recognised. */
export interface Answer {
  readonly digest: string;
  /** When the accounts in it changed last, in one order: no time may be earlier later on. */
  readonly changedMs: readonly number[];
}
