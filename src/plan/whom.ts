/** Who gets what a change gives. A name is not enough: the files may have it stand for another account later. */
import { digestOf } from '../model/canonical-json.ts';
import type { Person } from '../model/resource-definition.ts';
import { emailLogin } from '../model/user-values.ts';

/** A digest of the account; of a person without one, of the address and of what signs in, as the entry says it. */
export const whomOf = (person: Person): string => digestOf(accountOf(person) ?? asDeclared(person));

/** The same person may have been without an account when a plan said whom. */
export function knownAs(person: Person): readonly string[] {
  return accountOf(person) === undefined || !isAsDeclared(person)
    ? [whomOf(person)]
    : [whomOf(person), digestOf(asDeclared(person))];
}

/** A foreseen account has no id yet. */
const accountOf = ({ live: { user } }: Person): { readonly account: string } | undefined =>
  user === undefined || user.id === '' ? undefined : { account: user.id };

const asDeclared = ({ desired: { values, initialPassword: source } }: Person): object => ({
  email: values.email,
  auth: values.auth ?? emailLogin,
  source,
});

/** Whether the account may be the one that a create of this very entry made. */
function isAsDeclared({ desired: { values }, live: { user } }: Person): boolean {
  const { service } = values.auth ?? emailLogin;
  return user !== undefined && user.values.email === values.email && user.values.auth.service === service;
}
