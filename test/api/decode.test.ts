import { isMap } from 'node:util/types';
import { assert, jsonValue, property, subarray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { list, listOrNull, Mismatch, under } from '../../src/api/decode.ts';
import { decodeAudits, decodeRole, decodeSessions, decodeToken } from '../../src/api/decode-others.ts';
import { decodeAutocompletion, decodeGroupChannels, decodeUser, decodeUsers } from '../../src/api/decode-users.ts';
import { channelId, role, session, token, user, userId } from './support/samples.ts';

function problemOf(decode: () => unknown): string {
  try {
    decode();
  } catch (error) {
    if (error instanceof Mismatch) return error.message;
    throw error;
  }
  return 'no problem';
}

test('anything at all is either an account or a mismatch', () => {
  const keys = [...Object.keys(user), 'auth_data', 'props', 'notify_props', 'mfa_active', 'is_bot', '__proto__'];

  assert(
    property(subarray(keys), jsonValue(), jsonValue({ maxDepth: 1 }), (changed, value, other) => {
      const source = {
        ...user,
        ...Object.fromEntries(changed.map((key, index) => [key, index % 2 === 0 ? value : other])),
      };
      expect(problemOf(() => decodeUsers([source]))).toMatch(
        /^(?:no problem|\[0\]\.\w+: expected [\w ]+, found [\w ]+)$/,
      );
    }),
    { numRuns: 2000 },
  );
});

test('a moment that no date can tell is read as the nearest that one can, whatever it is of', () => {
  const far = (sample: object, ms: number): object =>
    Object.fromEntries(
      Object.entries(sample).map(([key, value]) => [
        key,
        /_at$|^last_/.test(key) && typeof value === 'number' ? ms : value,
      ]),
    );
  const decoders = [
    [decodeUser, { ...user, last_activity_at: 1, last_login: 1, last_password_update: 1 }],
    [decodeToken, { ...token, expires_at: 1 }],
    [(value: unknown) => decodeSessions([value])[0], session],
    [decodeRole, { ...role, create_at: 1, update_at: 1, delete_at: 1 }],
  ] as const;
  for (const [decode, sample] of decoders) {
    const moments = Object.entries(decode(far(sample, Number.MAX_SAFE_INTEGER)) ?? {}).filter(
      ([key, value]) => /_at$|^last_/.test(key) && typeof value === 'number',
    );

    expect(moments.length).toBeGreaterThan(0);
    for (const [key, value] of moments) expect(new Date(value).toISOString(), key).toBe('9999-12-31T23:59:59.999Z');
  }
  expect(new Date(decodeUser({ ...user, create_at: Number.MIN_SAFE_INTEGER }).create_at).getUTCFullYear()).toBe(0);
});

describe('an account', () => {
  test('gets its empty values where the server leaves keys out', () => {
    expect(decodeUser(user)).toMatchObject({
      auth_data: undefined,
      props: {},
      notify_props: undefined,
      mfa_active: false,
      is_bot: false,
      remote_id: '',
      email_verified: undefined,
      timezone: { useAutomaticTimezone: 'true' },
    });
  });

  test('keeps apart an absent and a hidden auth_data', () => {
    expect(decodeUser({ ...user, auth_data: '' }).auth_data).toBe('');
    expect(decodeUser({ ...user, auth_data: null }).auth_data).toBeUndefined();
  });

  test('has no time zone where the server says null, or nothing', () => {
    expect(decodeUser({ ...user, timezone: null }).timezone).toBeNull();
    expect(decodeUser({ ...user, timezone: undefined }).timezone).toBeNull();
    expect(decodeUser({ ...user, timezone: {} }).timezone).toEqual({});
  });

  test('has the same keys in the same order whatever the server sent', () => {
    const full = decodeUser({ ...user, mfa_active: true, props: { a: 'b' }, is_bot: true, email_verified: true });

    expect(Object.keys(full)).toEqual(Object.keys(decodeUser(user)));
  });

  test('is not inactive by accident: a moment below 0 is none', () => {
    expect(problemOf(() => decodeUsers([{ ...user, delete_at: -1 }]))).toBe(
      '[0].delete_at: expected a moment or 0 for never, found a number below 0',
    );
    expect(problemOf(() => decodeRole({ ...role, delete_at: -1 }))).toContain('delete_at');
    expect(decodeUser({ ...user, delete_at: 0 }).delete_at).toBe(0);
    expect(decodeUser({ ...user, delete_at: 1_700_000_000_000 }).delete_at).toBe(1_700_000_000_000);
  });

  test('is never printed with the value that was wrong', () => {
    expect(problemOf(() => decodeUsers([user, { ...user, email: { deep: 'private' } }]))).toBe(
      '[1].email: expected a text, found an object',
    );
  });
});

test('a list is not null, except where the server says null for empty', () => {
  expect(problemOf(() => list(decodeToken)(null))).toBe('the answer: expected a list, found null');
  expect(listOrNull(decodeToken)(null)).toEqual([]);
  expect(decodeAudits(null)).toEqual([]);
});

const decodeOuter = (value: unknown): unknown => under({ outer: value }, 'outer', list(list(decodeToken)));

test('a path leads through lists and keys', () => {
  expect(problemOf(() => decodeOuter([[token], [token, 7]]))).toBe('outer[1][1]: expected an object, found a number');
  expect(problemOf(() => decodeOuter([[{ ...token, id: 'short' }]]))).toBe(
    'outer[0][0].id: expected an id of 26 letters and digits, found a text',
  );
});

test('an autocompletion may lack any of its lists', () => {
  expect(decodeAutocompletion({ users: null })).toEqual({ users: [], out_of_channel: [], agents: [] });
});

test('group channels are kept by channel', () => {
  const channels = decodeGroupChannels({ [channelId]: [user] });

  expect(isMap(channels)).toBe(true);
  expect(channels.get(channelId)?.[0]?.id).toBe(userId);
});

test('a session without properties has none', () => {
  expect(decodeSessions([{ ...session, props: null }])[0]?.props).toEqual({});
});

test('a role without permissions has none', () => {
  expect(decodeRole({ ...role, permissions: null }).permissions).toEqual([]);
});

test('a token of a server without expiry has no expiry', () => {
  expect(decodeToken(token).expires_at).toBeUndefined();
  expect(decodeToken({ ...token, expires_at: 0 }).expires_at).toBe(0);
});
