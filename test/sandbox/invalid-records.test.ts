/**
 * Accounts that a server calls invalid, put into its database by hand: what each write answered on a running Mattermost
 * 11.2.0, team edition. A stored field is only asked about by what writes the whole account.
 */
import { expect, test } from 'vitest';
import type { SeedUser } from '../../src/sandbox/index.ts';
import { admin, sandboxFor } from './support.ts';

type FlawedField = 'username' | 'email' | 'locale' | 'timezone_limit' | 'auth_data_type' | 'auth_data_pwd';

interface Row {
  readonly what: string;
  readonly spoilt: Partial<SeedUser>;
  /** Why patch, roles, active and deactivation are refused; absent: they are not. */
  readonly refused?: FlawedField;
}

const rows: readonly Row[] = [
  { what: 'an e-mail in brackets', spoilt: { email: '<ada@example.com>' }, refused: 'email' },
  { what: 'an e-mail with a name', spoilt: { email: 'x <ada@example.com>' }, refused: 'email' },
  { what: 'an e-mail with a capital, which the write makes small', spoilt: { email: 'Ada@example.com' } },
  { what: 'a username with a blank', spoilt: { username: 'ada x' }, refused: 'username' },
  { what: 'a username with capitals, which the write makes small', spoilt: { username: 'ADA' } },
  { what: 'a nickname as long as it may be', spoilt: { nickname: 'x'.repeat(64) } },
  { what: 'a locale that nobody knows', spoilt: { locale: 'xx' }, refused: 'locale' },
  { what: 'a locale that few know', spoilt: { locale: 'qqq' } },
  { what: 'a long time zone', spoilt: { timezone: { manualTimezone: 'x'.repeat(255) } }, refused: 'timezone_limit' },
  { what: 'a custom status that is no status', spoilt: { props: { customStatus: '[1]' } } },
  { what: 'auth data without a service', spoilt: { auth_data: '7' }, refused: 'auth_data_type' },
  {
    what: 'auth data beside a password',
    spoilt: { auth_data: '7', auth_service: 'saml', password: 'Passw0rd-x1' },
    refused: 'auth_data_pwd',
  },
];

const userId = 'u'.repeat(26);

test.each(rows)('$what: the server and the sandbox refuse the same writes', async ({ spoilt, refused }) => {
  const sandbox = await sandboxFor({ seed: { users: [{ username: 'ada', id: userId, ...spoilt }] } });
  const ask = admin(sandbox);
  const write = async (method: string, path: string, body?: unknown): Promise<string> => {
    const { status, id } = await ask(method, `/users/${userId}${path}`, body);
    return `${status}${status === 200 ? '' : ` ${id}`}`;
  };
  const verdict = refused === undefined ? '200' : `400 model.user.is_valid.${refused}.app_error`;

  expect({
    patch: await write('PUT', '/patch', { nickname: 'x' }),
    roles: await write('PUT', '/roles', { roles: 'system_user' }),
    active: await write('PUT', '/active', { active: false }),
    deactivate: await write('DELETE', ''),
  }).toEqual({ patch: verdict, roles: verdict, active: verdict, deactivate: verdict });
  expect({
    auth: await write('PUT', '/auth', { auth_service: 'saml', auth_data: 'd' }),
    password: await write('PUT', '/password', { new_password: 'Passw0rd-x2' }),
    mfa: await write('PUT', '/mfa', { activate: false }),
    sessions: await write('POST', '/sessions/revoke/all'),
  }).toEqual({ auth: '200', password: '200', mfa: '200', sessions: '200' });
});

test('a guest whose e-mail is invalid is promoted all the same', async () => {
  const guest = { username: 'gil', id: userId, email: '<gil@example.com>', roles: 'system_guest' };
  const sandbox = await sandboxFor({ seed: { users: [guest] } });

  expect((await admin(sandbox)('POST', `/users/${userId}/promote`)).status).toBe(200);
  expect(sandbox.control.user('gil')?.roles).toBe('system_user');
});

test.each([
  ['a%2Fb@x', '200'],
  ['50%25off@x', '200'],
  ['a%3Fb%23c@x', '200'],
  ['a%2F@x', '200'],
  ['a%2F%2Fb@x', '301 /api/v4/users/email/a/b@x'],
  ['%2Fa@x', '301 /api/v4/users/email/a@x'],
  ['a%2F.%2Fb@x', '301 /api/v4/users/email/a/b@x'],
])('the path of the e-mail %s is answered as a server does', async (path, answer) => {
  const users = [{ username: 'ada', email: decodeURIComponent(path) }];
  const sandbox = await sandboxFor({ seed: { users } });

  const { status, headers } = await admin(sandbox)('GET', `/users/email/${path}`);

  expect([status, headers.get('location') ?? []].flat().join(' ')).toBe(answer);
});
