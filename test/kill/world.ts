/** A server and what is wanted of it: about 200 actions of every class, from one number. */

import { changeClasses } from '../../src/model/change-classes.ts';
import type { ConfigFile } from '../../src/model/generated/config-file.ts';
import type { TokenEntry, UserEntry } from '../../src/model/generated/users-file.ts';
import type { SeedUser } from '../../src/sandbox/index.ts';
import { randomFrom } from '../support/read-fault-run.ts';

export interface KillWorld {
  readonly seed: number;
  readonly users: readonly SeedUser[];
  readonly entries: readonly UserEntry[];
}

/** A small case: who is there, what is wanted of them, and how many actions that takes. */
interface Story {
  readonly actions: number;
  readonly users?: readonly SeedUser[];
  readonly entries: readonly UserEntry[];
}

export const minAdmins = 2;

/** So wide that nothing is over them. */
const openBudgets = Object.fromEntries(changeClasses.map((name) => [name, { share: 1, floor: 1000 }]));

/** The people who administer while nothing changes that; with the sandbox's own administrator, who calls. */
const spareAdmin: SeedUser = { username: 'spare', roles: ['system_user', 'system_admin'] };

/** Beside the default sink there is a folder, and a program that takes its time. */
export function configOf(sinkProgram: readonly string[]): ConfigFile {
  return {
    files: ['users.yaml'],
    policy: { min_admins: minAdmins, budgets: openBudgets },
    secrets: {
      dir: 'secrets',
      sinks: { folder: { dir: 'folder' }, program: { command: [...sinkProgram, '{user}', '{name}', '{generation}'] } },
      sources: { start: { env: 'MUSTER_SECRET_START' } },
    },
  };
}

export const startPassword = 'Start-password-of-everybody-1';

/** Every story at least once, and then any, until there are so many actions. */
export function worldOfSeed(seed: number, actions = 200): KillWorld {
  const pick = randomFrom(seed);
  const tellings = Object.values(stories);
  const told = tellings.map((tell, i) => tell(`${i}`));
  for (let i = told.length; sum(told) < actions; i++)
    told.push(...[tellings[pick(tellings.length)]?.(`${i}`) ?? []].flat());
  return {
    seed,
    users: [spareAdmin, ...told.flatMap(({ users = [] }) => users)],
    entries: told.flatMap(({ entries }) => entries),
  };
}

const sum = (told: readonly Story[]): number => told.reduce((total, { actions }) => total + actions, 0);

const idOf = (name: string): string => `id${name}`.padEnd(26, 'z');
const there = (username: string, more: Partial<SeedUser> = {}): SeedUser => ({
  id: idOf(username),
  username,
  first_name: 'First',
  nickname: 'nick',
  ...more,
});
const newcomer = (username: string, more: Partial<UserEntry> = {}): UserEntry => ({
  username,
  email: `${username}@example.com`,
  ...more,
});
const made = (name: string, generation = 1): string => `${name}@${generation} muster:2026-06-01:abcdefghij`;
const byHand = { description: 'made by hand' };
const administrator = ['system_user', 'system_admin'];
const poster = ['system_user', 'system_post_all'];
const ci: TokenEntry = { name: 'ci' };

