import { isAsWanted, viewOf } from '../../model/account-view.ts';
import { declaredText } from '../../model/bundles.ts';
import { byText } from '../../model/compare.ts';
import type { DesiredUser, EntryPart } from '../../model/desired-state.ts';
import type { LiveUser } from '../../model/live-state.ts';
import { note } from '../../model/messages/notice-rows.ts';
import { refuse } from '../../model/messages/problems.ts';
import type { Action, Change, ChangePart, HeldChange, Notice, Reason } from '../../model/plan.ts';
import type { Problem } from '../../model/problem.ts';
import type { Findings, HandsOff, Person, PlanContext, ResourceDefinition } from '../../model/resource-definition.ts';
import { noFindings, unlessEmpty } from '../../model/resource-definition.ts';
import {
  attributeNames,
  type Difference,
  diffAttribute,
  spellAttribute,
  userAttributes,
} from '../../model/user-attributes.ts';
import { isGuest, sortRoles } from '../../model/user-rules.ts';
import { type AuthValue, emailLogin, type UserAttribute, type UserValues } from '../../model/user-values.ts';
import { userActions } from './definition-actions.ts';
import { auditUser, userGrants } from './definition-audit.ts';
import { describeUser, toUserEntry } from './definition-entry.ts';
import { userAfter } from './definition-foresight.ts';
import { userNeeds } from './definition-needs.ts';
import { type OwnedField, ownerOf } from './definition-owner.ts';
import { settleRefused } from './definition-refused.ts';
import { grantsOfUserChange, revokeUserGrants } from './definition-review.ts';
import { checkSettings } from './definition-settings.ts';
import { userSwitchedOff } from './definition-switches.ts';
import { undoUsers } from './definition-undo.ts';

/** People: an account with its profile, roles, active flag, sign-in and second factor. */
export const user: ResourceDefinition<'user'> = {
  kind: 'user',
  noun: { one: 'person', many: 'people' },
  dependsOn: [],
  reads: () => 'nothing',
  lists: () => false,
  asks: () => [],
  wholes: () => [],
  undeclared: () => [],
  turnsAt: ({ dates: { startsMs, endsMs } = {} }) => [startsMs, endsMs].filter((ms) => ms !== undefined),
  count: ({ live }) => ({ live: live.user?.values.active === true ? 1 : 0, declared: 1 }),
  diff: (person, context) =>
    person.live.user === undefined ? diffNew(person, context) : diffExisting(person, context),
  needs: userNeeds,
  refusals: () => new Map(),
  switchedOff: userSwitchedOff,
  actions: userActions,
  foresee: (actions, { user: live }) => userAfter(actions, live),
  isDone: (action, { user: live }) => live !== undefined && isAsWanted(action, viewOf(live)) && mayBeOf(action, live),
  renews: () => false,
  afterwards: () => [],
  undo: () => undoUsers(user),
  describe: describeUser,
  toEntry: toUserEntry,
  audit: auditUser,
  grants: userGrants,
  recall: { unchangedSince: ({ dates }) => dates?.updatedMs, keysComeOnce: false },
  grantsOf: grantsOfUserChange,
  revoke: revokeUserGrants,
};

const none: readonly never[] = [];

/** A create leaves an account active: one that is inactive is not the one that it made. */
const mayBeOf = ({ call }: Action, { values }: LiveUser): boolean => call.operation !== 'create-user' || values.active;

function diffExisting(person: Person, context: PlanContext): Findings {
  const {
    desired,
    live: { user: live },
  } = person;
  if (live === undefined) return noFindings;
  const changes: Change[] = [];
  const held: HeldChange[] = [];
  const problems: Problem[] = [];
  const wanted = wantedValues(person);
  for (const attribute of attributeNames) {
    for (const difference of differencesOf(attribute, live.values, wanted)) {
      const now = { attribute, auth: live.values.auth, live: live.values.auth, facts: context.facts };
      const atWrite = { ...now, auth: authAtWrite(attribute, live.values.auth, wanted.auth) };
      const part = partOf(difference);
      const provider = ownerOf({ ...atWrite, ...part });
      const cause = causeOf(person, attribute, context);
      const move = provider === undefined ? partOfMove({ ...now, ...part }, wanted.auth) : undefined;
      const change = changeOf(person, attribute, difference, move === undefined ? cause : { ...cause, part: move });
      const owner = [person.handsOff, provider].find((one) => one !== undefined && concerns(one, change));
      if (owner !== undefined) held.push(holdBack(change, owner));
      else if (lacksAuthData(attribute, wanted)) problems.push(authDataMissing(desired, context));
      else changes.push(change);
    }
  }
  const settled = settleRefused(person, changes, held, context);
  const settings = checkSettings(person, context);
  const own = noticesOf(person);
  const found = [changes, held, problems, settled.held, settled.notices, own, settings.notices, settings.problems];
  if (found.every(({ length }) => length === 0)) return noFindings;
  return unlessEmpty({
    changes: settled.changes,
    held: [...held, ...settled.held],
    scheduled: [],
    notices: [...own, ...settled.notices, ...settings.notices],
    problems: [...problems, ...settings.problems],
  });
}

