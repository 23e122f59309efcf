/**
 * The fields of an entry that are compared with an account, one row each. Loading, planning, writing, undoing, importing
 * and redacting read the rows; a property that is added to the schema is a compile error here until it has one.
 */
import { canonicalJson } from './canonical-json.ts';
import type { DesiredUser } from './desired-state.ts';
import type { UserEntry } from './generated/users-file.ts';
import { type ChangeClass, isPlanMap, type PlanValue } from './plan.ts';
import {
  composed,
  impliedRoles,
  isBaseRole,
  looksTheSame,
  normalizeEmail,
  normalizeMentionKeys,
  normalizeName,
  normalizeUsername,
  sortRoles,
} from './user-rules.ts';
import { type AuthValue, emailLogin, type StringMap, type UserAttribute, type UserValues } from './user-values.ts';

/** One difference of one attribute, before it has a person and a reason. */
export interface Difference {
  readonly class: ChangeClass;
  /** The part of the attribute that differs, where it has parts: a key of a map, a role. */
  readonly part?: string;
  readonly before?: PlanValue;
  readonly after?: PlanValue;
}

/** A field as plans spell it: `email`, `notify_props.desktop`. */
export type Field = readonly [name: string, value: PlanValue];

export interface AttributeRow<Value, Written> {
  /** From an entry, as the server would store it. */
  readonly read: (written: Written) => Value;
  /** As the server would store it; both sides of a comparison pass through it. */
  readonly normalize: (value: Value) => Value;
  readonly diff: (before: Value, after: Value) => readonly Difference[];
  /** The fields in which plans spell a value. */
  readonly spell: (name: string, value: Value) => readonly Field[];
  /** The value that these fields spell; `undefined` when they say nothing of it, or it cannot be set as a whole. */
  readonly gather: (name: string, fields: ReadonlyMap<string, PlanValue>) => Value | undefined;
  /** One field's value as the server would store it, so that spellings of the same value compare equal. */
  readonly normalizeField: (key: string, value: PlanValue) => PlanValue;
  /**
   * On a create: sent along, patched once the account is there, by a call of its own, or nothing at all. `if-offered`: sent
   * along where the server offers the value, else patched, since the create would replace it.
   */
  readonly onCreate: 'sent' | 'if-offered' | 'patched' | 'own-call' | 'nothing';
  /** What its texts are: they name the person, they are words of the server, or they are free text that may name people. */
  readonly says: 'who' | 'words' | 'text';
  /** Keys of a map whose texts name the person. */
  readonly keysThatSayWho?: readonly string[];
  /**
   * Whether every write of it moves the account's time of the last change, and drops what the server keeps in memory of the
   * account. Of what this is not true of, an account that was read before has to be asked for anew. Where it hangs on
   * what an entry wants, it says so of that.
   */
  readonly movesUpdateTime: boolean | ((wanted: Value) => boolean);
  /**
   * Whether a plan that changes nothing looks at it: of every account, since it tells who someone is, what they may do and whether they
   * may sign in; or only where an entry names it.
   */
  readonly isLookedAt: 'always' | 'if-named';
  /** Whether `import` writes it: always, unless it is empty, unless it is the file's default, by a rule of its own, or never. */
  readonly imported: 'always' | 'unless-empty' | 'unless-default' | 'by-rule' | 'never';
}

type Rest<Value, Written> = Pick<
  AttributeRow<Value, Written>,
  'onCreate' | 'says' | 'imported' | 'isLookedAt' | 'keysThatSayWho' | 'movesUpdateTime'
>;

type Rows = { readonly [A in UserAttribute]: AttributeRow<UserValues[A], NonNullable<UserEntry[A]>> };

