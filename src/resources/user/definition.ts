import type { DesiredUser, EntryPart } from '../../model/desired-state.ts';
import type { Change, HeldChange, Notice, Reason } from '../../model/plan.ts';
import type { Problem } from '../../model/problem.ts';
import type { Findings, HandsOff, Person, PlanContext, ResourceDefinition } from '../../model/resource-definition.ts';
import { noFindings } from '../../model/resource-definition.ts';
import { isGuest, sortRoles } from '../../model/user-rules.ts';
import type { AuthValue, UserAttribute, UserValues } from '../../model/user-values.ts';
import { userActions } from './definition-actions.ts';
import { attributeNames, type Difference, diffAttribute } from './definition-attributes.ts';
import { type OwnedField, ownerOf } from './definition-owner.ts';

export const user: ResourceDefinition = {
  kind: 'user',
  dependsOn: [],
  diff: (person, context) => (person.live === undefined ? diffNew(person, context) : diffExisting(person, context)),
  actions: userActions,
};

/** Fields of a create that the server takes as they are; the others follow in calls of their own. */
const createAttributes: readonly UserAttribute[] = [
  'username',
  'email',
  'first_name',
  'last_name',
  'nickname',
  'position',
  'locale',
  'timezone',
  'props',
  'auth',
];

function diffExisting(person: Person, context: PlanContext): Findings {
  const { desired, live } = person;
  if (live === undefined) return noFindings;
  const changes: Change[] = [];
  const held: HeldChange[] = [];
  const problems: Problem[] = [];
  const wanted = wantedValues(person);
  for (const attribute of attributeNames) {
    const now = { attribute, auth: live.values.auth, live: live.values.auth, facts: context.facts };
    const atWrite = { ...now, auth: authAtWrite(attribute, live.values.auth, wanted.auth) };
    for (const difference of differencesOf(attribute, live.values, wanted)) {
      const part = partOf(difference);
      const provider = ownerOf({ ...atWrite, ...part });
      const reason = reasonOf(person, attribute, context);
      const rule = provider === undefined ? ruleOfMove({ ...now, ...part }, wanted.auth) : undefined;
      const change = changeOf(person, attribute, difference, rule === undefined ? reason : { ...reason, rule });
      const owner = [person.handsOff, provider].find((one) => one !== undefined && concerns(one, change));
      if (owner !== undefined) held.push(holdBack(change, owner));
      else if (lacksAuthData(attribute, wanted)) problems.push(authDataMissing(desired, context));
      else changes.push(change);
    }
  }
  return { changes, held, scheduled: [], notices: noticesOf(person), problems };
}

/**
 * How the person signs in when a field is written: whoever leaves a provider has left it before the patch, whoever
 * joins one from e-mail login joins it afterwards. The active flag comes last.
 */
function authAtWrite(attribute: UserAttribute, now: AuthValue, wanted: AuthValue | undefined): AuthValue {
  return wanted !== undefined && (attribute === 'active' || now.service !== 'email') ? wanted : now;
}

/** What a field that can be written has to do with a move to or from a provider. */
function ruleOfMove(now: OwnedField, wanted: AuthValue | undefined): Reason['rule'] {
  if (ownerOf(now) !== undefined) return 'owner-changed-auth';
  return wanted !== undefined && ownerOf({ ...now, auth: wanted }) !== undefined ? 'before-provider' : undefined;
}

/** What the entry names; and where it names no roles, for a returner the base role alone, for a new account the first ones. */
function wantedValues({ desired, live, transition, owedRoles }: Person): Partial<UserValues> {
  if (transition === 'stays' && owedRoles !== undefined && live !== undefined) {
    const base = isGuest(owedRoles.roles) ? 'system_user' : undefined;
    const kept = live.values.roles.filter((role) => role !== base);
    return { ...desired.values, roles: sortRoles(new Set([...kept, ...owedRoles.roles])) };
  }
  if (transition !== 'returns' || desired.values.roles !== undefined || live === undefined) return desired.values;
  const base = isGuest(live.values.roles) ? 'system_guest' : 'system_user';
  return { ...desired.values, roles: [base] };
}

function differencesOf(attribute: UserAttribute, live: UserValues, wanted: Partial<UserValues>): readonly Difference[] {
  const after = wanted[attribute];
  return after === undefined ? [] : diffAttribute<UserAttribute>(attribute, live[attribute], after);
}

function reasonOf(person: Person, attribute: UserAttribute, context: PlanContext): Reason {
  const { desired, transition, owedRoles } = person;
  if (attribute === 'roles' && transition === 'stays' && owedRoles !== undefined) {
    const text = `on_create of the file, which the run ${owedRoles.run} left open`;
    return { ...placeOf(desired, 'username', context), rule: 'new-account', text };
  }
  if (attribute === 'roles' && transition === 'returns' && desired.values.roles === undefined) {
    return {
      ...placeOf(desired, 'active', context),
      rule: 'returner',
      text: 'comes back without the roles of before: name roles to give them',
    };
  }
  if (attribute === 'active' && desired.window !== undefined) {
    return { ...placeOf(desired, 'active', context), rule: 'window', text: desired.window };
  }
  return placeOf(desired, attribute, context);
}

function placeOf(desired: DesiredUser, part: EntryPart, context: PlanContext): Reason {
  const { file, line, column, from } = context.desired.locate(desired, part);
  return { text: from === 'defaults' ? `defaults of ${file}` : 'declared', file, line, column };
}

