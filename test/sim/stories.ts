/** What can be wanted of people: small cases of every class of change, from which worlds are put together. */
import type { DesiredUser } from '../../src/model/desired-state.ts';
import type { LiveToken, LiveUser } from '../../src/model/live-state.ts';
import type { DesiredTeam, PlaceRole } from '../../src/model/memberships.ts';
import { formatMark } from '../../src/model/token-mark.ts';
import { account, createOptions, entry, wantedToken } from '../support/build-states.ts';

/** A part of a world: who is there, and what is wanted of them. */
export interface Story {
  readonly accounts?: readonly LiveUser[];
  readonly tokens?: readonly LiveToken[];
  readonly entries: readonly DesiredUser[];
  /** By account and place. */
  readonly members?: Readonly<Record<string, Readonly<Record<string, PlaceRole>>>>;
}

const member = ['system_user'];
const administrator = ['system_user', 'system_admin'];
const poster = ['system_user', 'system_post_all'];

/** 26 letters and digits, as the server makes them. */
export const idOf = (name: string): string => `id${name}`.padEnd(26, 'z');

function there(name: string, options: Parameters<typeof account>[1] = {}): LiveUser {
  return account(name, {
    id: idOf(name),
    first_name: 'First',
    nickname: 'nick',
    notify_props: { desktop: 'mention', email: 'true' },
    ...options,
  });
}

const saml = (name: string): { service: string; data: string } => ({ service: 'saml', data: `saml-${name}` });

function made(name: string, token: string, generation = 1, enabled = true): LiveToken {
  const description = formatMark({ name: token, generation, date: '2026-06-01', op: 'abcdefghij' });
  return { id: idOf(`${name}${token}${generation}`), userId: idOf(name), description, enabled };
}

function byHand(name: string): LiveToken {
  return { id: idOf(`${name}foreign`), userId: idOf(name), description: 'made by hand', enabled: true };
}