/** One row per attribute. */
export const userAttributes: Rows = {
  username: text('rename', normalizeUsername, {
    movesUpdateTime: true,
    onCreate: 'sent',
    says: 'who',
    isLookedAt: 'always',
    imported: 'always',
  }),
  email: text('email', normalizeEmail, {
    movesUpdateTime: true,
    onCreate: 'sent',
    says: 'who',
    isLookedAt: 'always',
    imported: 'by-rule',
  }),
  first_name: text('update', normalizeName, {
    movesUpdateTime: true,
    onCreate: 'sent',
    says: 'who',
    isLookedAt: 'if-named',
    imported: 'unless-empty',
  }),
  last_name: text('update', normalizeName, {
    movesUpdateTime: true,
    onCreate: 'sent',
    says: 'who',
    isLookedAt: 'if-named',
    imported: 'unless-empty',
  }),
  nickname: text('update', normalizeName, {
    movesUpdateTime: true,
    onCreate: 'sent',
    says: 'who',
    isLookedAt: 'if-named',
    imported: 'unless-empty',
  }),
  position: text('update', composed, {
    movesUpdateTime: true,
    onCreate: 'sent',
    says: 'text',
    isLookedAt: 'if-named',
    imported: 'unless-empty',
  }),
  locale: text('update', asIs, {
    movesUpdateTime: true,
    onCreate: 'if-offered',
    says: 'words',
    isLookedAt: 'if-named',
    imported: 'unless-default',
  }),
  timezone: map(asIs, {
    movesUpdateTime: true,
    onCreate: 'sent',
    says: 'text',
    isLookedAt: 'if-named',
    imported: 'never',
  }),
  // The server keeps partial settings as they are instead of filling in the rest: they are patched afterwards.
  notify_props: map(withMentionKeys, {
    // Imports into the server and plugins write them by themselves.
    movesUpdateTime: false,
    onCreate: 'patched',
    says: 'text',
    keysThatSayWho: ['mention_keys'],
    isLookedAt: 'if-named',
    imported: 'never',
  }),
  props: map(asIs, {
    movesUpdateTime: true,
    onCreate: 'sent',
    says: 'text',
    isLookedAt: 'if-named',
    imported: 'never',
  }),
  roles: {
    read: impliedRoles,
    normalize: sortRoles,
    diff: roleChanges,
    spell: (name, value) => [[name, value]],
    // Roles are taken back one by one.
    gather: () => undefined,
    normalizeField: (_key, value) => (Array.isArray(value) ? sortRoles(value.map(String)) : value),
    movesUpdateTime: true,
    onCreate: 'own-call',
    says: 'words',
    isLookedAt: 'always',
    imported: 'by-rule',
  },
  active: {
    read: asIs,
    normalize: asIs,
    diff: activeChange,
    spell: (name, value) => [[name, value]],
    gather: (name, fields) => {
      const value = fields.get(name);
      return typeof value === 'boolean' ? value : undefined;
    },
    normalizeField: (_key, value) => value,
    movesUpdateTime: true,
    onCreate: 'nothing',
    says: 'text',
    isLookedAt: 'always',
    imported: 'by-rule',
  },
  auth: {
    read: ({ service, data }) => {
      if (data !== undefined) return { service, data };
      return service === emailLogin.service ? emailLogin : { service };
    },
    normalize: withoutIdleData,
    diff: authChange,
    spell: (name, value) => [[name, authAsValue(value)]],
    // The previous password, or the tie to a provider, cannot be restored.
    gather: () => undefined,
    normalizeField: (_key, value) => value,
    // A server can set the data of everybody back to their e-mails at once. Who signs in by e-mail has none: to switch moves the
    // time, though a server may show what was before for another half an hour.
    movesUpdateTime: ({ service, data }) => service === emailLogin.service && data === undefined,
    onCreate: 'sent',
    says: 'who',
    isLookedAt: 'always',
    imported: 'by-rule',
  },
  mfa: {
    read: asIs,
    normalize: asIs,
    diff: mfaChange,
    spell: (name, value) => [[name, value]],
    // Only the person can switch it on again.
    gather: () => undefined,
    normalizeField: (_key, value) => value,
    movesUpdateTime: true,
    onCreate: 'nothing',
    says: 'words',
    isLookedAt: 'always',
    // An imported file must not switch it off for people who set it up later.
    imported: 'never',
  },
};

/** Whether an account that has what is wanted, and shows no later change, has it still. */
export function showsItsChange<A extends UserAttribute>(name: A, wanted: UserValues[A]): boolean {
  const { movesUpdateTime }: AttributeRow<UserValues[A], never> = userAttributes[name];
  return typeof movesUpdateTime === 'boolean' ? movesUpdateTime : movesUpdateTime(wanted);
}

/** What a plan that changes nothing looks at, where these entries are declared. */
export function attributesLookedAt(users: readonly DesiredUser[]): ReadonlySet<UserAttribute> {
  const open = attributeNames.filter((name) => userAttributes[name].isLookedAt === 'if-named');
  const named = open.filter((name) => users.some(({ values }) => values[name] !== undefined));
  return new Set([...attributeNames.filter((name) => !open.includes(name)), ...named]);
}

export function isUserAttribute(name: string): name is UserAttribute {
  return Object.hasOwn(userAttributes, name);
}

export const attributeNames: readonly UserAttribute[] = Object.keys(userAttributes).filter(isUserAttribute);

