/**
 * Calls that write, a row each. Whatever lasts longer than a call meets it in a world where much else happens too:
 * somebody becomes administrator and somebody no longer is, a token is switched on and another is made.
 *
 * Twelve stand for all twenty, as each has a path of its own through the executor: what the others do, enabling and disabling
 * tokens, promoting and demoting guests, switching MFA off, goes the ways of `revoke-token` and `set-roles`, and most of it happens in these worlds.
 */
import type { PolicyFile } from '../../../src/model/generated/config-file.ts';
import type { UserEntry } from '../../../src/model/generated/users-file.ts';
import type { Call } from '../../../src/model/plan.ts';
import type { SeedUser } from '../../../src/sandbox/index.ts';
import type { Passage } from './door.ts';
import type { FaultWorld } from './fault-run.ts';
import { mark } from './stage.ts';

export interface CallRow {
  readonly operation: Call['operation'];
  /** What of the executor only this row shows. */
  readonly shows: string;
  readonly people: readonly SeedUser[];
  readonly entries: readonly UserEntry[];
  /** The request that faults strike; a username in the path stands for the id, and `*` for any id. */
  readonly request: { readonly method: string; readonly path: string };
  readonly policy?: PolicyFile;
}

const admin = 'system_user system_admin';

/** One becomes administrator before another no longer is; a third stays. */
const exchangingPeople: readonly SeedUser[] = [
  { username: 'grace' },
  { username: 'linus', roles: admin },
  { username: 'mary', roles: admin },
];

const exchangingEntries: readonly UserEntry[] = [
  { username: 'grace', roles: ['system_user', 'system_admin'] },
  { username: 'linus', roles: ['system_user'] },
];

