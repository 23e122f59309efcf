/**
 * How much one plan may change, class by class. Over its budget a whole class is blocked, rather than a part of it by
 * chance; the other classes stay usable. An approval lifts one class for named people or for one exact set of changes.
 */
import { type Approval, type Budgets, limitOf } from '../../model/approval.ts';
import { digestOf } from '../../model/canonical-json.ts';
import type { Change, ChangeClass } from '../../model/plan.ts';
import type { Person } from '../../model/resource-definition.ts';
import type { Block, PersonChange } from '../person-change.ts';
import type { Rail } from './rail.ts';

/** What a class could concern: declared people with an active account, and the live tokens of declared people. */
export interface Population {
  readonly people: number;
  readonly tokens: number;
}

export function populationOf(people: readonly Person[]): Population {
  return {
    people: people.filter(({ live }) => live?.values.active === true).length,
    tokens: people.reduce((sum, { liveTokens = [] }) => sum + liveTokens.length, 0),
  };
}

/** An approval that lifted a budget. */
export interface UsedApproval {
  readonly approval: Approval;
  /** People, or tokens, over the limit. */
  readonly lifted: number;
}

interface Excess {
  readonly class: ChangeClass;
  readonly changes: readonly PersonChange[];
  readonly count: number;
  readonly limit: number;
}

export function budgetRail(budgets: Budgets, approvals: readonly Approval[], population: Population): Rail {
  return {
    name: 'budget',
    check: (changes) => {
      const blocks = new Map<Change, Block>();
      for (const excess of excesses(changes, budgets, population)) {
        if (approvalFor(excess, approvals) !== undefined) continue;
        const block = blockOf(excess, approvals);
        for (const { change } of excess.changes) blocks.set(change, block);
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
  const byClass = new Map<ChangeClass, PersonChange[]>();
  for (const one of changes) {
    const own = byClass.get(one.change.class);
    if (own === undefined) byClass.set(one.change.class, [one]);
    else own.push(one);
  }
  return [...byClass].flatMap(([name, own]) => {
    const budget = budgets[name];
    if (budget === undefined) return [];
    const count = isTokenClass(name) ? own.length : new Set(own.map(({ change }) => change.person)).size;
    const limit = limitOf(budget, isTokenClass(name) ? population.tokens : population.people);
    return count > limit ? [{ class: name, changes: own, count, limit }] : [];
  });
}

const isTokenClass = (name: ChangeClass): boolean => name.startsWith('token-');

function approvalFor(excess: Excess, approvals: readonly Approval[]): Approval | undefined {
  return approvals.find(
    (approval) => approval.class === excess.class && approval.state === 'valid' && covers(approval, excess),
  );
}

function covers({ users, changes }: Approval, excess: Excess): boolean {
  if (users !== undefined) return excess.changes.every(({ change }) => users.has(change.person));
  return changes === changesDigest(excess.changes);
}

/** Names exactly this set of changes: another person, another value, one more or one less, and it is another digest. */
export function changesDigest(changes: readonly PersonChange[]): string {
  const facts = changes.map(({ change, person }) => ({
    id: change.id,
    account: person.live?.id,
    class: change.class,
    before: change.before,
    after: change.after,
  }));
  return digestOf(facts.toSorted((a, b) => (a.id < b.id ? -1 : 1)));
}

function blockOf(excess: Excess, approvals: readonly Approval[]): Block {
  const what = isTokenClass(excess.class) ? 'tokens' : 'people';
  return {
    rail: 'budget',
    reason: `${excess.class} of ${excess.count} ${what}, and the budget is ${excess.limit}`,
    hint: hintFor(excess, approvals),
    approval: changesDigest(excess.changes),
  };
}

/** Why an approval that was meant for this does not count, else how to give one. */
function hintFor(excess: Excess, approvals: readonly Approval[]): string {
  const meant = approvals.filter((approval) => approval.class === excess.class);
  const expired = meant.find(({ state }) => state === 'expired');
  const tooFar = meant.find(({ state }) => state === 'too-far-ahead');
  const outside = meant.find(({ users, state }) => users !== undefined && state === 'valid');
  if (outside?.users !== undefined) {
    const { users } = outside;
    const names = [...new Set(excess.changes.map(({ change }) => change.person).filter((name) => !users.has(name)))];
    return `the approval at ${outside.at.file}:${outside.at.line} does not name ${names.slice(0, 5).join(', ')}${names.length > 5 ? ' and others' : ''}`;
  }
  if (meant.some(({ state }) => state === 'valid'))
    return 'the approval names another set of changes: the plan has changed since';
  if (tooFar !== undefined)
    return `the approval at ${tooFar.at.file}:${tooFar.at.line} is given for more than 14 days: shorten it`;
  if (expired !== undefined)
    return `the approval at ${expired.at.file}:${expired.at.line} expired on ${expired.expires}`;
  return `if it is right, approve ${excess.class} in the approvals file, by users or by changes: ${changesDigest(excess.changes)}`;
}
