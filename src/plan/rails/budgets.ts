/**
 * How much one plan may change, class by class. Over its budget a whole class is blocked, rather than a part of it by
 * chance; the other classes stay usable. An approval lifts one class for named people or for one exact set of changes.
 */
import { type Approval, type Budgets, limitOf } from '../../model/approval.ts';
import { digestOf } from '../../model/canonical-json.ts';
import { rowOf } from '../../model/change-classes.ts';
import { byText } from '../../model/compare.ts';
import { groupBy } from '../../model/group-by.ts';
import type { Kind } from '../../model/kinds.ts';
import type { Change, ChangeClass } from '../../model/plan.ts';
import type { Person, ResourceDefinition } from '../../model/resource-definition.ts';
import type { Block, PersonChange } from '../person-change.ts';
import type { Rail } from './rail.ts';

/** What a class could concern, kind by kind: declared people with an active account, and what declared people own. */
export interface Population {
  readonly counts: ReadonlyMap<Kind, number>;
  /** What is counted, in the plural. */
  readonly words: ReadonlyMap<Kind, string>;
}

export function populationOf(people: readonly Person[], kinds: readonly ResourceDefinition[]): Population {
  return {
    counts: new Map(kinds.map((one) => [one.kind, people.reduce((sum, person) => sum + one.count(person), 0)])),
    words: new Map(kinds.map(({ kind, noun }) => [kind, noun.many])),
  };
}

/** An approval that lifted a budget. */
export interface UsedApproval {
  readonly approval: Approval;
  /** People, or things of a kind, over the limit. */
  readonly lifted: number;
}

interface Excess {
  readonly class: ChangeClass;
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
  return [...groupBy(changes, ({ change }) => change.class)].flatMap(([name, own]) => {
    const budget = budgets[name];
    if (budget === undefined) return [];
    const { counts } = rowOf({ class: name }).budget;
    const count = counts === 'user' ? new Set(own.map(({ change }) => change.person)).size : own.length;
    const limit = limitOf(budget, population.counts.get(counts) ?? 0);
    const what = population.words.get(counts) ?? counts;
    return count > limit ? [{ class: name, changes: own, count, limit, what }] : [];
  });
}

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
    reason: `${excess.class} of ${excess.count} ${excess.what}, and the budget is ${excess.limit}`,
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
  const unmerged = meant.find(({ state }) => state === 'not-in-base');
  if (unmerged !== undefined)
    return `the approval at ${unmerged.at.file}:${unmerged.at.line} is not in the base yet: merge it first`;
  if (meant.some(({ state }) => state === 'valid'))
    return 'the approval names another set of changes: the plan has changed since';
  if (tooFar !== undefined)
    return `the approval at ${tooFar.at.file}:${tooFar.at.line} is given for more than 14 days: shorten it`;
  if (expired !== undefined)
    return `the approval at ${expired.at.file}:${expired.at.line} expired on ${expired.expires}`;
  return `if it is right, approve ${excess.class} in the approvals file, by users or by changes: ${changesDigest(excess.changes)}`;
}
