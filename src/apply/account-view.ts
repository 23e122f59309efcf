/**
 * An account as a map from fields to values, spelt as plans spell them: `email`, `notify_props.desktop`, `roles`.
 * After each action that was written the view is what the account must be now, without another read.
 */
import type { LiveUser } from '../model/live-state.ts';
import type { Action, Call, PlanValue } from '../model/plan.ts';
import { sortRoles } from '../model/user-rules.ts';

export type AccountView = ReadonlyMap<string, PlanValue>;

export function viewOf({ values }: LiveUser): AccountView {
  const view = new Map<string, PlanValue>();
  for (const [attribute, value] of Object.entries(values) as ReadonlyArray<[string, PlanValue]>) {
    if (isMapAttribute(attribute))
      for (const [key, part] of Object.entries(value)) view.set(`${attribute}.${key}`, part as PlanValue);
    else view.set(attribute, attribute === 'auth' ? authOf(value) : value);
  }
  return view;
}

const isMapAttribute = (attribute: string): boolean =>
  attribute === 'notify_props' || attribute === 'props' || attribute === 'timezone';

/** Without the mark that the server hides the data. */
function authOf(value: PlanValue): PlanValue {
  const { isHidden: _, ...auth } = value as { isHidden?: true; service: string; data?: string };
  return auth;
}

/** What an action makes of the fields that it writes; tokens are no fields. */
export function fieldsWritten(action: Action, before: AccountView): AccountView {
  return new Map(Object.entries(written(action.call, before)));
}

function written(call: Call, before: AccountView): Readonly<Record<string, PlanValue>> {
  switch (call.operation) {
    case 'create-user':
    case 'patch-user':
      return flatten(call.fields);
    case 'set-auth':
      return { auth: { ...call.auth } };
    case 'set-password':
      return { auth: { service: 'email' } };
    case 'demote-to-guest':
      return { roles: ['system_guest'] };
    case 'promote-guest':
      return { roles: promoted(before.get('roles')) };
    case 'set-roles':
      return { roles: call.roles };
    case 'activate':
      return { active: true };
    case 'deactivate':
      return { active: false };
    case 'create-token':
    case 'enable-token':
    case 'disable-token':
    case 'revoke-token':
      return {};
  }
}

function promoted(roles: PlanValue | undefined): readonly string[] {
  const words = Array.isArray(roles) ? roles.map(String) : [];
  return sortRoles(words.map((role) => (role === 'system_guest' ? 'system_user' : role)));
}

function flatten(fields: object): Readonly<Record<string, PlanValue>> {
  const flat: Record<string, PlanValue> = {};
  for (const [name, value] of Object.entries(fields) as ReadonlyArray<[string, PlanValue]>) {
    if (typeof value === 'string') flat[name] = value;
    else for (const [key, part] of Object.entries(value)) flat[`${name}.${key}`] = String(part);
  }
  return flat;
}
