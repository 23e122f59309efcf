import { describe, expect, test } from 'vitest';
import type { LiveToken } from '../../../src/model/live-state.ts';
import { expiryNotice, expiryVerdict } from '../../../src/resources/token/definition-expiry.ts';
import { factsOf, liveToken, moment, wantedToken } from '../../support/build-states.ts';

const minute = 60_000;
const day = 86_400_000;

describe('a new token', () => {
  const verdict = (version: string, expiresInMs?: number, maxTokenLifetimeMs?: number): string | undefined =>
    expiryVerdict(
      wantedToken('ci', { ...(expiresInMs !== undefined && { expiresInMs }) }),
      factsOf([], { version, ...(maxTokenLifetimeMs !== undefined && { maxTokenLifetimeMs }) }),
    )?.code;

  test.each<[title: string, version: string, life: number | undefined, longest: number | undefined, code?: string]>([
    ['that need not expire, on an old server', '11.2.0', undefined, undefined],
    ['that need not expire, on a new server', '11.9.0', undefined, undefined],
    ['that expires', '11.9.0', 90 * day, undefined],
    ['that expires, on a much newer server', '12.0.0', 90 * day, undefined],
    ['that expires, one version too early', '11.8.3', 90 * day, undefined, 'token-expiry-not-there'],
    ['that expires, on an old server', '11.2.0', 90 * day, undefined, 'token-expiry-not-there'],
    ['that expires, on a server of no known version', 'unknown', day, undefined, 'token-expiry-not-there'],
    ['that need not expire, where each must', '11.9.0', undefined, 30 * day, 'token-expiry-required'],
    ['that lives as long as one may', '11.9.0', 30 * day, 30 * day],
    ['that lives longer than one may', '11.9.0', 30 * day + minute, 30 * day, 'token-expiry-too-far'],
  ])('%s', (_, version, life, longest, code) => {
    expect(verdict(version, life, longest)).toBe(code);
  });

  test('is held with the version that it needs and the one that is there', () => {
    const held = expiryVerdict(wantedToken('ci', { expiresInMs: day }), factsOf([], { version: '11.2.0' }));

    expect(held).toEqual({
      code: 'token-expiry-not-there',
      owner: 'the server',
      reason: 'expires_in of ci needs Mattermost 11.9 or later; this server is 11.2.0',
      hint: 'take expires_in out of ci, or update the server',
    });
  });

  test('is held with how long it may live', () => {
    const facts = factsOf([], { version: '11.10.1', maxTokenLifetimeMs: 30 * day });

    expect(expiryVerdict(wantedToken('ci', { expiresInMs: 90 * day }), facts)).toMatchObject({
      reason: 'the server lets no token live longer than 30d, and ci asks for 90d',
      hint: 'write an expires_in of less than 30d',
    });
  });
});

describe('of a token that is there', () => {
  const notice = (...expiries: ReadonlyArray<number | undefined>): ReturnType<typeof expiryNotice> => {
    const current = expiries.map(
      (expiresAt): LiveToken => liveToken('ada', expiresAt === undefined ? {} : { expiresAt }),
    );
    return expiryNotice('ada', wantedToken('ci', { generation: 2 }), current, moment);
  };

  test.each<[title: string, expiries: ReadonlyArray<number | undefined>, code?: string]>([
    ['nothing is said where there is none', []],
    ['nothing is said where it never expires', [undefined]],
    ['nothing is said more than 14 days before', [moment + 14 * day + 1]],
    ['14 days before it is said', [moment + 14 * day], 'token-expires-soon'],
    ['a moment before it is said', [moment + 1], 'token-expires-soon'],
    ['from the moment on it has expired', [moment], 'token-expired'],
    ['long after, too', [moment - 400 * day], 'token-expired'],
    ['of two with one mark the earlier counts', [undefined, moment + 90 * day, moment - 1], 'token-expired'],
  ])('%s', (_, expiries, code) => {
    expect(notice(...expiries)?.code).toBe(code);
  });

  test('the day and what to do are named', () => {
    expect(notice(moment - day)).toEqual({
      code: 'token-expired',
      person: 'ada',
      text: 'the token ci@2 expired on 2026-06-14',
      hint: 'raise generation to 3 to rotate it',
    });
    expect(notice(moment + day)).toMatchObject({ text: 'the token ci@2 expires on 2026-06-16' });
  });
});
