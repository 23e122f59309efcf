import { canAdminister } from '../../model/admin-rules.ts';
import { byText, compareText } from '../../model/compare.ts';
import { count } from '../../model/count.ts';
import type { PopulationRule } from '../population.ts';

export const tooFewAdmins: PopulationRule = ({ subjects }, { facts, policy }) => {
  const admins = subjects
    .map(({ account }) => account)
    .filter((account) => canAdminister(account, facts.signInServices))
    .toSorted(byText(({ values }) => values.username));
  if (admins.length >= policy.minAdmins) return [];
  const shutOut = subjects
    .map(({ account }) => account)
    .filter((one) => !admins.includes(one) && canAdminister(one, new Set([one.values.auth.service])));
  const services = [...new Set(shutOut.map(({ values }) => values.auth.service))].toSorted(compareText);
  const why =
    shutOut.length === 0
      ? ''
      : `; of ${count(shutOut.length, 'other')} the sign-in (${services.join(', ')}) is switched off on the server`;
  const names = admins.map(({ values }) => values.username);
  return [
    {
      rule: 'too-few-admins',
      text: `${admins.length} of the ${count(policy.minAdmins, 'administrator')} that policy.min_admins asks for can sign in${why}`,
      evidence: [{ read: 'accounts', fact: names.length === 0 ? 'none' : names.join(', ') }],
    },
  ];
};
