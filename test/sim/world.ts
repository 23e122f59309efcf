/** Whole worlds: a server, what is wanted of it, and what may never happen on the way. */
import * as fc from 'fast-check';
import { matchPeople } from '../../src/match/match-people.ts';
import { digestOf } from '../../src/model/canonical-json.ts';
import type { DesiredState, DesiredUser } from '../../src/model/desired-state.ts';
import type { LiveToken, LiveUser, ServerFacts } from '../../src/model/live-state.ts';
import type { Policy } from '../../src/model/settings.ts';
import { isGuest } from '../../src/model/user-rules.ts';
import { wantedPlaces } from '../../src/resources/membership/definition-wanted.ts';
import {
  admin,
  defaultPolicy,
  desiredState,
  factsOf,
  liveState,
  moment,
  tryPlan,
  type World,
} from '../support/build-states.ts';
import { places as plainPlaces, worlds } from '../support/random-worlds.ts';
import { randomFrom } from '../support/read-fault-run.ts';
import type { Allowed } from './ledger.ts';
import type { PlacesSeed } from './model-places.ts';
import { type ServerSeed, type TokenRow, toRow } from './model-server.ts';
import { idOf, keepsTeams, type Story, stories, teamPlaces, teamStories } from './stories.ts';

export interface SimWorld {
  readonly name: string;
  readonly server: ServerSeed;
  readonly desired: DesiredState;
  readonly policy: Policy;
  readonly returners: ReadonlyMap<string, Allowed>;
  /** Somebody new gets roles that only their creation names: no later plan would give them. */
  readonly givesFirstRoles: boolean;
}

interface Parts {
  readonly accounts: readonly LiveUser[];
  readonly tokens: readonly LiveToken[];
  readonly entries: readonly DesiredUser[];
  readonly facts: ServerFacts;
  readonly policy: Policy;
  readonly places?: PlacesSeed;
}

const caller = admin('root', { id: idOf('root') });
const spare = admin('spare', { id: idOf('spare') });

/** One plan of 40 actions, of every class. */
export const fortyActions: SimWorld = worldOf(
  'forty actions',
  [
    stories['secondFactorOff'],
    stories['newcomerWithToken'],
    stories['newAdministrator'],
    stories['newcomerWithPassword'],
    stories['patchedMaps'],
    stories['newEmail'],
    stories['swap'],
    stories['roleGranted'],
    stories['roleRevoked'],
    stories['administratorGained'],
    stories['administratorLost'],
    stories['toSaml'],
    stories['toEmail'],
    stories['administratorToSaml'],
    stories['becomesGuest'],
    stories['becomesMember'],
    stories['leaverWithTokens'],
    stories['administratorLeaves'],
    stories['returner'],
    stories['tokenMade'],
    stories['tokenRotated'],
    stories['tokenSwitched'],
  ].flatMap((tell) => (tell === undefined ? [] : [tell('')])),
);

/** Memberships of every class, of three people each, so that some join together. */
export const teamActions: SimWorld = worldOf(
  'memberships',
  ['1', '2', '3'].flatMap((n) => Object.values(teamStories).map((tell) => tell(n))),
  teamPlaces,
);

/**
 * Up to twelve stories, some of them told more than once; one of a few told so often that some of its people go first, as a
 * canary; every third world is any that properties are tried on.
 */
export function worldOfSeed(seed: number): SimWorld {
  const pick = randomFrom(seed);
  if (seed % 3 === 2) return anyWorld(seed);
  const isCrowd = seed % 9 === 4;
  const all = Object.values(stories);
  const tellings = isCrowd ? [all[pick(all.length)], all[pick(all.length)]] : all;
  const told = Array.from({ length: isCrowd ? 16 : 3 + pick(10) }, (_, i) =>
    tellings[pick(tellings.length)]?.(String(i)),
  );
  return worldOf(
    `${isCrowd ? 'crowd' : 'stories'} ${seed}`,
    told.flatMap((story) => (story === undefined ? [] : [story])),
  );
}

