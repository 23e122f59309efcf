/** The steps between a line in a file and what the server has, as far as journals tell. Pure. */
import { authorshipRows } from '../../model/authorship.ts';
import { count } from '../../model/count.ts';
import type { ChainStep } from '../../model/generated/chain-report.ts';
import { groupBy } from '../../model/group-by.ts';
import type { GrantsOfChange, MadeChange } from '../../model/review.ts';
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

/** @param deeds - those that the chain is about; none: no run that is recorded here did it */
export function runSteps(deeds: readonly AccountDeed[], what: 'given' | 'taken'): readonly ChainStep[] {
  const nowhere = 'no run that is recorded here did it';
  if (deeds.length === 0)
    return (['planned', 'applied', 'read-back'] as const).map((step) => ({
      step,
      state: 'unknown',
      text: nowhere,
    }));
  const runs = [...new Map(deeds.map((deed) => [deed.run.started.run, deed])).values()];
  return runs.flatMap((deed) => {
    const own = deeds.filter(({ run }) => run === deed.run);
    return [...approvedSteps(deed), plannedStep(deed), ...own.map((one) => appliedStep(one, what)), readBackStep(own)];
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

function appliedStep({ key, ms, run: { started } }: AccountDeed, what: 'given' | 'taken'): ChainStep {
  const { origin, run, username } = started;
  return {
    step: 'applied',
    state: 'proven',
    text: `${what === 'given' ? 'gave' : 'took'} ${key}`,
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
