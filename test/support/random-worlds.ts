/** Random worlds: few people, names and e-mails, so that they meet, swap and get in each other's way. */
import * as fc from 'fast-check';
import type { DesiredToken, DesiredUser } from '../../src/model/desired-state.ts';
import type { LiveToken, LiveUser, ServerFacts } from '../../src/model/live-state.ts';
import { type DesiredChannel, type DesiredTeam, type PlaceRole, teamOf } from '../../src/model/memberships.ts';
import type { Policy } from '../../src/model/settings.ts';
import { isGuest } from '../../src/model/user-rules.ts';
import type { AuthValue, UserAttribute, UserValues } from '../../src/model/user-values.ts';
import {
  account,
  allPermissions,
  createOptions,
  entry,
  liveToken,
  markedToken,
  root,
  spare,
  type World,
} from './build-states.ts';

const most = 5;
const usernames = ['ada', 'bob', 'cy', 'dan', 'eve', 'fay'] as const;
const emails = usernames.map((name) => `${name}@example.com`);
const services = ['email', 'email', 'email', 'saml', 'ldap', 'gitlab'] as const;
const extraRoles = ['system_post_all', 'system_user_access_token', 'system_manager'] as const;

/** Different values of a list, in any order. */
const someOf = <Value>(values: readonly Value[], count: number): fc.Arbitrary<readonly Value[]> =>
  fc.shuffledSubarray([...values], { minLength: count, maxLength: count });

/** A value, or none: the field is not managed. */
const maybe = <Value>(values: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(values, { nil: undefined });

/** An object without the fields that are `undefined`. */
function defined<Value extends object>(values: { readonly [K in keyof Value]: Value[K] | undefined }): Partial<Value> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<Value>;
}

const roleSets: fc.Arbitrary<readonly string[]> = fc
  .tuple(fc.constantFrom('member', 'member', 'admin', 'admin', 'guest'), fc.subarray([...extraRoles]))
  .map(([what, extra]) => {
    if (what === 'guest') return ['system_guest', ...extra.slice(0, 1)];
    return what === 'admin' ? ['system_user', 'system_admin', ...extra] : ['system_user', ...extra];
  });

/** What is written as `roles` of a live account: also what no users file could say. */
const liveRoles: fc.Arbitrary<readonly string[]> = fc.oneof(
  { weight: 12, arbitrary: roleSets },
  { weight: 1, arbitrary: fc.constantFrom([], ['system_user', 'system_guest'], ['system_guest', 'system_admin']) },
);

const texts = fc.constantFrom('', 'x', 'y');
const maps = fc.dictionary(fc.constantFrom('a', 'b', 'desktop', 'customStatus'), texts, { maxKeys: 3 });
/** Settings that are no slip, whatever they are. */
const settings = fc.dictionary(fc.constantFrom('plugin_one', 'plugin_two', 'mention_keys'), texts, { maxKeys: 3 });
/** Few accounts have a status that the server calls invalid: of those it refuses every change. */
const liveProps = maps.map((props) => ({ ...props, ...(props['customStatus'] === 'x' ? {} : { customStatus: '{}' }) }));

interface Slot {
  readonly username: string;
  readonly email: string;
  readonly data: string;
}

const slots: fc.Arbitrary<readonly Slot[]> = fc
  .tuple(someOf(usernames, most), someOf(emails, most), someOf(['1', '2', '3', '4', '5', '6'], most))
  .map(([names, mails, data]) =>
    names.map((username, i) => ({ username, email: mails[i] ?? '', data: data[i] ?? '' })),
  );

const auths = (data: string): fc.Arbitrary<AuthValue> =>
  fc.constantFrom(...services).map((service) => (service === 'email' ? { service } : { service, data }));

function liveAccount({ username, email, data }: Slot, index: number): fc.Arbitrary<LiveUser> {
  return fc
    .record({
      active: fc.boolean(),
      roles: liveRoles,
      auth: auths(data),
      first_name: texts,
      nickname: texts,
      notify_props: settings,
      props: liveProps,
      mfa: fc.constantFrom('on', 'off'),
    })
    .map((values) => account(username, { ...values, email, id: `id-${index}` }));
}

function tokensFor(owner: LiveUser): fc.Arbitrary<readonly LiveToken[]> {
  const one = fc.record({
    name: fc.constantFrom('ci', 'bot', undefined),
    generation: fc.integer({ min: 1, max: 3 }),
    date: fc.constantFrom('2026-06-01', '2026-06-15'),
    enabled: fc.boolean(),
  });
  return fc.array(one, { maxLength: 3 }).map((all) =>
    all.map(({ name, generation, date, enabled }, i) => {
      const options = { id: `${owner.id}-token-${i}`, enabled };
      return name === undefined ? liveToken(owner, options) : markedToken(owner, { name, generation, date }, options);
    }),
  );
}

