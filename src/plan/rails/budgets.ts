/**
 * How much may change within 24 hours, class by class. Over its budget a whole class is blocked, rather than a part of it
 * by chance; the other classes stay usable. An approval lifts one class for named people or for one exact set of changes.
 */
import { type Approval, type Budgets, limitOf } from '../../model/approval.ts';
import type { AuthorshipStatus } from '../../model/authorship.ts';
import { digestOf } from '../../model/canonical-json.ts';
import { type BudgetRow, budgetNames, budgetRowOf, budgetsOfChange } from '../../model/change-classes.ts';
import { byText } from '../../model/compare.ts';
import { groupBy } from '../../model/group-by.ts';
import { isKnownAs, namesOfAccount } from '../../model/identity.ts';
import { advise, block } from '../../model/messages/blocked-rows.ts';
import type { BudgetName, Change, RefusedApproval } from '../../model/plan.ts';
import type { Person, ResourceDefinition } from '../../model/resource-definition.ts';
import type { Policy } from '../../model/settings.ts';
import {
  countedKeys,
  noUse,
  placeOfChange,
  placeOfKey,
  unreadableCount,
  type WindowUse,
} from '../../model/window-use.ts';
import type { Block, PersonChange } from '../person-change.ts';
import { whomOf } from '../whom.ts';
import type { Rail } from './rail.ts';

/** What a budget could concern, kind by kind: what is there (people while they are active), and what entries declare. */
export type Population = ReadonlyMap<
  BudgetRow['counts'],
  { readonly live: number; readonly declared: number; readonly noun: { readonly one: string; readonly many: string } }
>;

export function populationOf(
  people: readonly Person[],
  kinds: readonly ResourceDefinition[],
  policy: Policy,
): Population {
  return new Map(
    kinds.map((one) => {
      const sum = { live: 0, declared: 0 };
      for (const person of people) {
        const { live, declared } = one.count(person, policy);
        sum.live += live;
        sum.declared += declared;
      }
      return [one.kind, { ...sum, noun: one.noun }];
    }),
  );
}

/** An approval that lifted a budget. */
export interface UsedApproval {
  readonly approval: Approval;
  /** People, or things of a kind, over the limit. */
  readonly lifted: number;
}

interface Excess {
  readonly budget: BudgetName;
  readonly changes: readonly PersonChange[];
  /** What this plan would change. */
  readonly count: number;
  /** What counts from before, over that. */
  readonly before: number;
  readonly limit: number;
  /** When the oldest of those from before stop counting. */
  readonly freesMs: number | undefined;
  /** What is counted, in the plural. */
  readonly what: string;
}

export function budgetRail(
  budgets: Budgets,
  approvals: readonly Approval[],
  population: Population,
  window: WindowUse = noUse,
): Rail {
  return {
    name: 'budget',
    check: (changes) => {
      const blocks = new Map<Change, Block>();
      for (const excess of excesses(changes, budgets, population, window)) {
        if (approvalFor(excess, approvals) !== undefined) continue;
        const stopped = blockOf(excess, approvals);
        // The gravest budget comes first, and says why.
        for (const { change } of excess.changes) if (!blocks.has(change)) blocks.set(change, stopped);
      }
      return blocks;
    },
  };
}

/** The approvals without which the changes that passed would not have. */
export function usedApprovals(
  passed: readonly PersonChange[],
  budgets: Budgets,
  approvals: readonly Approval[],
  population: Population,
  window: WindowUse = noUse,
): readonly UsedApproval[] {
  return excesses(passed, budgets, population, window).flatMap((excess) => {
    const approval = approvalFor(excess, approvals);
    const { count, before, limit } = excess;
    return approval === undefined ? [] : [{ approval, lifted: Math.min(count, before + count - limit) }];
  });
}

function excesses(
  changes: readonly PersonChange[],
  budgets: Budgets,
  population: Population,
  window: WindowUse,
): readonly Excess[] {
  const counted = new Map<BudgetName, PersonChange[]>();
  for (const one of changes) {
    for (const name of budgetsOfChange(one.change)) {
      const own = counted.get(name);
      if (own === undefined) counted.set(name, [one]);
      else own.push(one);
    }
  }
  return budgetNames.flatMap((name) => {
    const row = budgetRowOf(name);
    const budget = budgets[name];
    const own = (counted.get(name) ?? []).filter((one) => row.sparesNewPeople !== true || !isNew(one, window));
    if (budget === undefined || own.length === 0) return [];
    if (row.each === undefined) return excessOf({ name, budget, own, population, window });
    return [...groupBy(own, ({ change }) => placeOfChange(change))].flatMap(([place, there]) =>
      excessOf({ name, budget, own: there, population, window, place }),
    );
  });
}

