/**
 * An account as a map from fields to values, spelt as plans spell them: `email`, `notify_props.desktop`, `roles`.
 * After each action that was written the view is what the account must be now, without another read.
 */
import type { LiveUser } from '../model/live-state.ts';
import type { Action, Call, CallFields, PlanValue } from '../model/plan.ts';
import { sortRoles } from '../model/user-rules.ts';
import type { StringMap } from '../model/user-values.ts';

export type AccountView = ReadonlyMap<string, PlanValue>;

export function viewOf({ values }: LiveUser): AccountView {
  const { timezone, notify_props: notifyProps, props, auth, ...others } = values;
  const { isHidden: _, ...shownAuth } = auth;
  return new Map<string, PlanValue>([
    ...Object.entries(others),
    ...entriesOf('timezone', timezone),
    ...entriesOf('notify_props', notifyProps),
    ...entriesOf('props', props),
    ['auth', shownAuth],
  ]);
}

const entriesOf = (name: string, map: StringMap): ReadonlyArray<readonly [string, string]> =>
  Object.entries(map).map(([key, value]) => [`${name}.${key}`, value]);

/** What an action makes of the fields that it writes; tokens are no fields. */
export function fieldsWritten(action: Action, before: AccountView): AccountView {
  return new Map(Object.entries(written(action.call, before)));
}

function written(call: Call, before: AccountView): Readonly<Record<string, PlanValue>> {
  switch (call.operation) {
    case 'create-user':
      return { ...flatten(call.fields), auth: call.auth === undefined ? { service: 'email' } : { ...call.auth } };
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

function flatten({
  timezone = {},
  notify_props: notifyProps = {},
  props = {},
  ...texts
}: CallFields): Readonly<Record<string, PlanValue>> {
  return {
    ...texts,
    ...Object.fromEntries([
      ...entriesOf('timezone', timezone),
      ...entriesOf('notify_props', notifyProps),
      ...entriesOf('props', props),
    ]),
  };
}
