/** What a hostile file costs, from the disk to the message: never more than its size. */
import { describe, expect, test } from 'vitest';
import { resolvePolicy } from '../../src/config/settings.ts';
import { loadDesiredState } from '../../src/desired/load-desired-state.ts';
import { InputError, type Problem } from '../../src/model/problem.ts';
import { errorAnnotations } from '../../src/report/annotations.ts';
import { errorJson } from '../../src/report/error-json.ts';
import { plain } from '../../src/report/paint.ts';
import { errorText } from '../../src/report/problems-text.ts';
import { cpuTimeOf, growthExponent, growthFactor, leastCpuTimeOf } from '../support/cpu-time.ts';
import { type Files, folderWith, noon } from './support.ts';

const repeat = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('');
const users = (text: string): Files => ({ 'users.yaml': `version: 1\nusers:\n${text}` });
const ada = (lines: string): Files => users(`  - username: ada\n${lines}`);

/** Files of a size, each made of one thing too many. */
const shapes: Readonly<Record<string, (n: number) => Files>> = {
  'unknown keys in one entry': (n) => ada(repeat(n, (i) => `    key${i}: 1\n`)),
  'unknown keys on one line': (n) => users(`  - { username: ada, ${repeat(n, (i) => `key${i}: 1, `)} }\n`),
  'unknown keys at the top': (n) => ({ 'users.yaml': repeat(n, (i) => `key${i}: 1\n`) }),
  'duplicate keys': (n) => ada('    email: a@b.c\n'.repeat(n)),
  'nulls in one map': (n) => ada(`    props: { ${repeat(n, (i) => `k${i}: , `)} }\n`),
  'wrong types of many people': (n) => users(repeat(n, (i) => `  - { username: ${i} }\n`)),
  'wrong types in one map': (n) => ada(`    props:\n${repeat(n, (i) => `      k${i}: 1\n`)}`),
  'items that are no people': (n) => ({ 'users.yaml': `version: 1\nusers: [${'1, '.repeat(n)}]\n` }),
  'wrong tokens of one person': (n) =>
    ada(`    tokens:\n${repeat(n, (i) => `      - { name: t${i}, sink: nowhere }\n`)}`),
  'tokens with wrong names': (n) => ada(`    tokens:\n${repeat(n, (i) => `      - { name: "T ${i}" }\n`)}`),
  'tokens of one name': (n) => ada(`    tokens:\n${'      - { name: t }\n'.repeat(n)}`),
  'duplicate usernames': (n) => users('  - { username: ada }\n'.repeat(n)),
  'duplicate e-mails': (n) => users(repeat(n, (i) => `  - { username: p${i}, email: a@b.c }\n`)),
  'refused e-mails': (n) => users(repeat(n, (i) => `  - { username: p${i}, email: "<p${i}@b.c>" }\n`)),
  'aliases of a wrong person': (n) => users(`  - &a { username: ada, x: 1, email: 3 }\n${'  - *a\n'.repeat(n)}`),
  'aliases that never end': (n) => {
    const level = (i: number): string => `      a${i}: &a${i} [${`${i === 0 ? 'x' : `*a${i - 1}`}, `.repeat(9)}]\n`;
    return ada(`    props:\n${repeat(n, level)}`);
  },
  'merges of a wrong person': (n) =>
    users(`  - &a { username: ada, zzz: 1 }\n${repeat(n, (i) => `  - { <<: *a, username: p${i} }\n`)}`),
  'one merge of many maps': (n) => users(`  - &a { username: ada, zzz: 1 }\n  - { <<: [${'*a, '.repeat(n)}] }\n`),
  'long texts of colons': (n) =>
    users(repeat(n / 50, (i) => `  - { username: p${i}, nickname: "${':'.repeat(4000)}" }\n`)),
  'texts of many lines': (n) => ada(`    nickname: |\n${'      x\n'.repeat(n)}`),
  'many documents': (n) => ({ 'users.yaml': '---\nversion: 1\n'.repeat(n) }),
  'many comments': (n) => users(`${'  # who?\n'.repeat(n)}  - { username: ada, x: 1 }\n`),
  'many previous usernames': (n) => ada(`    previous_usernames: [${repeat(n, (i) => `"q ${i}", `)}]\n`),
  'previous usernames of two people': (n) =>
    users(
      ['a', 'b']
        .map((name) => `  - { username: ${name}, previous_usernames: [${repeat(n, (i) => `q${i}, `)}] }\n`)
        .join(''),
    ),
  'many roles': (n) => ada(`    roles: [${repeat(n, (i) => `r${i}, `)}]\n`),
  'many locales': (n) => users(repeat(n, (i) => `  - { username: p${i}, locale: xx${'y'.repeat(40)} }\n`)),
  'many files': (n) =>
    Object.fromEntries(
      Array.from({ length: n / 10 }, (_, i) => [`u${i}.yaml`, `version: 1\nusers: [{ username: p${i}, x: 1 }]`]),
    ),
  'no YAML at the end': (n) => users(`${repeat(n, (i) => `  - { username: p${i} }\n`)}  - a: b: c\n`),
};