/**
 * How the person signs in when a field is written: a person who leaves a provider has left it before the patch, one who
 * joins one from e-mail login joins it afterwards. The active flag comes last.
 */
function authAtWrite(attribute: UserAttribute, now: AuthValue, wanted: AuthValue | undefined): AuthValue {
  return wanted !== undefined && (attribute === 'active' || now.service !== 'email') ? wanted : now;
}

/** What a field that can be written has to do with a move to or from a provider. */
function partOfMove(now: OwnedField, wanted: AuthValue | undefined): ChangePart | undefined {
  if (ownerOf(now) !== undefined) return 'leaving-provider';
  return wanted !== undefined && ownerOf({ ...now, auth: wanted }) !== undefined ? 'joining-provider' : undefined;
}

/** What the entry names; and where it names no roles, for a returner the base role alone, for a new account the first ones. */
function wantedValues({ desired, live: { user: live }, transition, owedRoles }: Person): Partial<UserValues> {
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
  return after === undefined ? none : diffAttribute<UserAttribute>(attribute, live[attribute], after);
}

/** Why a change is wanted, and what it is a part of. */
interface Cause {
  readonly reason: Reason;
  readonly part?: ChangePart | undefined;
}

function causeOf(person: Person, attribute: UserAttribute, context: PlanContext): Cause {
  const { desired, transition, owedRoles } = person;
  if (attribute === 'roles' && transition === 'stays' && owedRoles !== undefined) {
    const text = `on_create of the file, which the run ${owedRoles.run} left open`;
    const reason: Reason = { ...placeOf(desired, 'username', context), rule: 'new-account', text };
    return { reason, part: 'first-roles' };
  }
  if (attribute === 'roles' && transition === 'returns' && desired.values.roles === undefined) {
    const text = 'comes back without the roles of before: name roles to give them';
    return { reason: { ...placeOf(desired, 'active', context), rule: 'returner', text }, part: 'return' };
  }
  if (attribute === 'active' && desired.window !== undefined) {
    return { reason: { ...placeOf(desired, 'active', context), rule: 'window', text: desired.window } };
  }
  return { reason: placeOf(desired, attribute, context) };
}

function placeOf(desired: DesiredUser, part: EntryPart, context: PlanContext): Reason {
  const origin = context.desired.locate(desired, part);
  const { file, line, column } = origin;
  return { text: declaredText(origin), file, line, column };
}

function changeOf(person: Person, attribute: string, difference: Difference, { reason, part }: Cause): Change {
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
    ...(difference.class === 'auth' && sourceOf(person.desired)),
    ...(part !== undefined && { part_of: part }),
    reason,
  };
}

