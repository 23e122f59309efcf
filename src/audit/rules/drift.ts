import type { FindingDraft } from '../../model/audit.ts';
import { rowOf } from '../../model/change-classes.ts';
import { groupBy } from '../../model/group-by.ts';
import type { Change, Plan } from '../../model/plan.ts';
import type { PopulationRule } from '../population.ts';
import { differencesText, valueText } from './difference-text.ts';

/** One finding for each person whose account is not as the entry says, or who has none. */
export const drift: PopulationRule = ({ plan, matching: { people } }, { desired }) => {
  const accounts = new Map(people.map((match) => [match.desired.username, match]));
  return [...groupBy(differencesOf(plan), ({ person }) => person)].flatMap(([person, all]): FindingDraft[] => {
    const match = accounts.get(person);
    if (match === undefined) return [];
    const changes = match.transition === 'stays-away' ? all.filter(isNoToken) : all;
    if (changes.length === 0) return [];
    const { file, line, column } = desired.locate(match.desired);
    return [
      {
        rule: 'drift',
        person,
        ...(match.account === undefined ? { thing: person } : { account: match.account }),
        text: differencesText(changes),
        evidence: changes.map((change) => ({ read: isNoToken(change) ? 'accounts' : 'tokens', fact: factOf(change) })),
        at: { file, line, column },
        ...(changes.some(isGrave) && { severity: 'high' }),
      },
    ];
  });
};

/** Tokens of people who are gone are findings of rules of their own. */
const isNoToken = (change: Change): boolean => rowOf(change).kind !== 'token';

/** Administration, and people who should have no access any more. */
const isGrave = (change: Change): boolean => change.concerns_admin !== undefined || change.class === 'deactivate';

/** Without the step aside of people who exchange their names: no entry asks for that one. */
const differencesOf = (plan: Plan): readonly Change[] =>
  [
    ...plan.actions.flatMap(({ changes }) => changes),
    ...[...plan.blocked, ...plan.held].map(({ change }) => change),
  ].filter(({ part_of }) => part_of !== 'exchange');

const factOf = ({ class: name, attribute, before, after }: Change): string =>
  `${name}: ${attribute} is ${valueText(before)}, expected ${valueText(after)}`;
