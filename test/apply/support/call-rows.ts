/**
 * Calls that write, a row each, in worlds where much else happens too: somebody becomes administrator and somebody no
 * longer is, a token is switched on and another is made. So whatever lasts longer than a call meets all of it.
 *
 * Nine stand for all thirteen, as each has a path of its own through the executor: what the others do, enabling and disabling
 * tokens, promoting and demoting guests, goes the ways of `revoke-token` and `set-roles`, and most of it happens in these worlds.
 */
import type { UserEntry } from '../../../src/model/generated/users-file.ts';
import type { Call } from '../../../src/model/plan.ts';
import type { SeedUser } from '../../../src/sandbox/index.ts';
import type { Passage } from './door.ts';
import { mark } from './stage.ts';

export interface CallRow {
  readonly operation: Call['operation'];
  /** What of the executor only this row shows. */
  readonly shows: string;
  /** Over those that all rows share, by username. */
  readonly people: readonly SeedUser[];
  readonly entries: readonly UserEntry[];
  /** The request that faults strike; a username in the path stands for the id. */
  readonly request: { readonly method: string; readonly path: string };
}

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
    people: [],
    entries: [],
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
    people: [{ username: 'linus', roles: 'system_user system_admin', tokens: [{ description: mark('ci') }] }],
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
];

const admin = 'system_user system_admin';

const commonPeople: readonly SeedUser[] = [
  { username: 'dora', tokens: [{ description: mark('old'), active: false }] },
  { username: 'grace' },
  { username: 'linus', roles: admin },
  { username: 'mary', roles: admin },
];

const commonEntries: readonly UserEntry[] = [
  { username: 'dora', tokens: [{ name: 'old' }, { name: 'new' }] },
  { username: 'grace', roles: ['system_user', 'system_admin'] },
  { username: 'linus', roles: ['system_user'] },
];

const overlaid = <Named extends { readonly username: string }>(
  common: readonly Named[],
  own: readonly Named[],
): readonly Named[] => [...new Map([...common, ...own].map((one) => [one.username, one])).values()];

export const peopleOf = ({ people }: CallRow): readonly SeedUser[] => overlaid(commonPeople, people);
export const entriesOf = ({ entries }: CallRow): readonly UserEntry[] => overlaid(commonEntries, entries);

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
  return path === request.path.replace(/^\/users\/([^/]+)\//, (whole, name) => `/users/${idOf(name) ?? name}/`);
}