/** By name; `n` tells the people of one telling from those of another. */
const stories: Readonly<Record<string, (n: string) => Story>> = {
  newcomer: (n) => ({ actions: 1, entries: [newcomer(`nina${n}`, { first_name: 'Nina', locale: 'de' })] }),
  newcomerBySaml: (n) => ({
    actions: 1,
    entries: [newcomer(`saul${n}`, { auth: { service: 'saml', data: `saml-saul${n}` } })],
  }),
  newcomerWithTokens: (n) => ({
    actions: 5,
    entries: [
      newcomer(`toni${n}`, {
        roles: poster,
        tokens: [ci, { name: 'cd', sink: 'folder' }, { name: 'cx', sink: 'program' }],
      }),
    ],
  }),
  newAdministrator: (n) => ({ actions: 2, entries: [newcomer(`adele${n}`, { roles: administrator })] }),
  newcomerWithPassword: (n) => ({
    actions: 2,
    entries: [newcomer(`pam${n}`, { notify_props: { desktop: 'all' }, initial_password: 'start' })],
  }),
  newcomerWithTeams: (n) => ({
    actions: 4,
    entries: [newcomer(`tess${n}`, { teams: ['sales', { team: 'core', channels: ['ops'] }] })],
  }),
  joinsTogether: (n) => ({
    actions: 6,
    users: ['a', 'b', 'c'].map((letter) => there(`tom${letter}${n}`)),
    entries: ['a', 'b', 'c'].map((letter) => ({
      username: `tom${letter}${n}`,
      teams: [{ team: 'core', channels: ['ops'] }],
    })),
  }),
  returnsToTeams: (n) => ({
    actions: 3,
    users: [
      there(`ted${n}`, {
        active: false,
        teams: [{ team: 'core', role: 'admin', channels: [{ channel: 'ops', role: 'admin' }] }],
      }),
    ],
    entries: [{ username: `ted${n}`, active: true }],
  }),
  leavesTeam: (n) => ({
    actions: 1,
    users: [there(`tina${n}`, { teams: ['core', 'sales'] })],
    entries: [{ username: `tina${n}`, teams: [{ team: 'sales', member: false }] }],
  }),
  unchanged: (n) => ({
    actions: 0,
    users: [there(`carl${n}`, { tokens: [{ description: made('ci') }, byHand] })],
    entries: [{ username: `carl${n}`, nickname: 'nick', active: true, tokens: [ci] }],
  }),
  patched: (n) => ({
    actions: 1,
    users: [there(`pat${n}`)],
    entries: [{ username: `pat${n}`, first_name: 'Patricia', last_name: 'Doe', position: 'head' }],
  }),
  patchedMaps: (n) => ({
    actions: 1,
    users: [there(`mia${n}`, { props: { a: '1' } })],
    entries: [
      {
        username: `mia${n}`,
        notify_props: { desktop: 'none' },
        props: { b: '2' },
        timezone: { manualTimezone: 'UTC' },
      },
    ],
  }),
  newEmail: (n) => ({
    actions: 1,
    users: [there(`emma${n}`)],
    entries: [{ username: `emma${n}`, email: `emma${n}@new.example.com` }],
  }),
  renamed: (n) => ({
    actions: 1,
    users: [there(`rene${n}`)],
    entries: [newcomer(`renate${n}`, { email: `rene${n}@example.com`, previous_usernames: [`rene${n}`] })],
  }),
  swapped: (n) => ({
    actions: 3,
    users: [there(`one${n}`), there(`two${n}`)],
    entries: [
      { username: `two${n}`, email: `one${n}@example.com`, id: idOf(`one${n}`) },
      { username: `one${n}`, email: `two${n}@example.com`, id: idOf(`two${n}`) },
    ],
  }),
  nameHandedOn: (n) => ({
    actions: 2,
    users: [there(`dora${n}`)],
    entries: [
      { username: `dorothea${n}`, email: `dora${n}@example.com`, id: idOf(`dora${n}`) },
      { username: `dora${n}`, email: `dora${n}@new.example.com` },
    ],
  }),
  roleGranted: (n) => ({ actions: 1, users: [there(`greg${n}`)], entries: [{ username: `greg${n}`, roles: poster }] }),
  roleRevoked: (n) => ({
    actions: 1,
    users: [there(`rita${n}`, { roles: poster })],
    entries: [{ username: `rita${n}`, roles: ['system_user'] }],
  }),
  administratorGained: (n) => ({
    actions: 1,
    users: [there(`gina${n}`)],
    entries: [{ username: `gina${n}`, roles: administrator }],
  }),
  administratorLost: (n) => ({
    actions: 1,
    users: [there(`lars${n}`, { roles: administrator })],
    entries: [{ username: `lars${n}`, roles: ['system_user'] }],
  }),
  administratorLeaves: (n) => ({
    actions: 1,
    users: [there(`aldo${n}`, { roles: administrator })],
    entries: [{ username: `aldo${n}`, active: false }],
  }),
  toSaml: (n) => ({
    actions: 2,
    users: [there(`sam${n}`)],
    entries: [{ username: `sam${n}`, nickname: 'sso', auth: { service: 'saml', data: `saml-sam${n}` } }],
  }),
  toEmail: (n) => ({
    actions: 2,
    users: [there(`elke${n}`, { auth_service: 'saml', auth_data: `saml-elke${n}` })],
    entries: [
      {
        username: `ellen${n}`,
        email: `elke${n}@example.com`,
        id: idOf(`elke${n}`),
        auth: { service: 'email' },
        initial_password: 'start',
      },
    ],
  }),
  toAnotherProvider: (n) => ({
    actions: 1,
    users: [there(`gitte${n}`, { auth_service: 'saml', auth_data: `saml-gitte${n}` })],
    entries: [{ username: `gitte${n}`, auth: { service: 'ldap', data: `ldap-gitte${n}` } }],
  }),
  becomesGuest: (n) => ({
    actions: 1,
    users: [there(`gus${n}`, { roles: poster })],
    entries: [{ username: `gus${n}`, roles: ['system_guest'] }],
  }),
  becomesMember: (n) => ({
    actions: 2,
    users: [there(`max${n}`, { roles: 'system_guest' })],
    entries: [{ username: `max${n}`, roles: poster }],
  }),
  leaver: (n) => ({ actions: 1, users: [there(`lena${n}`)], entries: [{ username: `lena${n}`, active: false }] }),
  leaverWithTokens: (n) => ({
    actions: 4,
    users: [there(`theo${n}`, { tokens: [{ description: made('ci') }, byHand] })],
    entries: [{ username: `theo${n}`, active: false, nickname: 'gone' }],
  }),
  returner: (n) => ({
    actions: 4,
    users: [
      there(`rob${n}`, {
        active: false,
        roles: ['system_user', 'system_post_all'],
        tokens: [{ description: made('ci') }, byHand],
      }),
    ],
    entries: [{ username: `rob${n}`, active: true }],
  }),
  returnerWithTokens: (n) => ({
    actions: 5,
    users: [there(`rosa${n}`, { active: false, tokens: [{ description: made('ci') }] })],
    entries: [
      { username: `rosa${n}`, active: true, roles: poster, tokens: [{ name: 'ci', generation: 2 }, { name: 'cd' }] },
    ],
  }),
  tokensMade: (n) => ({
    actions: 3,
    users: [there(`tim${n}`)],
    entries: [{ username: `tim${n}`, tokens: [ci, { name: 'cd', sink: 'folder' }, { name: 'cx', sink: 'program' }] }],
  }),
  tokenRotated: (n) => ({
    actions: 2,
    users: [there(`rolf${n}`, { tokens: [{ description: made('ci') }] })],
    entries: [{ username: `rolf${n}`, tokens: [{ name: 'ci', generation: 2 }] }],
  }),
  tokenNotListed: (n) => ({
    actions: 1,
    users: [there(`nora${n}`, { tokens: [{ description: made('old') }, byHand] })],
    entries: [{ username: `nora${n}`, tokens: [] }],
  }),
  tokensSwitched: (n) => ({
    actions: 2,
    users: [there(`swen${n}`, { tokens: [{ description: made('on') }, { description: made('off'), active: false }] })],
    entries: [{ username: `swen${n}`, tokens: [{ name: 'on', enabled: false }, { name: 'off' }] }],
  }),
};