function worldOf(name: string, told: readonly Story[], places?: PlacesSeed['places']): SimWorld {
  const accounts = [caller, spare, ...told.flatMap(({ accounts: some = [] }) => some)];
  const facts = factsOf(accounts, { caller: { ...factsOf(accounts).caller, id: caller.id } });
  return assemble(name, {
    accounts,
    tokens: told.flatMap(({ tokens = [] }) => tokens),
    entries: told.flatMap(({ entries }) => entries),
    facts,
    policy: { ...defaultPolicy, minAdmins: 2, invite: 'reset_mail' },
    ...(places !== undefined && {
      places: {
        places,
        members: Object.assign({ [spare.id]: keepsTeams }, ...told.map(({ members = {} }) => members)),
      },
    }),
  });
}

/** A world of the properties that muster has something to do in, and in which root calls. */
function anyWorld(seed: number): SimWorld {
  const [found] = fc.sample(worlds.map(withPlainPlaces).filter(isOfUse), { seed, numRuns: 1 });
  if (found === undefined) throw new Error('no world');
  const { entries = [], policy, memberships = {} } = found;
  const {
    facts,
    users,
    owned: { token: tokens },
  } = liveState(found);
  return assemble(`any world ${seed}`, {
    accounts: [...users.values()],
    tokens: [...tokens.values()].flat(),
    entries,
    facts,
    policy: { ...defaultPolicy, ...policy },
    places: { places: kindsOfPlaces, members: memberships },
  });
}

const kindsOfPlaces = Object.fromEntries(
  Object.entries(plainPlaces).map(([place, { isPrivate = false }]) => [place, isPrivate ? 'private' : 'open'] as const),
);

/** Of places the model of the server has the plain ones alone. */
const withPlainPlaces = (world: World): World => ({ ...world, places: plainPlaces });

function isOfUse(world: World): boolean {
  const { facts } = liveState(world);
  if (facts.caller.username !== 'root' || !facts.caller.permissions.has('manage_system')) return false;
  const plan = tryPlan(world);
  return 'actions' in plan && plan.actions.length > 0 && plan.blocked.length === 0;
}

function assemble(name: string, { accounts, tokens, entries, facts, policy, places }: Parts): SimWorld {
  const desired = desiredState(entries, { momentMs: moment, digest: digestOf(entries) });
  const rows = tokens.map(
    ({ id, userId, description, enabled }): TokenRow => ({
      id,
      user_id: userId,
      description,
      is_active: enabled,
      expires_at: undefined,
      secretText: `secret-of-${id}`,
    }),
  );
  return {
    name,
    server: {
      users: accounts.map(toRow),
      tokens: rows,
      callerId: facts.caller.id,
      facts,
      ...(places !== undefined && { places }),
    },
    desired,
    policy,
    returners: returnersOf(desired, accounts),
    givesFirstRoles: desired.users.some(
      ({ onCreate, values }) => onCreate.roles !== undefined && values.roles === undefined,
    ),
  };
}

function returnersOf(desired: DesiredState, accounts: readonly LiveUser[]): ReadonlyMap<string, Allowed> {
  const { people } = matchPeople(desired, new Map(accounts.map((one) => [one.id, one])));
  return new Map(
    people.flatMap(({ account: live, desired: wanted, transition }) => {
      if (live === undefined || transition !== 'returns') return [];
      const base = isGuest(live.values.roles) ? 'system_guest' : 'system_user';
      const marks = (wanted.tokens ?? [])
        .filter(({ enabled }) => enabled)
        .map((one) => `${one.name}@${one.generation}`);
      const places = wantedPlaces(wanted).flatMap(({ place, role }) => (role === 'admin' ? [place] : []));
      const roles = new Set(wanted.values.roles ?? [base]);
      return [[live.id, { roles, marks: new Set(marks), places: new Set(places) }]];
    }),
  );
}