/** People whose account this plan makes, or a run of the last 24 hours made. */
const isNew = ({ person: { live } }: PersonChange, { created }: WindowUse): boolean =>
  live.user === undefined || created?.has(live.user.id) === true;

interface CountedIn {
  readonly name: BudgetName;
  readonly budget: NonNullable<Budgets[BudgetName]>;
  readonly own: readonly PersonChange[];
  readonly population: Population;
  readonly window: WindowUse;
  /** The team, of a budget that each team has for itself. */
  readonly place?: string;
}

function excessOf({ name, budget, own, population, window, place }: CountedIn): readonly Excess[] {
  const { counts, of } = budgetRowOf(name);
  const all = population.get(counts);
  const now = new Set(
    own.flatMap(({ change, person }) => countedKeys(name, { change, account: person.live.user?.id })),
  );
  const count = now.size;
  const before = usedWith(now, name, window, place) - count;
  const limit = limitOf(budget, all?.[of] ?? 0);
  if (before + count <= limit) return [];
  const noun = all?.noun ?? { one: counts, many: `${counts}s` };
  const what = `${count === 1 ? noun.one : noun.many}${place === undefined ? '' : ` in ${place}`}`;
  return [{ budget: name, changes: own, count, before, limit, freesMs: window.freesMs.get(name), what }];
}

/** How many count with these. Who counts already counts once; whom the server counts it does not name. */
function usedWith(
  now: ReadonlySet<string>,
  name: BudgetName,
  { used, recorded }: WindowUse,
  place: string | undefined,
): number {
  const all = used.get(name) ?? new Set<string>();
  const known = place === undefined ? all : new Set([...all].filter((key) => placeOfKey(key) === place));
  const added = [...now].filter((key) => !known.has(key)).length;
  // Where the server counts more than the journals know, it does not say in which team: it may be this one.
  const elsewhere = all.size - known.size;
  return Math.max(known.size, (recorded.get(name) ?? 0) - elsewhere) + added;
}

const approvalFor = ({ budget, changes }: Excess, approvals: readonly Approval[]): Approval | undefined =>
  findApproval(budget, changes, approvals);

/** Whether an approval covers all of these changes. */
export const isApproved = (
  budget: BudgetName,
  changes: readonly PersonChange[],
  approvals: readonly Approval[],
): boolean => findApproval(budget, changes, approvals) !== undefined;

function findApproval(
  budget: BudgetName,
  changes: readonly PersonChange[],
  approvals: readonly Approval[],
): Approval | undefined {
  return approvals.find((approval) => isMeant(approval, budget, changes) && !isOwn(approval, changes));
}

const isMeant = (
  approval: Approval,
  budget: BudgetName,
  changes: readonly PersonChange[],
  state: Approval['state'] = 'valid',
): boolean => approval.class === budget && approval.state === state && covers(approval, changes);

/** No one lifts a budget for themselves, alone or among others. */
const isOwn = ({ identity, users = new Set() }: Approval, changes: readonly PersonChange[]): boolean =>
  isKnownAs(identity, users) || changes.some(({ change, person }) => isKnownAs(identity, wordsOf(change, person)));

const wordsOf = ({ person: name }: Change, { desired, live }: Person): readonly (string | undefined)[] => [
  name,
  desired?.username,
  desired?.values.email,
  ...(live.user === undefined ? [] : namesOfAccount(live.user.values)),
];

/** An approval that would lift the budget if its giver were someone else. */
export function refusedApproval(
  budget: BudgetName,
  changes: readonly PersonChange[],
  approvals: readonly Approval[],
): Pick<Block, 'approval_refused'> {
  const own = approvals.find((approval) => isMeant(approval, budget, changes) && isOwn(approval, changes));
  if (own !== undefined) return { approval_refused: { code: 'self-approval', ...giverOf(own) } };
  const unproven = approvals.find((approval) => isMeant(approval, budget, changes, 'not-proven'));
  if (unproven?.authorship === undefined) return {};
  const { status, why } = unproven.authorship;
  if (status === 'signed' || status === 'merged') return {};
  return {
    approval_refused: { code: refusals[status], ...giverOf(unproven), ...(why !== undefined && { why }) },
  };
}