function text(
  changeClass: ChangeClass,
  normalize: (value: string) => string,
  rest: Rest<string, string>,
): AttributeRow<string, string> {
  // What identifies a person is compared to the letter; of a free text no difference that cannot be seen.
  const isSame = changeClass === 'update' ? looksTheSame : (one: string, other: string) => one === other;
  return {
    read: normalize,
    normalize,
    diff: (before, after) => (isSame(before, after) ? [] : [{ class: changeClass, before, after }]),
    spell: (name, value) => [[name, value]],
    gather: (name, fields) => {
      const value = fields.get(name);
      return typeof value === 'string' ? value : undefined;
    },
    normalizeField: (_key, value) => (typeof value === 'string' ? normalize(value) : value),
    ...rest,
  };
}

function map(
  normalize: (value: StringMap) => StringMap,
  rest: Rest<StringMap, StringMap>,
): AttributeRow<StringMap, StringMap> {
  return {
    read: asIs,
    normalize,
    diff: namedKeys,
    spell: (name, value) => Object.entries(value).map(([key, part]) => [`${name}.${key}`, part]),
    gather: (name, fields) => {
      const own = [...fields].flatMap(([field, value]) =>
        field.startsWith(`${name}.`) && typeof value === 'string' ? [[field.slice(name.length + 1), value]] : [],
      );
      return own.length === 0 ? undefined : Object.fromEntries(own);
    },
    normalizeField: (key, value) => (typeof value === 'string' ? (normalize({ [key]: value })[key] ?? value) : value),
    ...rest,
  };
}

function asIs<Value>(value: Value): Value {
  return value;
}

function withMentionKeys(value: StringMap): StringMap {
  const keys = value['mention_keys'];
  return keys === undefined ? value : { ...value, mention_keys: normalizeMentionKeys(keys) };
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
function ownValue(value: StringMap, key: string): string | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined;
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

function mfaChange(before: UserValues['mfa'], after: UserValues['mfa']): readonly Difference[] {
  return before === 'on' && after === 'off' ? [{ class: 'mfa', before, after }] : [];
}

/** A person with e-mail login has no data at any service. */
function withoutIdleData(auth: AuthValue): AuthValue {
  return auth.service === emailLogin.service ? emailLogin : auth;
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

/** The differences of one attribute between what an account has and what an entry names. */
export function diffAttribute<A extends UserAttribute>(
  attribute: A,
  before: UserValues[A],
  after: UserValues[A],
): readonly Difference[] {
  // Of most people nothing differs.
  if (before === after || isSameList(before, after)) return none;
  const row: AttributeRow<UserValues[A], never> = userAttributes[attribute];
  return row.diff(row.normalize(before), row.normalize(after));
}

const none: readonly Difference[] = [];

const isSameList = (one: unknown, other: unknown): boolean =>
  Array.isArray(one) &&
  Array.isArray(other) &&
  one.length === other.length &&
  one.every((item, i) => item === other[i]);

/** The attribute to which a field belongs, and the rest of its name. */
function splitField(field: string): readonly [root: string, key: string] {
  const dot = field.indexOf('.');
  return dot === -1 ? [field, ''] : [field.slice(0, dot), field.slice(dot + 1)];
}

export const attributeOfField = (field: string): string => splitField(field)[0];

/** Whether two values of a field, spelt as plans spell them, mean the same to the server. */
export function isSameValue(field: string, one: PlanValue | undefined, other: PlanValue | undefined): boolean {
  return canonicalJson(normalizedField(field, one)) === canonicalJson(normalizedField(field, other));
}

function normalizedField(field: string, value: PlanValue | undefined): PlanValue | undefined {
  const [root, key] = splitField(field);
  return value === undefined || !isUserAttribute(root) ? value : userAttributes[root].normalizeField(key, value);
}

/** The attributes that an account has, as plans spell them. */
export function spellAttributes(values: Partial<UserValues>): readonly Field[] {
  return attributeNames.flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : spellAttribute<UserAttribute>(name, value);
  });
}

export function spellAttribute<A extends UserAttribute>(name: A, value: UserValues[A]): readonly Field[] {
  const row: AttributeRow<UserValues[A], never> = userAttributes[name];
  return row.spell(name, value);
}

/** The attributes that fields spell: the inverse of {@link spellAttributes}, but for what cannot be set as a whole. */
export function gatherAttributes(fields: ReadonlyMap<string, PlanValue>): Partial<UserValues> {
  return Object.fromEntries(
    attributeNames.flatMap((name) => {
      const value = userAttributes[name].gather(name, fields);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** The profile fields of a call, such as those of a patch, as plans spell them. */
export function spellFields(fields: Readonly<Record<string, string | StringMap>>): readonly Field[] {
  return Object.entries(fields).flatMap(([name, value]): readonly Field[] =>
    isPlanMap(value) ? Object.entries(value).map(([key, part]) => [`${name}.${key}`, part]) : [[name, value]],
  );
}