/** Where the password comes from that signs in by e-mail; nothing where it is random, or where a provider knows the person. */
function sourceOf({ values, initialPassword: source }: DesiredUser): { source?: string } {
  const { service } = values.auth ?? emailLogin;
  return source === undefined || service !== emailLogin.service ? {} : { source };
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

function noticesOf(person: Person): readonly Notice[] {
  const [inactive, spelling] = [inactiveNotManaged(person), caseOfAuthData(person)];
  return inactive.length + spelling.length === 0 ? none : [...inactive, ...spelling];
}

/** Providers and servers compare it exactly, and only a copy of what the provider sends lets the person sign in. */
function caseOfAuthData({ desired, live: { user: live } }: Person): readonly Notice[] {
  const wanted = desired.values.auth?.data;
  const known = live?.values.auth.data;
  if (wanted === undefined || known === undefined || wanted === known) return none;
  if (wanted.toLowerCase() !== known.toLowerCase()) return none;
  return [
    {
      ...note('auth-data-case', { wanted, found: known }),
      person: desired.username,
    },
  ];
}

function inactiveNotManaged({ desired, live: { user: live }, transition }: Person): readonly Notice[] {
  if (transition !== 'stays-away' || desired.values.active !== undefined || live === undefined) return none;
  return [{ ...note('inactive-not-managed', {}), person: desired.username }];
}

const lacksAuthData = (attribute: UserAttribute, wanted: Partial<UserValues>): boolean =>
  attribute === 'auth' &&
  wanted.auth !== undefined &&
  wanted.auth.service !== 'email' &&
  wanted.auth.data === undefined;

function authDataMissing(desired: DesiredUser, context: PlanContext): Problem {
  return {
    ...refuse('auth-data-missing', {
      username: desired.username,
      service: desired.values.auth?.service ?? 'a service',
    }),
    at: context.desired.locate(desired, 'auth'),
  };
}

function diffNew(person: Person, context: PlanContext): Findings {
  const { desired } = person;
  // Wanted inactive and not there: satisfied, nothing is created.
  if (person.transition !== 'joins') return noFindings;
  const { problems: slips, notices } = checkSettings(person, context);
  const problems: Problem[] = [...slips];
  if (desired.values.email === undefined) problems.push(emailMissing(desired, context));
  if (lacksAuthData('auth', desired.values)) problems.push(authDataMissing(desired, context));
  if (problems.length > 0) return { ...noFindings, problems };
  const changes = [
    createChange(person, context),
    ...newRoles(person, context),
    ...laterFields(desired, context).flatMap((attribute) => afterCreate(person, attribute, context)),
  ];
  if (person.handsOff === undefined) return { ...noFindings, changes, notices };
  const owner = person.handsOff;
  return { ...noFindings, notices, held: changes.map((change) => holdBack(change, owner)) };
}

function createChange(person: Person, context: PlanContext): Change {
  const { desired } = person;
  const later = new Set<UserAttribute>(laterFields(desired, context));
  const after: Record<string, string | Readonly<Record<string, string>>> = {};
  for (const attribute of attributeNames) {
    const { onCreate } = userAttributes[attribute];
    const value = desired.values[attribute];
    if (onCreate !== 'sent' && (onCreate !== 'if-offered' || later.has(attribute))) continue;
    if (value === undefined || typeof value === 'boolean' || Array.isArray(value)) continue;
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
    ...sourceOf(desired),
    reason: placeOf(desired, 'username', context),
  };
}

/** Roles beside `system_user`, which the server gives to every new account. */
function newRoles(person: Person, context: PlanContext): readonly Change[] {
  const { values, onCreate } = person.desired;
  const roles = values.roles ?? onCreate.roles;
  if (roles === undefined) return [];
  const cause: Cause =
    values.roles === undefined
      ? {
          reason: {
            ...placeOf(person.desired, 'username', context),
            rule: 'new-account',
            text: 'on_create of the file',
          },
          part: 'first-roles',
        }
      : { reason: placeOf(person.desired, 'roles', context) };
  return diffAttribute('roles', ['system_user'], sortRoles(roles)).map((difference) =>
    changeOf(person, 'roles', difference, cause),
  );
}

/**
 * Fields that are patched once the account exists. A value that the server does not offer is one of them: the create
 * would replace it.
 */
function laterFields({ values }: DesiredUser, { facts }: PlanContext): readonly UserAttribute[] {
  const isOffered =
    values.locale === undefined || facts.availableLocales.size === 0 || facts.availableLocales.has(values.locale);
  return attributeNames.filter((attribute) => {
    const { onCreate } = userAttributes[attribute];
    return values[attribute] !== undefined && (onCreate === 'patched' || (onCreate === 'if-offered' && !isOffered));
  });
}

function afterCreate(person: Person, attribute: UserAttribute, context: PlanContext): readonly Change[] {
  const cause: Cause = { reason: placeOf(person.desired, attribute, context) };
  return differencesOfNew(attribute, person.desired.values).map((difference) =>
    changeOf(person, attribute, difference, cause),
  );
}

/** A new account has nothing of such a field yet. */
function differencesOfNew(attribute: UserAttribute, values: DesiredUser['values']): readonly Difference[] {
  const value = values[attribute];
  return (value === undefined ? [] : spellAttribute<UserAttribute>(attribute, value))
    .toSorted(byText(([field]) => field))
    .map(([field, after]) => {
      const part = field.slice(attribute.length + 1);
      return part === '' ? { class: 'update', after } : { class: 'update', part, after };
    });
}

function emailMissing(desired: DesiredUser, context: PlanContext): Problem {
  return {
    ...refuse('email-missing', { username: desired.username }),
    at: context.desired.locate(desired),
  };
}
