/**
 * How much one plan may change, class by class. Over its budget a whole class is blocked, rather than a part of it by
 * chance; the other classes stay usable. An approval lifts one class for named people or for one exact set of changes.
 */
import { type Approval, type Budgets, limitOf } from '../../model/approval.ts';
import { digestOf } from '../../model/canonical-json.ts';
import { budgetNames, budgetRowOf, budgetsOfChange } from '../../model/change-classes.ts';
import { byText } from '../../model/compare.ts';
import type { Kind } from '../../model/kinds.ts';
import type { BudgetName, Change } from '../../model/plan.ts';
import type { Person, ResourceDefinition } from '../../model/resource-definition.ts';
import type { Block, PersonChange } from '../person-change.ts';
import type { Rail } from './rail.ts';

/** What a budget could concern, kind by kind: what is there (people while they are active), and what entries declare. */
export type Population = ReadonlyMap<Kind, { readonly live: number; readonly declared: number; readonly noun: string }>;

export function populationOf(people: readonly Person[], kinds: readonly ResourceDefinition[]): Population {
  return new Map(
    kinds.map((one) => {
      const counts = people.map((person) => one.count(person));
      const sum = (of: 'live' | 'declared'): number => counts.reduce((total, count) => total + count[of], 0);
      return [one.kind, { live: sum('live'), declared: sum('declared'), noun: one.noun.many }];
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
  readonly count: number;
  readonly limit: number;
  /** What is counted, in the plural. */
  readonly what: string;
}

export function budgetRail(budgets: Budgets, approvals: readonly Approval[], population: Population): Rail {
  return {
    name: 'budget',
    check: (changes) => {
      const blocks = new Map<Change, Block>();
      for (const excess of excesses(changes, budgets, population)) {
        if (approvalFor(excess, approvals) !== undefined) continue;
        const block = blockOf(excess, approvals);
        // The gravest budget comes first, and says why.
        for (const { change } of excess.changes) if (!blocks.has(change)) blocks.set(change, block);
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
): readonly UsedApproval[] {
  return excesses(passed, budgets, population).flatMap((excess) => {
    const approval = approvalFor(excess, approvals);
    return approval === undefined ? [] : [{ approval, lifted: excess.count - excess.limit }];
  });
}

function excesses(changes: readonly PersonChange[], budgets: Budgets, population: Population): readonly Excess[] {
  const counted = new Map<BudgetName, PersonChange[]>();
  for (const one of changes) {
    for (const name of budgetsOfChange(one.change)) {
      const own = counted.get(name);
      if (own === undefined) counted.set(name, [one]);
      else own.push(one);
    }
  }
  return budgetNames.flatMap((name) => {
    const own = counted.get(name) ?? [];
    const budget = budgets[name];
    if (budget === undefined || own.length === 0) return [];
    const { counts, of } = budgetRowOf(name);
    const all = population.get(counts);
    const count = counts === 'user' ? new Set(own.map(({ change }) => change.person)).size : own.length;
    const limit = limitOf(budget, all?.[of] ?? 0);
    return count > limit ? [{ budget: name, changes: own, count, limit, what: all?.noun ?? counts }] : [];
  });
}

const approvalFor = ({ budget, changes }: Excess, approvals: readonly Approval[]): Approval | undefined =>
  findApproval(budget, changes, approvals);

/** Whether somebody answers for all of these changes. */
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
  return approvals.find(
    (approval) => approval.class === budget && approval.state === 'valid' && covers(approval, changes),
  );
}

function covers({ users, changes: digest }: Approval, changes: readonly PersonChange[]): boolean {
  if (users !== undefined) return changes.every(({ change }) => users.has(change.person));
  return digest === changesDigest(changes);
}

/** Names exactly this set of changes: another person, another value, one more or one less, and it is another digest. */
export function changesDigest(changes: readonly PersonChange[]): string {
  const facts = changes.map(({ change, person }) => ({
    id: change.id,
    account: person.live.user?.id,
    class: change.class,
    before: change.before,
    after: change.after,
  }));
  return digestOf(facts.toSorted(byText(({ id }) => id)));
}

function blockOf(excess: Excess, approvals: readonly Approval[]): Block {
  return {
    rail: 'budget',
    budget: excess.budget,
    reason: `${excess.budget} of ${excess.count} ${excess.what}, and the budget is ${excess.limit}`,
    hint: hintFor(excess, approvals),
    approval: changesDigest(excess.changes),
  };
}

/** Why an approval that was meant for this does not count, else how to give one. */
function hintFor(excess: Excess, approvals: readonly Approval[]): string {
  const meant = approvals.filter((approval) => approval.class === excess.budget);
  const expired = meant.find(({ state }) => state === 'expired');
  const tooFar = meant.find(({ state }) => state === 'too-far-ahead');
  const outside = meant.find(({ users, state }) => users !== undefined && state === 'valid');
  if (outside?.users !== undefined) {
    const { users } = outside;
    const names = [...new Set(excess.changes.map(({ change }) => change.person).filter((name) => !users.has(name)))];
    return `the approval at ${outside.at.file}:${outside.at.line} does not name ${names.slice(0, 5).join(', ')}${names.length > 5 ? ' and others' : ''}`;
  }
  const unmerged = meant.find(({ state }) => state === 'not-in-base');
  if (unmerged !== undefined)
    return `the approval at ${unmerged.at.file}:${unmerged.at.line} is not in the base yet: merge it first`;
  if (meant.some(({ state }) => state === 'valid'))
    return 'the approval names another set of changes: the plan has changed since';
  if (tooFar !== undefined)
    return `the approval at ${tooFar.at.file}:${tooFar.at.line} is given for more than 14 days: shorten it`;
  if (expired !== undefined)
    return `the approval at ${expired.at.file}:${expired.at.line} expired on ${expired.expires}`;
  return `if it is right, approve ${excess.budget} in the approvals file, by users or by changes: ${changesDigest(excess.changes)}`;
}
