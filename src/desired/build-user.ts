import { byText } from '../model/compare.ts';
import type { CreateOptions, DesiredToken, DesiredUser } from '../model/desired-state.ts';
import { durationMs } from '../model/duration.ts';
import type { Defaults, OnCreate, TokenEntry, UserEntry } from '../model/generated/users-file.ts';
import type { Problem } from '../model/problem.ts';
import { type AttributeRow, attributeNames, userAttributes } from '../model/user-attributes.ts';
import { impliedRoles, normalizeUsername } from '../model/user-rules.ts';
import type { UserAttribute, UserValues } from '../model/user-values.ts';
import type { SharedTeams } from './build-teams.ts';
import { activeAt } from './window.ts';

export interface BuildContext {
  readonly defaults: Defaults;
  readonly onCreate: CreateOptions;
  readonly momentMs: number;
  readonly timeZone: string;
  /** Of everyone whose entries are built. */
  readonly teams: SharedTeams;
  /** Roles that are there by bundles alone. */
  readonly bundleRoles?: readonly string[];
  readonly bundlePlaces?: readonly string[];
}

/** An entry that passed the schema, as the server would store it. Keys are in the order of canonical JSON: a digest needs no copy. */
export function buildUser(entry: UserEntry, context: BuildContext): DesiredUser {
  const { bundleRoles = [], bundlePlaces = [] } = context;
  const window = activeAt(entry, context.momentMs, context.timeZone);
  const username = normalizeUsername(entry.username);
  return {
    adopt: entry.adopt ?? false,
    ...(bundleRoles.length > 0 && { bundleRoles: bundleRoles.toSorted() }),
    ...(bundlePlaces.length > 0 && { bundlePlaces: bundlePlaces.toSorted() }),
    ...(window.dates !== undefined && { dates: window.dates }),
    ...(entry.id !== undefined && { id: entry.id }),
    ...(entry.initial_password !== undefined && { initialPassword: entry.initial_password }),
    onCreate: context.onCreate,
    previousUsernames: previousNames(entry),
    ...(entry.teams !== undefined && { teams: context.teams.build(entry.teams) }),
    ...(entry.tokens !== undefined && { tokens: entry.tokens.map(buildToken).toSorted(byName) }),
    username,
    values: valuesOf(entry, username, context.defaults, window.active),
    ...(window.because !== undefined && { window: window.because }),
  };
}

/**
 * What the file says of new accounts; the same for everybody in it.
 *
 * @param problems - what is wrong with `on_create`
 */
export function createOptionsOf(onCreate: OnCreate, problems: readonly Problem[] = []): CreateOptions {
  return {
    emailVerified: onCreate.email_verified ?? true,
    ...(problems.length > 0 && { problems }),
    ...(onCreate.roles !== undefined && { roles: impliedRoles(onCreate.roles) }),
    welcomeEmail: onCreate.welcome_email ?? false,
  };
}

const noNames: readonly string[] = [];

const previousNames = ({ previous_usernames: names }: UserEntry): readonly string[] =>
  names === undefined ? noNames : [...new Set(names.map(normalizeUsername))].toSorted();

/** Whether a person is wanted active is worked out from several fields; every other attribute is read by its row. */
function valuesOf(
  entry: UserEntry,
  username: string,
  defaults: Defaults,
  active: boolean | undefined,
): Partial<UserValues> & Pick<UserValues, 'username'> {
  const said = [mergedMaps(entry, defaults), entry, defaults];
  const values: { -readonly [A in UserAttribute]?: UserValues[A] } = {};
  for (const name of attributesInOrder) {
    if (name === 'username') values.username = username;
    else if (name !== 'active') readOne<UserAttribute>(name, said, values);
    else if (active !== undefined) values.active = userAttributes.active.read(active);
  }
  // Said once more for the compiler: it stands in its place already.
  return Object.assign(values, { username });
}

const attributesInOrder = attributeNames.toSorted();

/** @param said - where to look: what says it first counts */
function readOne<A extends UserAttribute>(
  name: A,
  said: ReadonlyArray<Partial<UserEntry>>,
  values: { [B in A]?: UserValues[B] },
): void {
  const row: AttributeRow<UserValues[A], NonNullable<UserEntry[A]>> = userAttributes[name];
  for (const one of said) {
    const written = one[name];
    if (written === undefined) continue;
    values[name] = row.read(written);
    return;
  }
}

/** Of maps that file and entry both speak of, the entry's keys stand above the file's. */
function mergedMaps(entry: UserEntry, { timezone, notify_props: notifyProps }: Defaults): Partial<UserEntry> {
  if (timezone === undefined && notifyProps === undefined) return nothing;
  return {
    ...(timezone !== undefined && { timezone: { ...timezone, ...entry.timezone } }),
    ...(notifyProps !== undefined && { notify_props: { ...notifyProps, ...entry.notify_props } }),
  };
}
const nothing: Partial<UserEntry> = {};

/** A list of tokens is a set: the order in which they are written says nothing. */
const byName = byText(({ name }: DesiredToken) => name);

function buildToken(token: TokenEntry): DesiredToken {
  return {
    name: token.name,
    generation: token.generation ?? 1,
    overlapMs: token.overlap === undefined ? 0 : durationMs(token.overlap),
    ...(token.expires_in !== undefined && { expiresInMs: durationMs(token.expires_in) }),
    ...(token.rotate_every !== undefined && { rotateEveryMs: durationMs(token.rotate_every) }),
    ...(token.rotate_before !== undefined && { rotateBeforeMs: durationMs(token.rotate_before) }),
    enabled: token.enabled ?? true,
    ...(token.sink !== undefined && { sink: token.sink }),
  };
}
