/**
 * What the server would refuse because of the account as a whole (see `model/record-rules.ts`). A change that cures the
 * account is kept and marked, and the others wait for it; where none does, what would be refused is held.
 */

import { type ChangeOf, type ClassesByKind, isChangeOf } from '../../model/change-classes.ts';
import { hold } from '../../model/messages/held-rows.ts';
import { type Change, type HeldChange, isPlanMap, type Notice, type PlanValue } from '../../model/plan.ts';
import { type RecordFlaw, recordFlaws } from '../../model/record-rules.ts';
import type { HandsOff, Person, PlanContext } from '../../model/resource-definition.ts';
import { attributeOfField } from '../../model/user-attributes.ts';
import { sortRoles } from '../../model/user-rules.ts';
import type { AuthValue, UserValues } from '../../model/user-values.ts';
import { ownerOf } from './definition-owner.ts';

/** The call that makes a change. Sign-in, guest and second factor are stored by themselves, and nothing else is looked at. */
type Step = 'sign-in' | 'patch' | 'roles' | 'active' | 'unasked';

const stepOf: Readonly<Record<ClassesByKind['user'], Step>> = {
  create: 'unasked',
  auth: 'sign-in',
  mfa: 'unasked',
  email: 'patch',
  rename: 'patch',
  update: 'patch',
  guest: 'unasked',
  'role-grant': 'roles',
  'role-revoke': 'roles',
  'admin-gain': 'roles',
  'admin-loss': 'roles',
  activate: 'active',
  deactivate: 'active',
};

/** Whether the server looks at the whole account before it makes a change. */
export const isAsked = (change: Change): boolean => isChangeOf('user', change) && asks(stepOf[change.class]);
const asks = (step: Step): boolean => step === 'patch' || step === 'roles' || step === 'active';

/** In the order of the calls: a person who leaves a provider does it first, one who joins a provider is patched before. */
const stepsOf = ({ auth }: UserValues): readonly Step[] =>
  auth.service === 'email' ? ['patch', 'sign-in', 'roles', 'active'] : ['sign-in', 'patch', 'roles', 'active'];

export interface Settled {
  readonly changes: readonly Change[];
  readonly held: readonly HeldChange[];
  readonly notices: readonly Notice[];
}

const nothingSettled: Settled = { changes: [], held: [], notices: [] };

/**
 * Goes through the calls in their order and asks of each what the server would ask.
 *
 * @param changes - what is wanted of an existing account
 * @param otherwiseHeld - what others own
 */
export function settleRefused(
  person: Person,
  changes: readonly Change[],
  otherwiseHeld: readonly HeldChange[],
  context: PlanContext,
): Settled {
  const live = person.live.user?.values;
  if (live === undefined) return { changes, held: [], notices: [] };
  if (changes.length === 0 && recordFlaws(live).length === 0) return nothingSettled;
  const why = refusalOf(person, live, otherwiseHeld, context);
  const all = changes.filter((change) => isChangeOf('user', change));
  const verdicts = new Map<Change, Change | HeldChange>();
  let values = live;
  for (const step of stepsOf(live)) {
    const own = all.filter((change) => stepOf[change.class] === step);
    if (own.length === 0) continue;
    const refused = asks(step) ? own.filter(isFlawedBy(recordFlaws(after(values, own)))) : [];
    for (const change of refused) verdicts.set(change, { change, ...valueRefused });
    const others = own.filter((change) => !refused.includes(change));
    const next = after(values, others);
    const flaws = asks(step) ? recordFlaws(next) : [];
    const isCure = isFlawedBy(recordFlaws(values));
    for (const change of others) {
      if (flaws.length > 0) verdicts.set(change, { change, ...why(flaws) });
      else if (isCure(change)) verdicts.set(change, { ...change, cures: true });
    }
    if (flaws.length === 0) values = next;
  }
  const settled = changes.map((change) => verdicts.get(change) ?? change);
  const left = recordFlaws(values);
  const held = settled.filter(isHeld);
  return {
    changes: settled.flatMap((one) => (isHeld(one) ? [] : [one])),
    held,
    notices: left.length === 0 || held.length > 0 ? [] : [noticeOf(person, why(left))],
  };
}

const isHeld = (one: Change | HeldChange): one is HeldChange => 'change' in one;

const isFlawedBy =
  (flaws: readonly RecordFlaw[]): ((change: Change) => boolean) =>
  ({ attribute }) =>
    flaws.some((flaw) => flaw.attribute === attributeOfField(attribute));

/** What an account is once changes are made. */
function after(values: UserValues, changes: readonly ChangeOf<'user'>[]): UserValues {
  return changes.reduce(withChange, values);
}

function withChange(values: UserValues, change: ChangeOf<'user'>): UserValues {
  const { attribute, before, after: now } = change;
  if (attribute === 'roles') return { ...values, roles: withRole(values.roles, before, now) };
  if (attribute === 'auth') return { ...values, auth: authOf(now) };
  const name = attributeOfField(attribute);
  const text = typeof now === 'string' ? now : '';
  if (name === attribute) return { ...values, [attribute]: typeof now === 'boolean' ? now : text };
  const key = attribute.slice(name.length + 1);
  return name === 'timezone' || name === 'props' ? { ...values, [name]: { ...values[name], [key]: text } } : values;
}

function withRole(
  roles: readonly string[],
  before: PlanValue | undefined,
  now: PlanValue | undefined,
): readonly string[] {
  return sortRoles([...roles.filter((role) => role !== before), ...(typeof now === 'string' ? [now] : [])]);
}

function authOf(value: PlanValue | undefined): AuthValue {
  const { service, data } = isPlanMap(value) ? value : {};
  const name = typeof service === 'string' ? service : 'email';
  return typeof data === 'string' ? { service: name, data } : { service: name };
}

/** Such as an address from before the server asked for more, which an undo would bring back. */
const valueRefused: Omit<HeldChange, 'change'> = hold('value-refused', 'the server', {});

/** Why the server refuses an account, and which line cures it. */
function refusalOf(
  { desired, live: { user } }: Person,
  { auth }: UserValues,
  held: readonly HeldChange[],
  { facts, desired: files }: PlanContext,
): (flaws: readonly RecordFlaw[]) => HandsOff {
  const cureOf = ({ attribute, cure }: RecordFlaw): string => {
    if (held.some(({ change }) => attributeOfField(change.attribute) === attribute))
      return `see what holds ${attribute}`;
    const owner = ownerOf({ attribute, auth, live: auth, facts });
    const { file, line } = files.locate(desired, desired.values[attribute] === undefined ? 'username' : attribute);
    return owner?.hint ?? `${cure} at ${file}:${line}`;
  };
  return (flaws) =>
    hold('record-refused', 'the server', {
      flaws: flaws.map(({ what }) => what).join(' and '),
      username: user?.values.username ?? desired.username,
      cures: flaws.map(cureOf).join(', and '),
    });
}

function noticeOf({ desired }: Person, { code, reason, hint }: HandsOff): Notice {
  return { code, person: desired.username, text: reason, hint };
}
