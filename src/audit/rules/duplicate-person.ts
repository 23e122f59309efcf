import type { FindingDraft } from '../../model/audit.ts';
import { byText } from '../../model/compare.ts';
import { groupBy } from '../../model/group-by.ts';
import type { LiveUser } from '../../model/live-state.ts';
import { normalizeName } from '../../model/user-rules.ts';
import type { PopulationRule } from '../population.ts';

/** The same first and last name, or the same e-mail but for what follows a plus sign. */
export const duplicatePerson: PopulationRule = ({ subjects }) => {
  const active = subjects
    .map(({ account }) => account)
    .filter(({ isBot, isRemote, values }) => !isBot && !isRemote && values.active)
    .toSorted(byText(({ values }) => values.username));
  return active.length === 0 ? [] : [...pairs(active, nameKey, 'name'), ...pairs(active, mailKey, 'e-mail')];
};

function pairs(
  accounts: readonly LiveUser[],
  keyOf: (account: LiveUser) => string | undefined,
  what: string,
): readonly FindingDraft[] {
  const keyed = accounts.filter((account) => keyOf(account) !== undefined);
  return [...groupBy(keyed, keyOf).values()].flatMap(([first, ...others]) =>
    others.map((account): FindingDraft => {
      const other = first?.values.username ?? '';
      return {
        rule: 'duplicate-person',
        account,
        thing: `${what} ${first?.id ?? ''}`,
        text: `has the ${what} of ${other}`,
        evidence: [{ read: 'accounts', fact: `${keyOf(account) ?? ''}: ${other} and ${account.values.username}` }],
      };
    }),
  );
}

function nameKey({ values }: LiveUser): string | undefined {
  const [first, last] = [values.first_name, values.last_name].map((name) => normalizeName(name).trim().toLowerCase());
  return first === '' || last === '' ? undefined : `${first} ${last}`;
}

function mailKey({ values: { email } }: LiveUser): string | undefined {
  const at = email.lastIndexOf('@');
  return at <= 0 ? undefined : `${email.slice(0, at).replace(/\+.*$/, '')}${email.slice(at)}`;
}
