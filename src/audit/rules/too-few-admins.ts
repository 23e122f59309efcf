import { canAdminister } from '../../model/admin-rules.ts';
import { byText } from '../../model/compare.ts';
import { count } from '../../model/count.ts';
import type { PopulationRule } from '../population.ts';

export const tooFewAdmins: PopulationRule = ({ subjects }, { facts, policy }) => {
  const admins = subjects
    .map(({ account }) => account)
    .filter((account) => canAdminister(account, facts.signInServices))
    .toSorted(byText(({ values }) => values.username));
  if (admins.length >= policy.minAdmins) return [];
  const names = admins.map(({ values }) => values.username);
  return [
    {
      rule: 'too-few-admins',
      text: `${admins.length} of the ${count(policy.minAdmins, 'administrator')} that policy.min_admins asks for can sign in`,
      evidence: [{ read: 'accounts', fact: names.length === 0 ? 'none' : names.join(', ') }],
    },
  ];
};
