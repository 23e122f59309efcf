/** The steps between a line in a file and what the server has, as far as journals tell. Pure. */
import { authorshipRows } from '../../model/authorship.ts';
import { count } from '../../model/count.ts';
import type { ChainStep } from '../../model/generated/chain-report.ts';
import { groupBy } from '../../model/group-by.ts';
import { accountKey, type GrantsOfChange, type MadeChange } from '../../model/review.ts';
import { runNumberOf } from '../../model/run-name.ts';
import type { AccountId } from '../../model/user-values.ts';
import { type GrantDeed, grantDeeds, type ToldRun } from '../../runs/grant-deeds.ts';

export interface AccountDeed extends GrantDeed {
  readonly plan: ToldRun['plan'];
  /** Milliseconds since the epoch. */
  readonly ms: number;
}

/**
 * What runs gave to accounts and took from them, in the order of time.
 *
 * @param grantsOf - asks the kinds
 */
export function deedsByAccount(
  runs: readonly ToldRun[],
  grantsOf: (made: MadeChange) => GrantsOfChange,
): ReadonlyMap<AccountId, readonly AccountDeed[]> {
  const deeds = runs.flatMap((told) =>
    [...grantDeeds([told], grantsOf)].flatMap((deed): readonly AccountDeed[] => {
      const last = deed.action.attempts.at(-1);
      const isOwn = last?.response?.result === 'written' && deed.action.outcome?.as !== 'found';
      return isOwn ? [{ ...deed, plan: told.plan, ms: last.respondedMs ?? last.atMs }] : [];
    }),
  );
  return groupBy(
    deeds.toSorted((one, other) => one.ms - other.ms),
    ({ account }) => account,
  );
}

/** What the first run gave that gave anything, and every role after it. */
export function givenIn(all: readonly AccountDeed[]): readonly AccountDeed[] {
  const given = all.filter(({ what }) => what === 'given');
  return given.filter(({ run, key }) => run === given[0]?.run || key.startsWith('role:'));
}

/** A time when a person left: what runs took, and what gave the account back where the person has returned. */
export interface Leave {
  readonly taken: readonly AccountDeed[];
  readonly back?: AccountDeed;
  /** What was taken since the last run that gave access: the same, where there was no return. */
  readonly last: readonly AccountDeed[];
}

/**
 * @param endedMs - when access should have ended: the leave that was over by then is not meant; absent: the newest
 */
export function leaveIn(all: readonly AccountDeed[], endedMs: number | undefined): Leave {
  const over: Omit<Leave, 'last'>[] = [];
  let last: AccountDeed[] = [];
  for (const deed of all) {
    if (deed.what === 'taken') last.push(deed);
    else if (deed.key === accountKey) {
      if (isOver(last)) over.push({ taken: last, back: deed });
      last = [];
    }
  }
  const meant =
    endedMs === undefined
      ? isOver(last)
        ? undefined
        : over.at(-1)
      : over.find(({ back }) => back !== undefined && back.ms > endedMs);
  return { ...(meant ?? { taken: last }), last };
}

const isOver = (taken: readonly AccountDeed[]): boolean => taken.some(({ key }) => key === accountKey);

/** Why no step of a run is known: a person must not take runs that are not here for runs that did nothing. */
export function notRecorded(runs: readonly ToldRun[]): string {
  const [oldest] = runs;
  if (oldest === undefined) return 'no run is recorded here';
  const number = runNumberOf(oldest.history.started.run);
  return `no run that is recorded here did it${number === '1' ? '' : `; the oldest here is run ${number}`}`;
}

/** The leave, the return, and what was taken after that. */
export function leaveSteps({ taken, back, last }: Leave, nowhere: string): readonly ChainStep[] {
  if (back === undefined) return runSteps(taken, 'taken', { nowhere });
  return [
    ...runSteps(taken, 'taken'),
    ...runSteps([back], 'given'),
    ...(last.length > 0 ? runSteps(last, 'taken') : []),
  ];
}

/**
 * @param deeds - those that the chain is about
 * @param all - of the account
 * @param nowhere - what is said where there are none
 */
export function runSteps(
  deeds: readonly AccountDeed[],
  what: 'given' | 'taken',
  { all = deeds, nowhere = '' }: { readonly all?: readonly AccountDeed[]; readonly nowhere?: string } = {},
): readonly ChainStep[] {
  if (deeds.length === 0)
    return (['planned', 'applied', 'read-back'] as const).map((step) => ({
      step,
      state: 'unknown',
      text: nowhere,
    }));
  const runs = [...new Map(deeds.map((deed) => [deed.run.started.run, deed])).values()];
  return runs.flatMap((deed) => {
    const own = deeds.filter(({ run }) => run === deed.run);
    return [
      ...approvedSteps(deed),
      plannedStep(deed),
      ...own.map((one) => appliedStep(one, what, all)),
      readBackStep(own),
    ];
  });
}

/** What lifted a budget of the plan; who that was is as proven as git makes it. */
function approvedSteps({ plan, run }: AccountDeed): readonly ChainStep[] {
  const approvals = (plan.approvals ?? []).filter(({ conditional }) => conditional !== true);
  return approvals.map(({ class: name, by, reason, expires, authorship }): ChainStep => {
    const row = authorship === undefined ? notAsked : authorshipRows[authorship.status];
    return {
      step: 'approved',
      state: row.proves ? 'proven' : 'unknown',
      text: `${name}: ${reason}, until ${expires}; ${row.text}`,
      by,
      run: run.started.run,
      ...(authorship?.commit !== undefined && { commit: authorship.commit }),
    };
  });
}

const notAsked = { text: 'git was not asked who gave it', proves: false };

function plannedStep({ plan, run: { started } }: AccountDeed): ChainStep {
  const commit = started.origin?.commit;
  return {
    step: 'planned',
    state: 'proven',
    text: `plan ${started.plan} of ${count(plan.actions.length, 'action')}`,
    at: started.at,
    run: started.run,
    ...(commit !== undefined && { commit }),
  };
}

function appliedStep(
  { key, ms, run: { started } }: AccountDeed,
  what: 'given' | 'taken',
  all: readonly AccountDeed[],
): ChainStep {
  const { origin, run, username } = started;
  const taker =
    what === 'given' ? all.find((one) => one.what === 'taken' && one.key === key && one.ms > ms) : undefined;
  const later = taker === undefined ? '' : `; run ${runNumberOf(taker.run.started.run)} took it`;
  return {
    step: 'applied',
    state: 'proven',
    text: `${what === 'given' ? 'gave' : 'took'} ${key}${later}`,
    at: new Date(ms).toISOString(),
    run,
    ...(username !== undefined && { by: username }),
    ...(origin?.commit !== undefined && { commit: origin.commit }),
    ...(origin?.job !== undefined && { job: origin.job }),
    ...(origin?.url !== undefined && { url: origin.url }),
  };
}

/** A run that ended complete has read back all that it wrote. */
function readBackStep(own: readonly AccountDeed[]): ChainStep {
  const [first] = own;
  const ended = first?.run.ended;
  const isProven = ended?.how === 'complete' && own.every(({ action }) => action.outcome?.status === 'done');
  const run = first === undefined ? {} : { run: first.run.started.run };
  return isProven
    ? { step: 'read-back', state: 'proven', text: 'the run read back what it wrote', at: ended.at, ...run }
    : { step: 'read-back', state: 'unknown', text: 'the run did not end, or not well', ...run };
}
