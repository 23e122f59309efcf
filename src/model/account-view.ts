/**
 * An account as a map from fields to values, spelt as plans spell them: `email`, `notify_props.desktop`, `roles`.
 * After each action that was written the view is what the account must be now, without another read.
 */
import { assertNever } from './assert-never.ts';
import { type CallOf, isCallOf } from './calls.ts';
import type { LiveUser } from './live-state.ts';
import { type Action, isPlanMap, type PlanValue } from './plan.ts';
import { type Field, gatherAttributes, isSameValue, spellAttributes, spellFields } from './user-attributes.ts';
import { sortRoles } from './user-rules.ts';
import type { AuthValue, UserValues } from './user-values.ts';
import { NotVerifiedError, quote } from './verdict.ts';

export type AccountView = ReadonlyMap<string, PlanValue>;

export const viewOf = ({ values }: LiveUser): AccountView => new Map(spellAttributes(values));

/** What an action makes of the account's own fields; calls about things that it owns make nothing of them. */
export function fieldsWritten({ call }: Pick<Action, 'call'>, before: AccountView): AccountView {
  return new Map(isCallOf('user', call) ? writtenBy(call, before) : []);
}

/** An account as calls will have left it, one after the other. */
export function foreseenAccount(live: LiveUser, actions: readonly Pick<Action, 'call'>[]): LiveUser {
  const written = new Map<string, PlanValue>();
  for (const action of actions)
    for (const [field, value] of fieldsWritten(action, new Map([...viewOf(live), ...written])))
      written.set(field, value);
  const { values } = live;
  const { timezone, notify_props: notifyProps, props, ...others } = valuesIn(written);
  return {
    ...live,
    values: {
      ...values,
      ...others,
      timezone: { ...values.timezone, ...timezone },
      notify_props: { ...values.notify_props, ...notifyProps },
      props: { ...values.props, ...props },
    },
  };
}

/** The values that fields spell, those among them that no undo could set. */
function valuesIn(fields: AccountView): Partial<UserValues> {
  const [roles, auth, mfa] = ['roles', 'auth', 'mfa'].map((name) => fields.get(name));
  return {
    ...gatherAttributes(fields),
    ...(Array.isArray(roles) && { roles: roles.map(String) }),
    ...(isPlanMap(auth) && { auth: authIn(auth) }),
    ...(mfa === 'off' && { mfa }),
  };
}

function authIn({ service, data }: Readonly<Record<string, PlanValue>>): AuthValue {
  const name = typeof service === 'string' ? service : '';
  return typeof data === 'string' ? { service: name, data } : { service: name };
}

function writtenBy(call: CallOf<'user'>, before: AccountView): readonly Field[] {
  switch (call.operation) {
    case 'create-user':
      return [
        ...spellFields({ ...call.fields }),
        ['auth', call.auth === undefined ? { service: 'email' } : { ...call.auth }],
      ];
    case 'patch-user':
      return spellFields({ ...call.fields });
    case 'set-auth':
      return [['auth', { ...call.auth }]];
    case 'set-password':
      return [['auth', { service: 'email' }]];
    case 'disable-mfa':
      return [['mfa', 'off']];
    case 'demote-to-guest':
      return [['roles', ['system_guest']]];
    case 'promote-guest':
      return [['roles', promoted(before.get('roles'))]];
    case 'set-roles':
      return [['roles', call.roles]];
    case 'activate':
      return [['active', true]];
    case 'deactivate':
      return [['active', false]];
    default:
      return assertNever(call);
  }
}

function promoted(roles: PlanValue | undefined): readonly string[] {
  const words = Array.isArray(roles) ? roles.map(String) : [];
  return sortRoles(words.map((role) => (role === 'system_guest' ? 'system_user' : role)));
}

/** Whether every field that an action writes has its value already; it writes at least one. */
export function isAsWanted(action: Action, view: AccountView): boolean {
  const wanted = fieldsWritten(action, view);
  return wanted.size > 0 && [...wanted].every(([field, value]) => isSameValue(field, view.get(field), value));
}

/** What a read after the write does not show. */
export function flawIn(action: Action, view: AccountView | undefined): NotVerifiedError | undefined {
  if (view === undefined) return new NotVerifiedError('the account', 'there', 'no such account');
  const missed = [...fieldsWritten(action, view)].find(([field, value]) => !isSameValue(field, view.get(field), value));
  if (missed === undefined) return undefined;
  const [field, value] = missed;
  return new NotVerifiedError(field, quote(value), quote(view.get(field)));
}