/** The teams and channels of every world, by place. */
export const places: NonNullable<World['places']> = {
  core: {},
  sales: {},
  'core/ops': { isPrivate: true },
  'core/dev': {},
  'sales/deals': { isPrivate: true },
};
const channelsOf: Readonly<Record<string, readonly string[]>> = { core: ['ops', 'dev'], sales: ['deals'] };
const placeRoles = fc.constantFrom<PlaceRole>('member', 'member', 'admin');

/** What accounts are in places: in a channel only with its team, and no guest administers. */
function membershipsFor(accounts: readonly LiveUser[]): fc.Arbitrary<NonNullable<World['memberships']>> {
  const one = fc.dictionary(fc.constantFrom(...Object.keys(places)), placeRoles, { maxKeys: 5 });
  return fc.tuple(...accounts.map(() => one)).map((all) =>
    Object.fromEntries(
      accounts.map(({ id, values }, i) => {
        const own = Object.entries(all[i] ?? {});
        const sound = own.filter(([place]) => own.some(([team]) => team === teamOf(place)));
        const isGuestHere = isGuest(values.roles);
        return [id, Object.fromEntries(sound.map(([place, role]) => [place, isGuestHere ? 'member' : role]))];
      }),
    ),
  );
}

const wantedChannel = (name: string): fc.Arbitrary<DesiredChannel> =>
  fc.record({ member: fc.constantFrom(true, true, false), role: maybe(placeRoles) }).map(({ member, role }) => ({
    name,
    member,
    ...(member && role !== undefined && { role }),
  }));

/** What an entry wants of teams: as a file may say it, where a guest has a channel and administers nothing. */
const desiredTeams: fc.Arbitrary<readonly DesiredTeam[]> = fc.subarray(Object.keys(channelsOf)).chain((names) =>
  fc.tuple(
    ...names.map((name) =>
      fc
        .record({
          team: wantedChannel(name),
          channels: fc.subarray([...(channelsOf[name] ?? [])]).chain((own) => fc.tuple(...own.map(wantedChannel))),
        })
        .map(({ team, channels }) => ({ ...team, channels: team.member ? channels : [] })),
    ),
  ),
);

/** Whether a file may say so of the person. */
const isSoundFor = (teams: readonly DesiredTeam[], roles: readonly string[]): boolean =>
  !isGuest(roles) ||
  teams.every(
    ({ member, role, channels }) =>
      !member ||
      (role !== 'admin' && channels.some((one) => one.member) && channels.every((one) => one.role !== 'admin')),
  );

const desiredTokens: fc.Arbitrary<readonly DesiredToken[]> = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('ci', 'bot'),
    generation: fc.integer({ min: 1, max: 3 }),
    overlapMs: fc.constantFrom(0, 86_400_000, 90 * 86_400_000),
    enabled: fc.boolean(),
  }),
  { selector: ({ name }) => name, maxLength: 2 },
);

/** An entry for an account, or for somebody new. */
function entryFor({ username, email, data }: Slot, live: LiveUser | undefined): fc.Arbitrary<DesiredUser> {
  return fc
    .record({
      values: fc.record({
        email: live === undefined ? fc.constant(email) : maybe(fc.constant(email)),
        active: maybe(fc.boolean()),
        roles: maybe(roleSets),
        auth: maybe(auths(data)),
        first_name: maybe(texts),
        nickname: maybe(texts),
        notify_props: maybe(settings),
        props: maybe(maps),
        locale: maybe(fc.constantFrom('en', 'haw')),
        mfa: maybe(fc.constant('off')),
      }),
      tokens: maybe(desiredTokens),
      teams: maybe(desiredTeams),
      onCreate: maybe(roleSets),
      keepsName: fc.boolean(),
      // Who gets a new name is known by an id or by the name of before.
      isPinned: fc.boolean(),
      adopt: fc.constantFrom(true, true, true, false),
    })
    .map(({ values, tokens, teams, onCreate, keepsName, isPinned, adopt }) => {
      const named = live !== undefined && keepsName ? live.values.username : username;
      const isKnown = live === undefined || (named === live.values.username && values.email === live.values.email);
      // Only an id tells people apart who hand their e-mails or their data at a provider on.
      const isSure = live !== undefined && isPinned;
      const hasOwnEmail = isSure || values.email === undefined || values.email === live?.values.email;
      const hasOwnData = isSure || values.auth?.data === undefined || values.auth.data === live?.values.auth.data;
      const wanted = {
        ...values,
        username: named,
        email: hasOwnEmail ? values.email : `${named}@new.example.com`,
        auth: hasOwnData || values.auth === undefined ? values.auth : { ...values.auth, data: `new-${named}` },
      };
      return entry(named, defined<UserValues>(wanted as UserValues), {
        adopt,
        ...(tokens !== undefined && { tokens }),
        ...(teams !== undefined &&
          isSoundFor(teams, values.roles ?? live?.values.roles ?? onCreate ?? []) && { teams }),
        ...(onCreate !== undefined && { onCreate: { ...createOptions, roles: onCreate } }),
        ...(!isKnown && (isPinned ? { id: live.id } : { previousUsernames: [live.values.username] })),
      });
    });
}