/** By name; `n` tells the people of one telling from those of another. */
export const stories: Readonly<Record<string, (n: string) => Story>> = {
  newcomer: (n) => ({ entries: [entry(`nina${n}`, { email: `nina${n}@example.com`, first_name: 'Nina' })] }),
  secondFactorOff: (n) => ({
    accounts: [there(`milo${n}`, { mfa: 'on' })],
    entries: [entry(`milo${n}`, { mfa: 'off' })],
  }),
  newcomerBySaml: (n) => ({
    entries: [entry(`saul${n}`, { email: `saul${n}@example.com`, auth: saml(`saul${n}`) })],
  }),
  newcomerWithToken: (n) => ({
    entries: [entry(`toni${n}`, { email: `toni${n}@example.com`, roles: poster }, { tokens: [wantedToken('ci')] })],
  }),
  newAdministrator: (n) => ({
    entries: [entry(`adele${n}`, { email: `adele${n}@example.com`, roles: administrator })],
  }),
  newcomerWithPassword: (n) => ({
    entries: [
      entry(
        `pam${n}`,
        { email: `pam${n}@example.com`, notify_props: { desktop: 'all' } },
        { initialPassword: 'start' },
      ),
    ],
  }),
  newcomerWithFirstRoles: (n) => ({
    entries: [
      entry(`fritz${n}`, { email: `fritz${n}@example.com` }, { onCreate: { ...createOptions, roles: poster } }),
    ],
  }),
  unchanged: (n) => ({
    accounts: [there(`carl${n}`)],
    tokens: [made(`carl${n}`, 'ci'), byHand(`carl${n}`)],
    entries: [entry(`carl${n}`, { nickname: 'nick', active: true }, { tokens: [wantedToken('ci')] })],
  }),
  patched: (n) => ({
    accounts: [there(`pat${n}`)],
    entries: [entry(`pat${n}`, { first_name: 'Patricia', last_name: 'Doe', position: 'head' })],
  }),
  patchedMaps: (n) => ({
    accounts: [there(`mia${n}`, { props: { a: '1' } })],
    entries: [
      entry(`mia${n}`, { notify_props: { desktop: 'all' }, props: { b: '2' }, timezone: { manualTimezone: 'UTC' } }),
    ],
  }),
  newEmail: (n) => ({
    accounts: [there(`emma${n}`)],
    entries: [entry(`emma${n}`, { email: `emma${n}@new.example.com` })],
  }),
  swap: (n) => ({
    accounts: [there(`one${n}`), there(`two${n}`)],
    entries: [
      entry(`two${n}`, { email: `one${n}@example.com` }, { id: idOf(`one${n}`) }),
      entry(`one${n}`, { email: `two${n}@example.com` }, { id: idOf(`two${n}`) }),
    ],
  }),
  nameHandedOn: (n) => ({
    accounts: [there(`dora${n}`)],
    entries: [
      entry(`dorothea${n}`, { email: `dora${n}@example.com` }, { id: idOf(`dora${n}`) }),
      entry(`dora${n}`, { email: `dora${n}@new.example.com` }),
    ],
  }),
  roleGranted: (n) => ({ accounts: [there(`greg${n}`)], entries: [entry(`greg${n}`, { roles: poster })] }),
  roleRevoked: (n) => ({
    accounts: [there(`rita${n}`, { roles: poster })],
    entries: [entry(`rita${n}`, { roles: member })],
  }),
  administratorGained: (n) => ({
    accounts: [there(`gina${n}`)],
    entries: [entry(`gina${n}`, { roles: administrator })],
  }),
  administratorLost: (n) => ({
    accounts: [there(`lars${n}`, { roles: administrator })],
    entries: [entry(`lars${n}`, { roles: member })],
  }),
  toSaml: (n) => ({
    accounts: [there(`sam${n}`)],
    entries: [entry(`sam${n}`, { nickname: 'sso', auth: saml(`sam${n}`) })],
  }),
  toEmail: (n) => ({
    accounts: [there(`elke${n}`, { auth: saml(`elke${n}`) })],
    entries: [
      entry(
        `ellen${n}`,
        { email: `elke${n}@example.com`, auth: { service: 'email' } },
        { id: idOf(`elke${n}`), initialPassword: 'start' },
      ),
    ],
  }),
  toAnotherProvider: (n) => ({
    accounts: [there(`gitte${n}`, { auth: saml(`gitte${n}`) })],
    entries: [entry(`gitte${n}`, { auth: { service: 'gitlab', data: `gitlab-${n}` } })],
  }),
  administratorToSaml: (n) => ({
    accounts: [there(`alma${n}`, { roles: administrator })],
    entries: [entry(`alma${n}`, { auth: saml(`alma${n}`) })],
  }),
  becomesGuest: (n) => ({
    accounts: [there(`gus${n}`, { roles: poster })],
    entries: [entry(`gus${n}`, { roles: ['system_guest'] })],
  }),
  becomesMember: (n) => ({
    accounts: [there(`max${n}`, { roles: ['system_guest'] })],
    entries: [entry(`max${n}`, { roles: poster })],
  }),
  leaver: (n) => ({ accounts: [there(`lena${n}`)], entries: [entry(`lena${n}`, { active: false })] }),
  leaverWithTokens: (n) => ({
    accounts: [there(`theo${n}`)],
    tokens: [made(`theo${n}`, 'ci'), byHand(`theo${n}`)],
    entries: [entry(`theo${n}`, { active: false, nickname: 'gone' })],
  }),
  administratorLeaves: (n) => ({
    accounts: [there(`aldo${n}`, { roles: administrator })],
    entries: [entry(`aldo${n}`, { active: false })],
  }),
  returner: (n) => ({
    accounts: [there(`rob${n}`, { active: false, roles: ['system_user', 'system_admin', 'system_post_all'] })],
    tokens: [made(`rob${n}`, 'ci'), byHand(`rob${n}`)],
    entries: [entry(`rob${n}`, { active: true })],
  }),
  returnerWithToken: (n) => ({
    accounts: [there(`rosa${n}`, { active: false })],
    tokens: [made(`rosa${n}`, 'ci', 1)],
    entries: [entry(`rosa${n}`, { active: true, roles: poster }, { tokens: [wantedToken('ci', { generation: 2 })] })],
  }),
  tokenMade: (n) => ({
    accounts: [there(`tim${n}`)],
    entries: [entry(`tim${n}`, {}, { tokens: [wantedToken('ci'), wantedToken('cd', { sink: 'vault' })] })],
  }),
  tokenRotated: (n) => ({
    accounts: [there(`rolf${n}`)],
    tokens: [made(`rolf${n}`, 'ci', 1)],
    entries: [entry(`rolf${n}`, {}, { tokens: [wantedToken('ci', { generation: 2 })] })],
  }),
  tokenNotListed: (n) => ({
    accounts: [there(`nora${n}`)],
    tokens: [made(`nora${n}`, 'old'), byHand(`nora${n}`)],
    entries: [entry(`nora${n}`, {}, { tokens: [] })],
  }),
  tokenSwitched: (n) => ({
    accounts: [there(`swen${n}`)],
    tokens: [made(`swen${n}`, 'on', 1, true), made(`swen${n}`, 'off', 1, false)],
    entries: [
      entry(`swen${n}`, {}, { tokens: [wantedToken('on', { enabled: false }), wantedToken('off', { enabled: true })] }),
    ],
  }),
};