export const callRows: readonly CallRow[] = [
  {
    operation: 'create-user',
    shows: 'absence that is looked up, and actions of an account that the run makes',
    people: [],
    entries: [
      {
        username: 'ada',
        email: 'ada@example.com',
        first_name: 'Ada',
        roles: ['system_user', 'system_post_all'],
        tokens: [{ name: 'ci' }],
      },
    ],
    request: { method: 'POST', path: '/users' },
  },
  {
    operation: 'patch-user',
    shows: 'accounts read in bulk, and maps that are read again before they are written',
    people: [{ username: 'ada', email: 'old@example.com', notify_props: { desktop: 'all', push: 'none' } }],
    entries: [
      { username: 'ada', email: 'ada@example.com', nickname: 'countess', notify_props: { desktop: 'mention' } },
    ],
    request: { method: 'PUT', path: '/users/ada/patch' },
  },
  {
    operation: 'set-auth',
    shows: 'a way of signing in that only some reads show',
    people: [{ username: 'ada' }],
    entries: [{ username: 'ada', first_name: 'Ada', auth: { service: 'saml', data: 'ada@idp' } }],
    request: { method: 'PUT', path: '/users/ada/auth' },
  },
  {
    operation: 'set-password',
    shows: 'the way back to e-mail login, with a password that nobody keeps',
    people: [{ username: 'ada', auth_service: 'saml', auth_data: 'ada@idp' }],
    entries: [{ username: 'ada', first_name: 'Ada', auth: { service: 'email' } }],
    request: { method: 'PUT', path: '/users/ada/password' },
  },
  {
    operation: 'set-roles',
    shows: 'a gain of administration that is read back before a loss may follow',
    people: exchangingPeople,
    entries: exchangingEntries,
    request: { method: 'PUT', path: '/users/grace/roles' },
  },
  {
    operation: 'activate',
    shows: 'somebody who returns: an old token goes first, and a guest is promoted, before the account is active',
    people: [{ username: 'ada', active: false, roles: 'system_guest', tokens: [{ description: mark('old') }] }],
    entries: [{ username: 'ada', active: true, roles: ['system_user', 'system_post_all'], tokens: [] }],
    request: { method: 'PUT', path: '/users/ada/active' },
  },
  {
    operation: 'deactivate',
    shows: 'an administrator who leaves: tokens are disabled first, and the others are counted in the serial lane',
    people: [
      { username: 'linus', roles: admin, tokens: [{ description: mark('ci') }] },
      { username: 'mary', roles: admin },
    ],
    entries: [{ username: 'linus', active: false }],
    request: { method: 'PUT', path: '/users/linus/active' },
  },
  {
    operation: 'create-token',
    shows: 'a secret that the server tells once, the next generation of a token',
    people: [{ username: 'ada', tokens: [{ description: mark('ci') }, { description: 'made by hand' }] }],
    entries: [{ username: 'ada', nickname: 'countess', tokens: [{ name: 'ci', generation: 2 }] }],
    request: { method: 'POST', path: '/users/ada/tokens' },
  },
  {
    operation: 'revoke-token',
    shows: 'a token as the witness, and its absence as the end that is wanted',
    people: [{ username: 'ada', tokens: [{ description: mark('ci') }, { description: 'made by hand' }] }],
    entries: [{ username: 'ada', tokens: [] }],
    request: { method: 'POST', path: '/users/tokens/revoke' },
  },
  {
    operation: 'join-team',
    shows: 'one request for several people, and what comes of each of them',
    people: [{ username: 'ada' }, { username: 'bob' }, { username: 'cy' }],
    entries: ['ada', 'bob', 'cy'].map((username) => ({ username, teams: [{ team: 'core', channels: ['dev'] }] })),
    request: { method: 'POST', path: '/teams/*/members/batch' },
  },
  {
    operation: 'leave-team',
    shows: 'a write that cannot be taken back, and whose row stays: a leaver leaves the teams last',
    people: [{ username: 'ada', teams: [{ team: 'core', channels: ['dev'] }] }],
    entries: [{ username: 'ada', active: false }],
    request: { method: 'DELETE', path: '/teams/*/members/*' },
    policy: { leavers: { memberships: 'leave' } },
  },
  {
    operation: 'set-channel-role',
    shows: 'a person who returns: what they administered is gone before the account is active',
    people: [
      {
        username: 'ada',
        active: false,
        teams: [{ team: 'core', role: 'admin', channels: [{ channel: 'dev', role: 'admin' }] }],
      },
    ],
    entries: [{ username: 'ada', active: true }],
    request: { method: 'PUT', path: '/channels/*/members/*/schemeRoles' },
  },
];

const bystanders: readonly SeedUser[] = [
  { username: 'dora', tokens: [{ description: mark('old'), active: false }] },
  ...exchangingPeople,
];

const bystanderEntries: readonly UserEntry[] = [
  { username: 'dora', tokens: [{ name: 'old' }, { name: 'new' }] },
  ...exchangingEntries,
];

/** A row's world alone, or with much else in it; a row's own people stand before others of the same name. */
export function worldOf({ people, entries }: CallRow, isCrowded: boolean): Pick<FaultWorld, 'people' | 'entries'> {
  if (!isCrowded) return { people, entries };
  return { people: overlaid(bystanders, people), entries: overlaid(bystanderEntries, entries) };
}

const overlaid = <Named extends { readonly username: string }>(
  others: readonly Named[],
  own: readonly Named[],
): readonly Named[] => [...new Map([...others, ...own].map((one) => [one.username, one])).values()];

/**
 * Whether a request is the one of a row.
 *
 * @param idOf - the id of the account that a username stands for, if there is one
 */
export function isCallOf(
  { request }: CallRow,
  { method, path }: Passage,
  idOf: (username: string) => string | undefined,
): boolean {
  if (method !== request.method) return false;
  if (request.path.includes('*')) return path.replace(/[a-z0-9]{26}/g, '*') === request.path;
  return path === request.path.replace(/^\/users\/([^/]+)\//, (whole, name) => `/users/${idOf(name) ?? name}/`);
}
