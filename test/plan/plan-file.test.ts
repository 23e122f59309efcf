import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, digestOf } from '../../src/model/canonical-json.ts';
import type { Plan } from '../../src/model/plan.ts';
import { longestLifetimeMs } from '../../src/model/plan-lifetime.ts';
import {
  isOutdated,
  type PlanFileContext,
  PlanFileRefusedError,
  parsePlanFile,
  planFileText,
  refuseUnfitPlan,
} from '../../src/plan/plan-file.ts';
import { account, entry, moment, planFor, wantedToken } from '../support/build-states.ts';

const hourMs = 3_600_000;
const plan: Plan = planFor(
  entry('ada', { nickname: 'Ä “A”', email: 'new@example.com' }, { tokens: [wantedToken('ci')] }),
  account('ada'),
  { desired: { digest: `sha256:${'a'.repeat(64)}` } },
);
const text: string = planFileText(plan);

const refusal = (content: string): string => {
  try {
    parsePlanFile(content);
  } catch (error) {
    if (error instanceof PlanFileRefusedError) return error.message;
    throw error;
  }
  return 'taken';
};

test('a plan comes back from its file as it was', () => {
  expect(parsePlanFile(text)).toEqual(plan);
});

test('a plan names the digest of everything else in it, and no end of its life', () => {
  const { digest, ...content } = plan;

  expect(digest).toBe(digestOf(content));
  expect(content).not.toHaveProperty('expires');
});

test('equal plans give equal bytes, whatever the order of their parts', () => {
  const turned = Object.fromEntries(Object.entries(plan).toReversed());

  expect(canonicalJson(turned)).toBe(canonicalJson(plan));
  expect(text.endsWith('}\n')).toBe(true);
  expect(text.trim()).not.toMatch(/\n|": /);
});

describe('is refused:', () => {
  test('a file of which one byte differs, whichever', () => {
    const bytes = Buffer.from(text);
    const taken: number[] = [];
    for (let i = 0; i < bytes.length; i++) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(bytes.readUInt8(i) ^ 1, i);
      if (refusal(flipped.toString('utf8')) === 'taken') taken.push(i);
    }

    expect(taken).toEqual([]);
  });

  test('a file with any other mistake in it', () => {
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(3), fc.string({ maxLength: 3 }), (at, gone, put) => {
        const changed = `${text.slice(0, at)}${put}${text.slice(at + gone)}`;
        fc.pre(changed !== text);

        expect(refusal(changed)).not.toBe('taken');
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  test.each<[string, string, string]>([
    ['nothing', '', 'not JSON'],
    ['half of it', text.slice(0, text.length / 2), 'not JSON'],
    ['something else', '{"format":"other"}', 'not a plan of this version'],
    ['a list', '[]', 'not a plan of this version'],
    ['a plan that was indented', `${JSON.stringify(plan, undefined, 2)}\n`, 'reformatted'],
    [
      'a plan whose keys were sorted otherwise',
      `${JSON.stringify(Object.fromEntries(Object.entries(plan).toReversed()))}\n`,
      'reformatted',
    ],
    ['a plan without its last line end', text.trimEnd(), 'reformatted'],
    ['a plan with Windows line ends', text.replace('\n', '\r\n'), 'reformatted'],
    ['a plan with a byte order mark', `\ufeff${text}`, 'not JSON'],
    ['a key twice', text.replace('"format":', '"format":"muster-plan","format":'), 'reformatted'],
    ['an escape that means the same', text.replace('muster-plan', 'm\\u0075ster-plan'), 'reformatted'],
    ['a plan with something added', text.replace('{', '{"a":1,'), 'not a plan of this version'],
    ['a plan without a digest', planFileText({ ...plan, digest: undefined } as unknown as Plan), 'digest'],
    ['a plan of the next version', text.replace('"version":1}', '"version":2}'), 'not a plan of this version'],
    ['another value', text.replace('new@example.com', 'eve@example.com'), 'was changed'],
    ['another person', text.replaceAll('"ada"', '"eve"'), 'was changed'],
    ['another moment', text.replace('2026-06-15T12', '2026-06-16T12'), 'was changed'],
    ['a moment that is none', text.replace('2026-06-15T12:00:00.000Z', 'never'), 'not a plan of this version'],
    ['an expiry', text.replace('{', '{"expires":"2026-06-17T12:00:00.000Z",'), 'not a plan of this version'],
  ])('%s', (_what, content, why) => {
    expect(refusal(content)).toContain(why);
  });
});

const fitting: PlanFileContext = {
  nowMs: moment + hourMs,
  serverKey: 'server-key',
  serverUrl: 'https://chat.example.com',
  toolVersion: '0.1.0',
};

describe('a plan fits', () => {
  test.each<[string, Partial<PlanFileContext>]>([
    ['right away', { nowMs: moment }],
    ['up to its last moment', { nowMs: moment + 24 * hourMs }],
    ['on a runner whose clock is a little behind', { nowMs: moment - 240_000 }],
    ['as long as the one who applies it says', { nowMs: moment + 100 * hourMs, lifetimeMs: 100 * hourMs }],
    ['another patch of the same version', { toolVersion: '0.1.99' }],
    ['the same server at another address', { serverUrl: 'https://chat.internal' }],
  ])('%s', (_what, context) => {
    expect(() => refuseUnfitPlan(plan, { ...fitting, ...context })).not.toThrow();
  });

  test.each<[string, Partial<PlanFileContext>, string]>([
    ['a millisecond too late', { nowMs: moment + 24 * hourMs + 1 }, 'it expired at 2026-06-16T12:00:00.000Z'],
    ['another server', { serverKey: 'other' }, 'has the key other'],
    ['the next minor version', { toolVersion: '0.2.0' }, 'made by muster 0.1.0, and this is 0.2.0'],
    ['the next major version', { toolVersion: '1.1.0' }, 'made by muster 0.1.0, and this is 1.1.0'],
    ['a version that only begins the same', { toolVersion: '0.10.0' }, 'this is 0.10.0'],
    ['a moment that has not come', { nowMs: moment - hourMs }, 'which has not come'],
  ])('not %s', (_what, context, why) => {
    expect(() => refuseUnfitPlan(plan, { ...fitting, ...context })).toThrow(why);
  });
});

test.each<[string, number, string, boolean]>([
  ['in its last moment', moment + longestLifetimeMs, '0.1.99', false],
  ['a millisecond later', moment + longestLifetimeMs + 1, '0.1.0', true],
  ['to another version', moment, '0.2.0', true],
])('whether no one can apply a plan any more: %s', (_when, nowMs, toolVersion, isSo) => {
  expect(isOutdated(plan, nowMs, toolVersion)).toBe(isSo);
});