function changeOf(person: Person, attribute: string, difference: Difference, reason: Reason): Change {
  const isSet = attribute === 'roles';
  const name = difference.part === undefined || isSet ? attribute : `${attribute}.${difference.part}`;
  const sign = difference.after === undefined ? '-' : '+';
  return {
    id: `${person.desired.username}/${isSet ? `roles/${sign}${difference.part ?? ''}` : name}`,
    class: difference.class,
    person: person.desired.username,
    attribute: name,
    ...(difference.before !== undefined && { before: difference.before }),
    ...(difference.after !== undefined && { after: difference.after }),
    reason,
  };
}

function partOf(difference: Difference): { part?: string } {
  return difference.part === undefined ? {} : { part: difference.part };
}

function concerns(owner: HandsOff, change: Change): boolean {
  return owner.classes === undefined || owner.classes.has(change.class);
}

function holdBack(change: Change, { code, owner, reason, hint }: HandsOff): HeldChange {
  return { change, code, owner, reason, hint };
}

function noticesOf({ desired, live, transition }: Person): readonly Notice[] {
  if (transition !== 'stays-away' || desired.values.active !== undefined || live === undefined) return [];
  return [
    {
      code: 'inactive-not-managed',
      person: desired.username,
      text: 'the account is inactive and the entry does not say whether it should be',
      hint: 'write active: true to bring it back, or active: false to say so',
    },
  ];
}

const lacksAuthData = (attribute: UserAttribute, wanted: Partial<UserValues>): boolean =>
  attribute === 'auth' &&
  wanted.auth !== undefined &&
  wanted.auth.service !== 'email' &&
  wanted.auth.data === undefined;

function authDataMissing(desired: DesiredUser, context: PlanContext): Problem {
  return {
    code: 'auth-data-missing',
    message: `auth of ${desired.username} names ${desired.values.auth?.service ?? 'a service'} without data`,
    hint: 'add data: the id of the person at that service',
    at: context.desired.locate(desired, 'auth'),
  };
}

function diffNew(person: Person, context: PlanContext): Findings {
  const { desired } = person;
  // Wanted inactive and not there: satisfied, nothing is created.
  if (person.transition !== 'joins') return noFindings;
  const problems: Problem[] = [];
  if (desired.values.email === undefined) problems.push(emailMissing(desired, context));
  if (lacksAuthData('auth', desired.values)) problems.push(authDataMissing(desired, context));
  if (problems.length > 0) return { ...noFindings, problems };
  const changes = [
    createChange(person, context),
    ...newRoles(person, context),
    ...laterFields(desired, context).flatMap((attribute) => afterCreate(person, attribute, context)),
  ];
  if (person.handsOff === undefined) return { ...noFindings, changes };
  const owner = person.handsOff;
  return { ...noFindings, held: changes.map((change) => holdBack(change, owner)) };
}

function createChange(person: Person, context: PlanContext): Change {
  const { desired } = person;
  const later = new Set<UserAttribute>(laterFields(desired, context));
  const after: Record<string, string | Readonly<Record<string, string>>> = {};
  for (const attribute of createAttributes) {
    const value = desired.values[attribute];
    if (value === undefined || later.has(attribute) || typeof value === 'boolean' || Array.isArray(value)) continue;
    after[attribute] =
      typeof value === 'string'
        ? value
        : Object.fromEntries(Object.entries(value).map(([key, part]) => [key, String(part)]));
  }
  return {
    id: `${desired.username}/account`,
    class: 'create',
    person: desired.username,
    attribute: 'account',
    after,
    reason: placeOf(desired, 'username', context),
  };
}

/** Roles beside `system_user`, which the server gives to every new account. */
function newRoles(person: Person, context: PlanContext): readonly Change[] {
  const { values, onCreate } = person.desired;
  const roles = values.roles ?? onCreate.roles;
  if (roles === undefined) return [];
  const reason: Reason =
    values.roles === undefined
      ? { ...placeOf(person.desired, 'username', context), rule: 'new-account', text: 'on_create of the file' }
      : placeOf(person.desired, 'roles', context);
  return diffAttribute('roles', ['system_user'], sortRoles(roles)).map((difference) =>
    changeOf(person, 'roles', difference, reason),
  );
}

type LaterField = 'notify_props' | 'locale';

/**
 * The server keeps a partial notify_props as it is instead of filling in the rest, and replaces a language that it
 * does not offer: both are patched once the account exists.
 */
function laterFields({ values }: DesiredUser, { facts }: PlanContext): readonly LaterField[] {
  const isOffered =
    values.locale === undefined || facts.availableLocales.size === 0 || facts.availableLocales.has(values.locale);
  return [
    ...(values.notify_props === undefined ? [] : (['notify_props'] as const)),
    ...(isOffered ? [] : (['locale'] as const)),
  ];
}

function afterCreate(person: Person, attribute: LaterField, context: PlanContext): readonly Change[] {
  const reason = placeOf(person.desired, attribute, context);
  const value = person.desired.values[attribute];
  const differences: readonly Difference[] =
    typeof value === 'string' ? [{ class: 'update', after: value }] : diffAttribute('notify_props', {}, value ?? {});
  return differences.map((difference) => changeOf(person, attribute, difference, reason));
}

function emailMissing(desired: DesiredUser, context: PlanContext): Problem {
  return {
    code: 'email-missing',
    message: `${desired.username} has no account yet, and the entry has no email to create one`,
    hint: 'add email, or check the spelling of the username',
    at: context.desired.locate(desired),
  };
}