const giverOf = ({ by, at }: Approval): { readonly by: string; readonly file: string; readonly line: number } => ({
  by,
  file: at.file,
  line: at.line,
});

const refusals: Readonly<Record<Exclude<AuthorshipStatus, 'signed' | 'merged'>, RefusedApproval['code']>> = {
  author: 'approval-not-signed',
  'another-author': 'approval-another-author',
  'not-committed': 'approval-not-committed',
  'not-verifiable': 'approval-not-verifiable',
};

function covers({ users, changes: digest }: Approval, changes: readonly PersonChange[]): boolean {
  if (users !== undefined) return changes.flatMap(namesIn).every((name) => users.has(name));
  return digest === changesDigest(changes);
}

/** A person by name: as the entry says it and as the account is called, since an entry may call any account by any name. */
const namesIn = ({ change: { person }, person: { live } }: PersonChange): readonly string[] =>
  live.user === undefined ? [person] : [person, live.user.values.username];

/**
 * Names exactly this set of changes: another person, another value, one more or one less, and it is another digest; and so it is
 * where a secret would go elsewhere, or come from elsewhere.
 */
export function changesDigest(changes: readonly PersonChange[]): string {
  const facts = changes.map(({ change, person }) => {
    const { id, class: name, before, after, destination, terms, source } = change;
    const account = person.live.user?.id;
    const whom = account === undefined ? whomOf(person) : undefined;
    return { id, account, whom, class: name, before, after, destination, terms, source };
  });
  return digestOf(facts.toSorted(byText(({ id }) => id)));
}

function blockOf(excess: Excess, approvals: readonly Approval[]): Block {
  const { budget, count, before, limit, what } = excess;
  const refused = refusedApproval(budget, excess.changes, approvals);
  const advice = refusedText(refused) ?? adviceFor(excess, approvals);
  const said = { budget, count, what, limit, advice };
  return {
    ...block('budget', before <= 0 ? { is: 'over', ...said } : { ...countedBefore(excess), ...said, before }),
    budget,
    approval: changesDigest(excess.changes),
    ...refused,
  };
}

type OverAfter =
  | { readonly is: 'over-after' | 'over-after-unknown' }
  | { readonly is: 'over-after-until' | 'over-after-unknown-until'; readonly until: string };

/** A record that cannot be read has no moment, or one that is no date. */
function countedBefore({ before, freesMs = Number.NaN }: Excess): OverAfter {
  const is = before < unreadableCount ? 'over-after' : 'over-after-unknown';
  if (!(Math.abs(freesMs) < lastDateMs)) return { is };
  return { is: `${is}-until`, until: `${new Date(freesMs).toISOString().slice(0, 16)}Z` };
}

/** The last moment that a date can tell. */
const lastDateMs = 8.64e15;

/** Why it lifts nothing, and what to do. */
export function refusedText({ approval_refused: refused }: Pick<Block, 'approval_refused'>): string | undefined {
  if (refused === undefined) return undefined;
  const { code, by, file, line, why } = refused;
  return `${advise(code, { file, line, by })}${why === undefined ? '' : ` (${why})`}`;
}

/** Why an approval that was meant for this does not count, else how to give one. */
function adviceFor({ budget, changes }: Excess, approvals: readonly Approval[]): string {
  const meant = approvals.filter((approval) => approval.class === budget);
  const outside = meant.find(({ users, state }) => users !== undefined && state === 'valid');
  if (outside?.users !== undefined) {
    const { users } = outside;
    const names = [...new Set(changes.flatMap(namesIn).filter((name) => !users.has(name)))];
    const shown = `${names.slice(0, 5).join(', ')}${names.length > 5 ? ' and others' : ''}`;
    return advise('not-named', { ...outside.at, names: shown });
  }
  const unmerged = meant.find(({ state }) => state === 'not-in-base');
  if (unmerged !== undefined) return advise('not-in-base', { ...unmerged.at });
  if (meant.some(({ state }) => state === 'valid')) return advise('another-set', {});
  const tooFar = meant.find(({ state }) => state === 'too-far-ahead');
  if (tooFar !== undefined) return advise('too-far-ahead', { ...tooFar.at });
  const expired = meant.find(({ state }) => state === 'expired');
  if (expired !== undefined) return advise('expired', { ...expired.at, day: expired.expires });
  return advise('approve', { budget, changes: changesDigest(changes) });
}