/** Why files are refused. */
async function refusalOf(base: string): Promise<InputError | undefined> {
  try {
    await loadDesiredState({
      files: ['*.yaml'],
      base,
      policy: resolvePolicy({}),
      secrets: { dir: '/nowhere', sinks: {}, sources: {} },
      momentMs: noon,
    });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error;
  }
  return undefined;
}

const problemsOf = async (base: string): Promise<readonly Problem[]> => (await refusalOf(base))?.problems ?? [];

/** All that is said of files that are refused, in every format. */
async function saidOf(base: string): Promise<string> {
  const error = await refusalOf(base);
  if (error === undefined) return '';
  return `${errorText(error, plain)}\0${errorAnnotations(error)}\0${JSON.stringify(errorJson(error))}`;
}

const size = 500;
const isLinear = 1.4;

describe('grows no faster than the file:', () => {
  test.each(Object.entries(shapes))('%s', async (_, shape) => {
    const folders = new Map<number, string>();
    for (const n of [size, size * growthFactor]) folders.set(n, await folderWith(shape(n)));
    const folderOf = (n: number): string => folders.get(n) ?? '';

    const exponent = await growthExponent((n) => () => saidOf(folderOf(n)), size, isLinear);

    expect(exponent).toBeLessThanOrEqual(isLinear);
    expect((await saidOf(folderOf(size * growthFactor))).length).toBeLessThan(80_000);
  });
});

/** All of them clash with the first one: what that costs shows in a large file alone. */
const clashes: Readonly<Record<string, (i: number) => string>> = {
  'one username': () => '  - { username: ada }\n',
  'one e-mail': (i) => `  - { username: p${i}, email: a@b.c }\n`,
  'one previous username': (i) => `  - { username: p${i}, previous_usernames: [q] }\n`,
};

test.each(Object.entries(clashes))(
  'tens of thousands of entries with %s cost no more each than a few',
  async (_, entry) => {
    const large = 3000;
    const folders = new Map<number, string>();
    for (const n of [large, large * growthFactor]) folders.set(n, await folderWith(users(repeat(n, entry))));

    const exponent = await growthExponent((n) => () => problemsOf(folders.get(n) ?? ''), large, isLinear);

    expect(exponent).toBeLessThanOrEqual(isLinear);
    expect(await problemsOf(folders.get(large) ?? '')).toHaveLength(51);
  },
);

test('the measure tells a quadratic work from a linear one', async () => {
  const quadratic = (n: number) => () => {
    let sum = 0;
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) sum += i ^ j;
    return sum;
  };

  expect(await growthExponent(quadratic, 1000, isLinear)).toBeGreaterThan(isLinear);
});

const largeBytes = 9_600_000;

test.each(['users.yaml', 'users.json'])(
  'a large file of brackets in %s is refused for less than an honest file costs',
  async (name) => {
    const brackets = await folderWith({ [name]: '['.repeat(largeBytes) });
    const honest = await folderWith(users(repeat(largeBytes / 160, (i) => `  - { username: p${i} }\n`)));
    const load = (base: string): Promise<unknown> =>
      loadDesiredState({
        files: ['*.*'],
        base,
        policy: resolvePolicy({}),
        secrets: { dir: '/nowhere', sinks: {}, sources: {} },
        momentMs: noon,
      }).catch((error: unknown) => error);

    const measure = Math.min(await cpuTimeOf(() => load(honest)), await cpuTimeOf(() => load(honest)));
    const spent = await leastCpuTimeOf(() => load(brackets), measure);

    expect(await load(brackets)).toMatchObject({
      problems: [{ code: expect.stringMatching(/yaml-too-deep|too-many-values/) }],
    });
    expect(spent).toBeLessThanOrEqual(measure);
  },
);
