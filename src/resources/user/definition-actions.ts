import { type ChangeOf, type ClassesByKind, isChangeOf } from '../../model/change-classes.ts';
import { groupBy } from '../../model/group-by.ts';
import {
  type ActionDraft,
  type CallFields,
  type Change,
  isPlanMap,
  type PasswordOrigin,
  type PlanValue,
  type Precondition,
} from '../../model/plan.ts';
import type { Person, PlanContext } from '../../model/resource-definition.ts';
import { authAsValue } from '../../model/user-attributes.ts';
import { sortRoles } from '../../model/user-rules.ts';

type UserClass = ClassesByKind['user'];
type UserChange = ChangeOf<'user'>;

/** @param own - the changes of the builder's own classes; there is at least one */
type Builder = (
  person: Person,
  own: readonly UserChange[],
  all: readonly UserChange[],
  context: PlanContext,
) => readonly ActionDraft[];

/** Who makes the actions of a class. A class without a builder is a compile error, so no change is left without an action. */
const builderOf: Readonly<Record<UserClass, Builder>> = {
  create: createAction,
  auth: authActions,
  mfa: mfaActions,
  email: patchActions,
  rename: patchActions,
  update: patchActions,
  guest: roleActions,
  'role-grant': roleActions,
  'role-revoke': roleActions,
  'admin-gain': roleActions,
  'admin-loss': roleActions,
  activate: activeActions,
  deactivate: activeActions,
};

/** The calls that make changes of one person. Every change given comes back in exactly one action. */
export function userActions(person: Person, changes: readonly Change[], context: PlanContext): readonly ActionDraft[] {
  const all = changes.filter((change) => isChangeOf('user', change));
  const byBuilder = groupBy(all, (change) => builderOf[change.class]);
  return [...byBuilder].flatMap(([build, own]) => build(person, own, all, context));
}

const ofClass = (changes: readonly UserChange[], ...classes: readonly UserClass[]): readonly UserChange[] =>
  changes.filter((change) => classes.includes(change.class));

function accountOf({ live: { user } }: Person): { account?: string } {
  return user === undefined ? {} : { account: user.id };
}

function createAction(
  person: Person,
  create: readonly UserChange[],
  _all: readonly UserChange[],
  context: PlanContext,
): readonly ActionDraft[] {
  const { username, values, onCreate } = person.desired;
  const asEmail = values.auth === undefined || values.auth.service === 'email';
  const fields = fieldsOf(create[0]?.after);
  // A person with an initial password was told of it; a person who signs in elsewhere needs none.
  const isInvited = asEmail && person.desired.initialPassword === undefined && context.policy.invite === 'reset_mail';
  return [
    {
      phase: 'create',
      changes: create,
      precondition: { absent: [username, ...(fields.email === undefined ? [] : [fields.email])], fields: {} },
      call: {
        operation: 'create-user',
        fields,
        ...(asEmail
          ? { password: passwordOf(person) }
          : { auth: { service: values.auth?.service ?? '', data: values.auth?.data ?? '' } }),
        welcome_email: onCreate.welcomeEmail,
        ...(isInvited && { invite: 'reset_mail' as const }),
        email_verified: onCreate.emailVerified,
      },
    },
  ];
}

/** The profile fields of a create's value; `auth` travels on its own. */
function fieldsOf(value: PlanValue | undefined): CallFields {
  if (!isPlanMap(value)) return {};
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== 'auth'));
}

function passwordOf({ desired }: Person): PasswordOrigin {
  return desired.initialPassword === undefined ? { random: true } : { source: desired.initialPassword };
}

function authActions(person: Person, auth: readonly UserChange[]): readonly ActionDraft[] {
  const {
    live: { user: live },
    desired,
  } = person;
  const wanted = desired.values.auth;
  if (live === undefined || wanted === undefined) return [];
  const toEmail = wanted.service === 'email';
  const common = {
    account: live.id,
    changes: auth,
    precondition: { account: live.id, fields: { auth: authAsValue(live.values.auth), roles: live.values.roles } },
    // It is unknown whether an administrator can sign in by the new way before they have tried.
    ...(live.values.roles.includes('system_admin') && { lane: 'admin-loss' as const }),
  };
  return toEmail
    ? [
        {
          ...common,
          phase: 'leave-provider',
          call: { operation: 'set-password', password: passwordOf(person) },
        },
      ]
    : [
        {
          ...common,
          phase: live.values.auth.service === 'email' ? 'join-provider' : 'leave-provider',
          call: { operation: 'set-auth', auth: { service: wanted.service, data: wanted.data ?? '' } },
        },
      ];
}

function mfaActions({ live: { user: live } }: Person, mfa: readonly UserChange[]): readonly ActionDraft[] {
  if (live === undefined) return [];
  return [
    {
      phase: 'mfa',
      account: live.id,
      changes: mfa,
      precondition: { account: live.id, fields: { mfa: live.values.mfa } },
      call: { operation: 'disable-mfa' },
    },
  ];
}

