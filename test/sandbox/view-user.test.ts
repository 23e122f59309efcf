import { describe, expect, test } from 'vitest';
import type { Sandbox, SeedUser } from '../../src/sandbox/index.ts';
import { admin, member, type Seen, sandboxFor } from './support.ts';

const ada: SeedUser = {
  username: 'ada',
  password: 'password1',
  first_name: 'Ada',
  email_verified: true,
  allow_marketing: true,
  failed_attempts: 2,
  props: { team: 'x' },
};

const common =
  'id create_at update_at delete_at username auth_service email nickname first_name last_name position roles props locale timezone remote_id disable_welcome_email';
const adminSees = `${common} notify_props failed_attempts`;
const everything = `${adminSees} email_verified allow_marketing last_password_update`;
const othersSee = `${common} auth_data`;

const keys = (value: unknown): string =>
  Object.keys(value ?? {})
    .toSorted()
    .join(' ');
const sorted = (names: string): string => names.split(' ').toSorted().join(' ');

type Read = (sandbox: Sandbox, id: string) => Promise<Seen>;

const asAdmin =
  (method: string, path: string, body?: unknown): Read =>
  (sandbox, id) =>
    admin(sandbox)(method, path.replace('ID', id), body === 'ID' ? [id] : body);
const asSelf =
  (method: string, path: string, body?: unknown): Read =>
  (sandbox, id) =>
    member(sandbox, 'ada').ask(method, path.replace('ID', id), body === 'ID' ? [id] : body);
const asOther =
  (method: string, path: string, body?: unknown): Read =>
  (sandbox, id) =>
    member(sandbox, 'bob').ask(method, path.replace('ID', id), body === 'ID' ? [id] : body);

const reads: readonly (readonly [string, Read, string])[] = [
  ['an administrator by id', asAdmin('GET', '/users/ID'), adminSees],
  ['an administrator by username', asAdmin('GET', '/users/username/ada'), adminSees],
  ['an administrator by email', asAdmin('GET', '/users/email/ada@example.com'), adminSees],
  ['an administrator in the list', asAdmin('GET', '/users?per_page=1'), adminSees],
  ['an administrator by ids', asAdmin('POST', '/users/ids', 'ID'), adminSees],
  ['an administrator by usernames', asAdmin('POST', '/users/usernames', ['ada']), adminSees],
  ['an administrator in a search', asAdmin('POST', '/users/search', { term: 'ada' }), adminSees],
  ['an administrator in a report', asAdmin('GET', '/reports/users?page_size=1'), `${adminSees} days_active`],
  ['an administrator who patched', asAdmin('PUT', '/users/ID/patch', {}), everything],
  ['an administrator who verified', asAdmin('POST', '/users/ID/email/verify/member'), adminSees],
  ['oneself as me', asSelf('GET', '/users/me'), everything],
  ['oneself by id', asSelf('GET', '/users/ID'), everything],
  ['oneself by username', asSelf('GET', '/users/username/ada'), everything],
  ['oneself by email', asSelf('GET', '/users/email/ada@example.com'), othersSee],
  ['oneself in the list', asSelf('GET', '/users?per_page=1'), othersSee],
  ['oneself by ids', asSelf('POST', '/users/ids', 'ID'), othersSee],
  ['another by id', asOther('GET', '/users/ID'), othersSee],
  ['another by username', asOther('GET', '/users/username/ada'), othersSee],
  ['another in the list', asOther('GET', '/users?per_page=1'), othersSee],
  ['another by usernames', asOther('POST', '/users/usernames', ['ada']), othersSee],
  ['another in a search', asOther('POST', '/users/search', { term: 'ada' }), othersSee],
];

test.each(reads)('the keys for %s', async (_who, read, expected) => {
  const sandbox = await sandboxFor({ seed: { users: [ada] } });

  const seen = await read(sandbox, sandbox.control.user('ada')?.id ?? '');

  expect(keys(seen.rows[0] ?? seen.json)).toBe(sorted(expected));
});

describe('what others see', () => {
  test('hides the login service, and name and email by the privacy settings', async () => {
    const sandbox = await sandboxFor({
      seed: { users: [{ ...ada, auth_service: 'saml', auth_data: 'ada@idp' }] },
      config: { 'PrivacySettings.ShowEmailAddress': false, 'PrivacySettings.ShowFullName': false },
    });
    const path = `/users/${sandbox.control.user('ada')?.id}`;

    const other = await member(sandbox, 'bob').ask('GET', path);
    const root = await admin(sandbox)('GET', path);

    expect(other.json).toMatchObject({ auth_service: '', auth_data: '', email: '', first_name: '' });
    expect(root.json).toMatchObject({
      auth_service: 'saml',
      auth_data: 'ada@idp',
      email: 'ada@example.com',
      first_name: 'Ada',
    });
  });
});

test('the order of keys is the server’s', async () => {
  const sandbox = await sandboxFor();

  const seen = await admin(sandbox)('POST', '/users', {
    username: 'eva',
    email: 'eva@example.com',
    auth_service: 'saml',
    auth_data: 'eva@idp',
    email_verified: true,
    allow_marketing: true,
    props: { b: '2', a: '1' },
    is_bot: true,
    disable_welcome_email: true,
  });

  expect(Object.keys(seen.json).join(' ')).toBe(
    'id create_at update_at delete_at username auth_data auth_service email email_verified nickname first_name ' +
      'last_name position roles allow_marketing props notify_props last_password_update locale timezone remote_id ' +
      'is_bot disable_welcome_email',
  );
  expect(Object.keys(seen.json['props'] ?? {})).toEqual(['a', 'b']);
  expect(sandbox.control.user('eva')?.isBot).toBe(false);
});

test('a bot is marked, has no remote id, and shows its description', async () => {
  const sandbox = await sandboxFor({
    seed: { users: [{ username: 'helper', is_bot: true, bot_description: 'Helps' }] },
  });

  const seen = await admin(sandbox)('GET', '/users/username/helper');

  expect(seen.json).toMatchObject({ is_bot: true, bot_description: 'Helps', email: 'helper@localhost' });
  expect(seen.json).not.toHaveProperty('remote_id');
});

const shown = async (seen: Promise<Seen>): Promise<unknown> => (await seen).json['terms_of_service_id'];

test('accepted terms show by id and username, to oneself and administrators', async () => {
  const sandbox = await sandboxFor();
  const terms = sandbox.control.addTerms();
  const eva = member(sandbox, 'eva');
  await eva.ask('POST', '/users/x/terms_of_service', { termsOfServiceId: terms, accepted: true });

  expect(await shown(admin(sandbox)('GET', `/users/${eva.id}`))).toBe(terms);
  expect(await shown(eva.ask('GET', '/users/username/eva'))).toBe(terms);
  expect(await shown(admin(sandbox)('GET', '/users/email/eva@example.com'))).toBeUndefined();
  expect(await shown(member(sandbox, 'bob').ask('GET', `/users/${eva.id}`))).toBeUndefined();
  await eva.ask('POST', '/users/me/terms_of_service', { termsOfServiceId: terms, accepted: false });
  expect(await shown(eva.ask('GET', '/users/me'))).toBeUndefined();
});
