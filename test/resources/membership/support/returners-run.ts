/** A person who was in places, went away, and comes back: what they are in then, over random histories. */
import * as fc from 'fast-check';
import type { LiveUser } from '../../../../src/model/live-state.ts';
import { type DesiredTeam, isChannelPlace, type PlaceRole, teamOf } from '../../../../src/model/memberships.ts';
import type { Plan } from '../../../../src/model/plan.ts';
import type { Policy } from '../../../../src/model/settings.ts';
import { isGuest } from '../../../../src/model/user-rules.ts';
import { account, entry, liveState, root, spare, tryPlan, type World } from '../../../support/build-states.ts';
import { ModelServer, runPlan } from '../../../support/run-plan.ts';

type Step =
  | { readonly does: 'join'; readonly place: string; readonly role: PlaceRole }
  | { readonly does: 'leave'; readonly place: string };

/** What happens to the person before they come back, be it while they are away. */
export interface History {
  readonly steps: readonly Step[];
  readonly isGuest: boolean;
  readonly roles?: readonly string[];
  readonly teams?: readonly DesiredTeam[];
  readonly returnerMemberships: Policy['returnerMemberships'];
  readonly places: NonNullable<World['places']>;
  /** Which actions fail, one after the other, and in which order those that may go do. */
  readonly luck: readonly number[];
}

const teamNames = ['core', 'sales', 'ops'] as const;
const channelNames = ['dev', 'lab', 'hall'] as const;
const allPlaces = teamNames.flatMap((team) => [team, ...channelNames.map((channel) => `${team}/${channel}`)]);

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        does: fc.constant('join' as const),
        place: fc.constantFrom(...allPlaces),
        role: fc.constantFrom<PlaceRole>('member', 'admin'),
      }),
    },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('leave' as const), place: fc.constantFrom(...allPlaces) }) },
  ),
  { maxLength: 14 },
);

const role = fc.constantFrom<PlaceRole | undefined>('member', 'admin', undefined, undefined);
const channel = fc
  .record({ name: fc.constantFrom(...channelNames), member: fc.constantFrom(true, true, false), role })
  .map(({ name, member, role: own }) => ({ name, member, ...(member && own !== undefined && { role: own }) }));
const channels = fc.uniqueArray(channel, { selector: ({ name }) => name, maxLength: 3 });
const wantedTeam = fc
  .record({ name: fc.constantFrom(...teamNames), member: fc.constantFrom(true, true, true, false), role, channels })
  .map(
    ({ name, member, role: own, channels: inside }): DesiredTeam => ({
      name,
      member,
      ...(member && own !== undefined && { role: own }),
      channels: member ? inside : [],
    }),
  );

const places: fc.Arbitrary<NonNullable<World['places']>> = fc
  .tuple(
    ...allPlaces.map((place) =>
      fc
        .record({
          isPrivate: fc.boolean(),
          isArchived: fc.constantFrom(false, false, false, false, true),
          isGroupSynced: fc.constantFrom(...Array.from({ length: 11 }, () => false), true),
        })
        .map(({ isPrivate, ...rest }) => [place, isChannelPlace(place) ? { isPrivate, ...rest } : rest] as const),
    ),
  )
  .map((all) => Object.fromEntries(all));

export const histories: fc.Arbitrary<History> = fc.record(
  {
    steps,
    isGuest: fc.constantFrom(false, false, true),
    roles: fc.constantFrom(['system_user'], ['system_guest']),
    teams: fc.uniqueArray(wantedTeam, { selector: ({ name }) => name, maxLength: 3 }),
    returnerMemberships: fc.constantFrom<Policy['returnerMemberships']>('report', 'leave'),
    places,
    luck: fc.array(fc.nat(99), { minLength: 40, maxLength: 40 }),
  },
  { requiredKeys: ['steps', 'isGuest', 'returnerMemberships', 'places', 'luck'] },
);

type Standings = Readonly<Record<string, PlaceRole>>;