/** One patch for all profile fields. Of the maps only the named keys; the executor keeps the others. */
function patchActions(person: Person, patched: readonly UserChange[]): readonly ActionDraft[] {
  const aside = patched.filter((change) => change.part_of === 'exchange');
  const others = patched.filter((change) => change.part_of !== 'exchange');
  return [
    ...patchAction(person, aside, 'step-aside'),
    // A person who has stepped aside bears the name of the moment when the wanted one is given.
    ...patchAction(person, others, 'patch', textOf(aside[0]?.after)),
  ];
}

function patchAction(
  person: Person,
  patched: readonly UserChange[],
  phase: 'step-aside' | 'patch',
  nameBefore = '',
): readonly ActionDraft[] {
  if (patched.length === 0) return [];
  const fields: Record<string, string | Record<string, string>> = {};
  const before: Record<string, PlanValue> = {};
  for (const { attribute, before: was, after } of patched) {
    if (was !== undefined) before[attribute] = was;
    const dot = attribute.indexOf('.');
    if (dot === -1) fields[attribute] = textOf(after);
    else
      fields[attribute.slice(0, dot)] = {
        ...mapOf(fields[attribute.slice(0, dot)]),
        [attribute.slice(dot + 1)]: textOf(after),
      };
  }
  if (nameBefore !== '') before['username'] = nameBefore;
  return [
    {
      phase,
      ...accountOf(person),
      changes: patched,
      precondition: { ...accountOf(person), fields: before },
      call: { operation: 'patch-user', fields },
    },
  ];
}

const textOf = (value: PlanValue | undefined): string => (typeof value === 'string' ? value : '');

const mapOf = (value: string | Record<string, string> | undefined): Record<string, string> =>
  typeof value === 'object' ? value : {};

function roleActions(person: Person, changes: readonly UserChange[]): readonly ActionDraft[] {
  const before = person.live.user?.values.roles ?? ['system_user'];
  const guest = ofClass(changes, 'guest');
  const others = changes.filter((change) => change.class !== 'guest');
  const actions: ActionDraft[] = [];
  let roles = before;
  if (guest.length > 0) {
    const toGuest = guest[0]?.after === 'guest';
    // A demotion leaves system_guest alone; a promotion keeps the other roles.
    roles = toGuest
      ? ['system_guest']
      : sortRoles(before.map((role) => (role === 'system_guest' ? 'system_user' : role)));
    const made = toGuest ? others.filter((change) => change.after === undefined) : [];
    actions.push({
      ...roleDraft(person, [...guest, ...made], before),
      phase: 'guest',
      call: { operation: toGuest ? 'demote-to-guest' : 'promote-guest' },
    });
  }
  const open = others.filter((change) => !actions.some((action) => action.changes.includes(change)));
  if (open.length > 0) {
    const target = rolesAfter(roles, open);
    actions.push({
      ...roleDraft(person, open, roles),
      phase: 'roles',
      call: { operation: 'set-roles', roles: target },
    });
  }
  return actions;
}

function roleDraft(
  person: Person,
  changes: readonly Change[],
  before: readonly string[],
): Omit<ActionDraft, 'phase' | 'call'> {
  return {
    ...accountOf(person),
    changes,
    precondition: { ...accountOf(person), fields: { roles: before } },
    ...(changes.some((change) => change.class === 'admin-loss') && { lane: 'admin-loss' as const }),
  };
}

function rolesAfter(before: readonly string[], changes: readonly Change[]): readonly string[] {
  const roles = new Set(before);
  for (const { before: was, after } of changes) {
    if (typeof after === 'string') roles.add(after);
    else if (typeof was === 'string') roles.delete(was);
  }
  // An empty list would take every right away; the base role is never part of a change that takes away.
  if (!roles.has('system_guest')) roles.add('system_user');
  return sortRoles(roles);
}

function activeActions(person: Person, own: readonly UserChange[], all: readonly UserChange[]): readonly ActionDraft[] {
  const { user: live } = person.live;
  if (live === undefined) return [];
  return own.map((change): ActionDraft => {
    const activates = change.class === 'activate';
    return {
      phase: activates ? 'activate' : 'deactivate',
      account: live.id,
      changes: [change],
      precondition: activePrecondition(person, all, activates),
      ...(!activates && live.values.roles.includes('system_admin') && { lane: 'admin-loss' as const }),
      call: { operation: activates ? 'activate' : 'deactivate' },
    };
  });
}

/** The roles are part of what was seen, unless this plan itself changes them before. */
function activePrecondition(person: Person, changes: readonly UserChange[], activates: boolean): Precondition {
  const account = person.live.user?.id ?? '';
  const roles = person.live.user?.values.roles ?? [];
  const roleChanges = changes.filter((change) => builderOf[change.class] === roleActions);
  if (roleChanges.length === 0) return { account, fields: { active: !activates, roles } };
  if (!activates) return { account, fields: { active: true } };
  const guest = roleChanges.find((change) => change.class === 'guest');
  const base =
    guest === undefined
      ? roles
      : guest.after === 'guest'
        ? ['system_guest']
        : [...roles.filter((role) => role !== 'system_guest'), 'system_user'];
  const others = roleChanges.filter((change) => change !== guest);
  return { account, fields: { active: false, roles: rolesAfter(base, others) } };
}