const factVariants = (seats: number): fc.Arbitrary<Partial<ServerFacts>> =>
  fc
    .record({
      hasGuests: fc.boolean(),
      hasUserAccessTokens: fc.constantFrom(true, true, false),
      hasCustomPermissions: fc.constantFrom(true, true, false),
      requiresEmailVerification: fc.constantFrom(false, false, true),
      signInServices: fc.constantFrom(
        new Set(['email', 'ldap', 'saml', 'gitlab']),
        new Set(['email', 'saml']),
        new Set(['email']),
      ),
      providerAttributes: fc.constantFrom(
        { ldap: new Set<UserAttribute>(), saml: new Set<UserAttribute>() },
        { ldap: new Set<UserAttribute>(['first_name']), saml: new Set<UserAttribute>(['nickname']) },
      ),
      spareSeats: fc.constantFrom(undefined, undefined, 0, 1, -1),
      missing: fc.constantFrom(undefined, undefined, undefined, ...allPermissions),
      callerIs: fc.constantFrom('root', 'root', 'root', 'id-0', 'bot of id-0'),
    })
    .map(({ spareSeats, missing, callerIs, ...facts }) => {
      const permissions = new Set([...allPermissions].filter((name) => name !== missing));
      const caller =
        callerIs === 'root'
          ? { id: root.id, username: 'root', permissions }
          : callerIs === 'id-0'
            ? { id: 'id-0', username: 'someone', permissions }
            : { id: 'id-bot', username: 'bot', ownerId: 'id-0', permissions };
      return {
        ...facts,
        caller,
        seats: spareSeats === undefined ? { used: seats } : { used: seats, limit: Math.max(1, seats + spareSeats) },
      };
    });

const policies: fc.Arbitrary<Partial<Policy>> = fc.record({
  foreignTokens: fc.constantFrom<Policy['foreignTokens']>('ignore', 'report', 'disable', 'revoke'),
  invite: fc.constantFrom<Policy['invite']>('none', 'reset_mail'),
  leaverTokens: fc.constantFrom<Policy['leaverTokens']>('disable', 'revoke', 'keep'),
  leaverMemberships: fc.constantFrom<Policy['leaverMemberships']>('keep', 'leave'),
  returnerMemberships: fc.constantFrom<Policy['returnerMemberships']>('report', 'leave'),
  minAdmins: fc.integer({ min: 1, max: 3 }),
  authServiceOff: fc.constantFrom<Policy['authServiceOff']>('block', 'warn'),
  protect: fc.constantFrom([], [], [], ['ada'], ['id:id-1']),
});

/** Some accounts, some entries for them, and some for new people; names, e-mails and auth data go round. */
export const worlds: fc.Arbitrary<World> = fc
  .record({
    before: slots,
    after: slots,
    // In half of the worlds nobody gets a name that was not there: names go round.
    exchange: fc.option(someOf([0, 1, 2, 3, 4], most), { nil: undefined, freq: 1 }),
    existing: fc.constantFrom(0, 1, 2, 3, 4, 5),
    others: fc.constantFrom([root], [root, spare]),
  })
  .map(({ after, exchange, ...world }) => ({
    ...world,
    after: after.map((slot, i) => ({
      ...slot,
      username: world.before[exchange?.[i] ?? -1]?.username ?? slot.username,
    })),
  }))
  .chain(({ before, after, existing, others }) =>
    fc.tuple(...before.slice(0, existing).map(liveAccount)).chain((accounts) =>
      fc.record({
        accounts: fc.constant(accounts),
        others: fc.constant(others),
        tokens: fc.tuple(...accounts.map(tokensFor)).map((all) => all.flat()),
        memberships: membershipsFor([...others, ...accounts]),
        places: fc.constant(places),
        entries: fc
          .tuple(...after.map((slot, i) => fc.option(entryFor(slot, accounts[i]), { freq: 4, nil: undefined })))
          .map((all) => all.filter((one) => one !== undefined)),
        facts: factVariants([...others, ...accounts].filter(({ values }) => values.active).length),
        policy: policies,
      }),
    ),
  )
  .filter(({ entries }) => areSound(entries));

function isUnique(all: readonly (string | undefined)[]): boolean {
  const there = all.filter((one) => one !== undefined);
  return new Set(there).size === there.length;
}

/** Whether loading files would not refuse them. */
function areSound(entries: readonly DesiredUser[]): boolean {
  const byName = new Map(entries.map((one) => [one.username, one]));
  /** A previous name that is somebody's name now. */
  const isClear = (one: DesiredUser, name: string): boolean => {
    const holder = byName.get(name);
    return holder === undefined || holder === one || holder.id !== undefined || holder.previousUsernames.length > 0;
  };
  return (
    entries.every((one) => one.previousUsernames.every((name) => isClear(one, name))) &&
    isUnique(entries.map(({ username }) => username)) &&
    isUnique(entries.map(({ values }) => values.email)) &&
    isUnique(entries.map(({ values }) => values.auth?.data))
  );
}