/** In a channel is only who is in its team, and a guest administers nothing. */
function standingsAfter({ steps: all, isGuest: asGuest }: History): Standings {
  const standings = new Map<string, PlaceRole>();
  for (const one of all) {
    const { place } = one;
    if (one.does === 'leave')
      for (const key of standings.keys()) if (key === place || key.startsWith(`${place}/`)) standings.delete(key);
    if (one.does !== 'join' || (isChannelPlace(place) && !standings.has(teamOf(place)))) continue;
    standings.set(place, asGuest ? 'member' : one.role);
  }
  return Object.fromEntries(standings);
}

export interface Returned {
  readonly plan: Plan;
  readonly before: Standings;
  /** Absent: the account did not become active. */
  readonly after?: Standings;
}

/** @returns nothing where the entry cannot be used here, as one that names an archived team */
export function comeBack(history: History): Returned | undefined {
  const { isGuest: asGuest, roles, teams, returnerMemberships, luck } = history;
  const before = standingsAfter(history);
  const ada: LiveUser = account('ada', { active: false, roles: [asGuest ? 'system_guest' : 'system_user'] });
  const wanted = entry(
    'ada',
    { active: true, ...(roles !== undefined && { roles }) },
    teams === undefined ? {} : { teams },
  );
  const world: World = {
    entries: [wanted],
    accounts: [ada],
    places: history.places,
    memberships: { [ada.id]: before },
    policy: { returnerMemberships },
  };
  const plan = tryPlan(world);
  if (!('actions' in plan)) return undefined;
  const { facts } = liveState(world);
  const server = new ModelServer([root, spare, ada], [], facts, Date.parse('2026-06-15T12:00:00Z'), world.memberships);
  let turn = 0;
  const next = (): number => luck[turn++ % luck.length] ?? 0;
  runPlan(plan, server, { pick: (below) => next() % below, mayFail: () => next() < 4 });
  const isBack = server.users.get(ada.id)?.values.active === true;
  return { plan, before, ...(isBack && { after: server.standings[ada.id] ?? {} }) };
}

/** What came back that nothing in the entry asks for; of channels, private ones alone: anyone in the team may join the others. */
export function revived(
  { teams = [], places: all, returnerMemberships }: History,
  { plan, after = {} }: Returned,
): readonly string[] {
  const wanted = new Map<string, PlaceRole | undefined>(
    teams
      .filter(({ member }) => member)
      .flatMap((team) => [
        [team.name, team.role] as const,
        ...team.channels.filter(({ member }) => member).map((one) => [`${team.name}/${one.name}`, one.role] as const),
      ]),
  );
  const listed = reported(plan);
  return Object.entries(after).flatMap(([place, standing]) => {
    const isOpen = isChannelPlace(place) && all[place]?.isPrivate !== true && wanted.has(teamOf(place));
    const mayBe = returnerMemberships === 'report' ? listed.has(place) || listed.has(teamOf(place)) : false;
    return [
      ...(standing === 'admin' && wanted.get(place) !== 'admin' ? [`${place} administered`] : []),
      ...(wanted.has(place) || isOpen || mayBe ? [] : [place]),
    ];
  });
}

/** The places that the plan says the person comes back to. */
export function reported({ notices }: Plan): ReadonlySet<string> {
  const [found] = notices.filter(({ code }) => code === 'comes-back-to');
  return new Set(
    (/^comes back to (.*), which/.exec(found?.text ?? '')?.[1] ?? '').split(', ').filter((one) => one !== ''),
  );
}

/** What a report has to name: teams and private channels of before that the entry neither names nor ends. */
export function hasToBeReported({ teams = [], places: all }: History, { before }: Returned): readonly string[] {
  const named = new Set(
    teams.flatMap((team) => [team.name, ...team.channels.map((one) => `${team.name}/${one.name}`)]),
  );
  const ended = new Set(teams.flatMap(({ name, member }) => (member ? [] : [name])));
  return Object.keys(before)
    .filter((place) => !named.has(place) && !ended.has(teamOf(place)))
    .filter((place) => !isChannelPlace(place) || all[place]?.isPrivate === true)
    .toSorted();
}

export const isGuestBack = ({ isGuest: asGuest, roles }: History): boolean =>
  isGuest(roles ?? (asGuest ? ['system_guest'] : []));
