import { canonicalJson } from '../../model/canonical-json.ts';
import type { ChangeClass, PlanValue } from '../../model/plan.ts';
import {
  isBaseRole,
  normalizeEmail,
  normalizeMentionKeys,
  normalizeUsername,
  sortRoles,
  stripInvisible,
} from '../../model/user-rules.ts';
import type { AuthValue, StringMap, UserAttribute, UserValues } from '../../model/user-values.ts';

/** One difference of one attribute, before it has a person and a reason. */
export interface Difference {
  readonly class: ChangeClass;
  /** The part of the attribute that differs, where it has parts: a key of a map, a role. */
  readonly part?: string;
  readonly before?: PlanValue;
  readonly after?: PlanValue;
}

export interface AttributeRow<Value> {
  /** Which call writes it. */
  readonly writtenBy: 'patch' | 'roles' | 'active' | 'auth';
  /** As the server would store it; both sides pass through it. */
  readonly normalize: (value: Value) => Value;
  readonly diff: (before: Value, after: Value) => readonly Difference[];
}

/** One row per attribute. A property that is added to the schema is a compile error here until it has its row. */
export const userAttributes: { readonly [A in UserAttribute]: AttributeRow<UserValues[A]> } = {
  username: { writtenBy: 'patch', normalize: normalizeUsername, diff: asClass('rename') },
  email: { writtenBy: 'patch', normalize: normalizeEmail, diff: asClass('email') },
  first_name: { writtenBy: 'patch', normalize: stripInvisible, diff: asClass('update') },
  last_name: { writtenBy: 'patch', normalize: stripInvisible, diff: asClass('update') },
  nickname: { writtenBy: 'patch', normalize: stripInvisible, diff: asClass('update') },
  position: { writtenBy: 'patch', normalize: asIs, diff: asClass('update') },
  locale: { writtenBy: 'patch', normalize: asIs, diff: asClass('update') },
  timezone: { writtenBy: 'patch', normalize: asIs, diff: namedKeys },
  notify_props: { writtenBy: 'patch', normalize: withMentionKeys, diff: namedKeys },
  props: { writtenBy: 'patch', normalize: asIs, diff: namedKeys },
  roles: { writtenBy: 'roles', normalize: sortRoles, diff: roleChanges },
  active: { writtenBy: 'active', normalize: asIs, diff: activeChange },
  auth: { writtenBy: 'auth', normalize: withoutIdleData, diff: authChange },
};

export function isUserAttribute(name: string): name is UserAttribute {
  return Object.hasOwn(userAttributes, name);
}

export const attributeNames: readonly UserAttribute[] = Object.keys(userAttributes).filter(isUserAttribute);

/** The differences of one attribute between what an account has and what an entry names. */
export function diffAttribute<A extends UserAttribute>(
  attribute: A,
  before: UserValues[A],
  after: UserValues[A],
): readonly Difference[] {
  const row: AttributeRow<UserValues[A]> = userAttributes[attribute];
  return row.diff(row.normalize(before), row.normalize(after));
}

function asIs<Value>(value: Value): Value {
  return value;
}

function asClass(changeClass: ChangeClass): (before: string, after: string) => readonly Difference[] {
  return (before, after) => (before === after ? [] : [{ class: changeClass, before, after }]);
}

function withMentionKeys(map: StringMap): StringMap {
  const keys = map['mention_keys'];
  return keys === undefined ? map : { ...map, mention_keys: normalizeMentionKeys(keys) };
}

/** Only the keys that the entry names are compared, although the server replaces the whole map. */
function namedKeys(before: StringMap, after: StringMap): readonly Difference[] {
  return Object.keys(after)
    .toSorted()
    .map((key) => [key, ownValue(before, key), ownValue(after, key) ?? ''] as const)
    .filter(([, was, wanted]) => was !== wanted)
    .map(([key, was, wanted]) => {
      return was === undefined
        ? { class: 'update', part: key, after: wanted }
        : { class: 'update', part: key, before: was, after: wanted };
    });
}

/** A key such as `toString` is a key like any other, not what every object inherits. */
function ownValue(map: StringMap, key: string): string | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/**
 * One difference of the set can be several changes, of several classes. Becoming a guest takes every other role away,
 * so those that are wanted still have to be given again.
 */
function roleChanges(before: readonly string[], after: readonly string[]): readonly Difference[] {
  const becomesGuest = !before.includes('system_guest') && after.includes('system_guest');
  const becomesMember = before.includes('system_guest') && !after.includes('system_guest');
  const guest: Difference = {
    class: 'guest',
    part: 'system_guest',
    before: becomesGuest ? 'member' : 'guest',
    after: becomesGuest ? 'guest' : 'member',
  };
  const isPartOfGuest = (role: string): boolean => (becomesGuest || becomesMember) && isBaseRole(role);
  const kept = becomesGuest ? [] : before;
  const gained = after.filter((role) => !kept.includes(role) && !isPartOfGuest(role));
  const lost = before.filter((role) => !after.includes(role) && !isPartOfGuest(role));
  return [
    ...(becomesGuest || becomesMember ? [guest] : []),
    ...gained.map(
      (role): Difference => ({ class: role === 'system_admin' ? 'admin-gain' : 'role-grant', part: role, after: role }),
    ),
    ...lost.map(
      (role): Difference => ({
        class: role === 'system_admin' ? 'admin-loss' : 'role-revoke',
        part: role,
        before: role,
      }),
    ),
  ];
}

function activeChange(before: boolean, after: boolean): readonly Difference[] {
  return before === after ? [] : [{ class: after ? 'activate' : 'deactivate', before, after }];
}

/** A person with e-mail login has no data at any service. */
function withoutIdleData(auth: AuthValue): AuthValue {
  return auth.service === 'email' ? { service: 'email' } : auth;
}

/** Data that the server hides is not compared; an entry without data does not manage it. */
function authChange(before: AuthValue, after: AuthValue): readonly Difference[] {
  const isSameData = after.data === undefined || before.isHidden === true || before.data === after.data;
  return before.service === after.service && isSameData
    ? []
    : [{ class: 'auth', before: authAsValue(before), after: authAsValue(after) }];
}

/** `email` alone, or the service with its data, as a reader of a plan sees it. */
export function authAsValue(auth: AuthValue): PlanValue {
  return auth.data === undefined ? { service: auth.service } : { service: auth.service, data: auth.data };
}

/** Whether two values of a field, spelt as plans spell them, mean the same to the server. */
export function isSameValue(field: string, one: PlanValue | undefined, other: PlanValue | undefined): boolean {
  return canonicalJson(normalized(field, one)) === canonicalJson(normalized(field, other));
}

function normalized(field: string, value: PlanValue | undefined): PlanValue | undefined {
  if (field === 'notify_props.mention_keys' && typeof value === 'string') return normalizeMentionKeys(value);
  if (field === 'roles' && Array.isArray(value)) return sortRoles(value.map(String));
  return isTextAttribute(field) && typeof value === 'string' ? userAttributes[field].normalize(value) : value;
}

type TextAttribute = { [A in UserAttribute]: UserValues[A] extends string ? A : never }[UserAttribute];

const textAttributes: Readonly<Record<TextAttribute, true>> = {
  username: true,
  email: true,
  first_name: true,
  last_name: true,
  nickname: true,
  position: true,
  locale: true,
};

const isTextAttribute = (field: string): field is TextAttribute => Object.hasOwn(textAttributes, field);
