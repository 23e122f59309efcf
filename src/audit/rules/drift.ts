import type { FindingDraft } from '../../model/audit.ts';
import { groupBy } from '../../model/group-by.ts';
import type { Change, Plan } from '../../model/plan.ts';
import type { PopulationRule } from '../population.ts';

/** One finding for each person whose account is not as the entry says, or who has none. */
export const drift: PopulationRule = ({ plan, matching: { people } }, { desired }) => {
  const accounts = new Map(people.map(({ desired: user, account }) => [user.username, { user, account }]));
  return [...groupBy(differencesOf(plan), ({ person }) => person)].flatMap(([person, changes]): FindingDraft[] => {
    const match = accounts.get(person);
    if (match === undefined) return [];
    const { file, line, column } = desired.locate(match.user);
    const classes = [...new Set(changes.map((change) => change.class))];
    return [
      {
        rule: 'drift',
        ...(match.account === undefined ? { thing: person } : { account: match.account }),
        text: `${match.account === undefined ? `${person} ` : ''}differs from the entry: ${classes.join(', ')}`,
        evidence: changes.map((change) => ({ read: 'accounts', fact: factOf(change) })),
        at: { file, line, column },
        ...(changes.some(({ concerns_admin: admin }) => admin !== undefined) && { severity: 'high' }),
      },
    ];
  });
};

const differencesOf = (plan: Plan): readonly Change[] => [
  ...plan.actions.flatMap(({ changes }) => changes),
  ...[...plan.blocked, ...plan.held].map(({ change }) => change),
];

function factOf({ class: name, attribute, before, after }: Change): string {
  if (attribute === undefined) return name;
  return `${attribute}: ${textOf(before)}, wanted ${textOf(after)}`;
}

const textOf = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));