const team = (name: string, options: Partial<DesiredTeam> = {}): DesiredTeam => ({
  name,
  member: true,
  channels: [],
  ...options,
});

/** The places that the stories of teams need; one person administers each team beside those who come and go. */
export const teamPlaces = { core: 'open', 'core/ops': 'private', 'core/dev': 'open', sales: 'open' } as const;
export const keepsTeams: Readonly<Record<string, PlaceRole>> = { core: 'admin', 'core/ops': 'admin', sales: 'admin' };

/** Every class of change of memberships, of people who come, stay, go and come back. */
export const teamStories: Readonly<Record<string, (n: string) => Story>> = {
  newcomerOfTeams: (n) => ({
    entries: [
      entry(
        `tara${n}`,
        { email: `tara${n}@example.com` },
        {
          teams: [team('core', { channels: [{ name: 'ops', member: true }] }), team('sales')],
        },
      ),
    ],
  }),
  joinsTeams: (n) => ({
    accounts: [there(`jan${n}`)],
    entries: [
      entry(
        `jan${n}`,
        {},
        {
          teams: [team('core', { role: 'admin', channels: [{ name: 'ops', member: true, role: 'admin' }] })],
        },
      ),
    ],
  }),
  leavesTeam: (n) => ({
    accounts: [there(`lea${n}`)],
    members: { [idOf(`lea${n}`)]: { core: 'member', 'core/dev': 'member', sales: 'admin' } },
    entries: [
      entry(
        `lea${n}`,
        {},
        {
          teams: [team('core', { channels: [{ name: 'dev', member: false }] }), team('sales', { member: false })],
        },
      ),
    ],
  }),
  losesTeamRole: (n) => ({
    accounts: [there(`lou${n}`)],
    members: { [idOf(`lou${n}`)]: { core: 'admin', 'core/ops': 'admin' } },
    entries: [
      entry(
        `lou${n}`,
        {},
        {
          teams: [team('core', { role: 'member', channels: [{ name: 'ops', member: true, role: 'member' }] })],
        },
      ),
    ],
  }),
  returnerOfTeams: (n) => ({
    accounts: [there(`rita${n}`, { active: false })],
    members: { [idOf(`rita${n}`)]: { core: 'admin', 'core/ops': 'admin', sales: 'admin' } },
    entries: [
      entry(`rita${n}`, { active: true }, { teams: [team('core', { channels: [{ name: 'dev', member: true }] })] }),
    ],
  }),
};
