import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { plainEntry } from '../../src/desired/plain-entry.ts';
import {
  type FileToWrite,
  writeEntries,
  writeInPieces,
  writeTogether,
  writeUsersFile,
} from '../../src/desired/write-users-file.ts';
import type { UserEntry } from '../../src/model/generated/users-file.ts';
import { checkDocument } from '../../src/source/check-document.ts';
import { readYaml } from '../../src/source/read-yaml.ts';
import { validateUsersFile } from '../../src/source/validators.ts';
import { factor } from '../support/every-plan.ts';
import { bySuite } from '../support/suite.ts';

/** A file as a plan reads it. */
function readBack(text: string): unknown {
  const { document, problems } = readYaml('users.yaml', text);
  if (document === undefined || problems.length > 0) throw new Error(JSON.stringify(problems));
  const { content, problems: refused } = checkDocument(document, validateUsersFile);
  if (content === undefined) throw new Error(JSON.stringify(refused));
  return JSON.parse(JSON.stringify(content));
}

const contentOf = ({ defaults, onCreate, users }: FileToWrite): unknown => ({
  version: 1,
  ...(defaults !== undefined && { defaults }),
  ...(onCreate !== undefined && { on_create: onCreate }),
  users: Array.from(users, ({ entry }) => entry),
});

test.each([0x7f, 0x85, 0x9b, 0x61c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2066, 0x2069])(
  'writes what a terminal obeys, or what would reorder or end a line, as its code: %i',
  (code) => {
    const char = String.fromCodePoint(code);
    const entry = { username: 'eve', nickname: `a${char}b`, props: { [`k${char}`]: `${char}c` } };

    const text = writeUsersFile({ users: [{ entry, remark: `left out${char}` }] });

    expect(text).not.toContain(char);
    expect(readBack(text)).toEqual({ version: 1, users: [entry] });
  },
);

test('writes the same text, however many entries are made into text together', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 12 });
  const one = fc.record(
    {
      entry: fc.record(
        {
          username: fc.stringMatching(/^[a-z0-9]{1,8}$/),
          nickname: text,
          position: text,
          roles: fc.constantFrom(['system_user'], ['system_user', 'system_admin']),
          props: fc.dictionary(text, text, { maxKeys: 2 }),
        },
        { requiredKeys: ['username'] },
      ),
      remark: text,
    },
    { requiredKeys: ['entry'] },
  );
  fc.assert(
    fc.property(fc.array(one, { maxLength: 9 }), fc.integer({ min: 1, max: 9 }), (users, atOnce) => {
      const file: FileToWrite = { defaults: { locale: 'en' }, onCreate: { roles: ['system_user'] }, users };

      expect(writeUsersFile(file, atOnce)).toBe(writeUsersFile(file, Number.POSITIVE_INFINITY));
      expect(writeUsersFile(file).endsWith(writeEntries(users))).toBe(true);
      expect([...writeInPieces(file, 20 * atOnce)].join('')).toBe(writeUsersFile(file));
    }),
    { numRuns: bySuite({ short: 40, long: 200 }) },
  );
});

test('takes the entries as it writes, and writes pieces of the length that was asked for', () => {
  const many = 1000;
  let taken = 0;
  const users = {
    *[Symbol.iterator]() {
      for (taken = 0; taken < many; taken++) yield { entry: { username: `user${taken}`, first_name: 'Ada' } };
    },
  };

  const pieces: string[] = [];
  for (const piece of writeInPieces({ users }, 4000)) {
    if (pieces.length === 0) expect(taken).toBeLessThan(many / 5);
    pieces.push(piece);
  }

  expect(pieces.slice(0, -1).every(({ length }) => length >= 4000 && length < 4100)).toBe(true);
  expect(pieces.join('')).toBe(writeUsersFile({ users }));
  expect(taken).toBe(many);
});

describe('an entry that is written without the writer of YAML', () => {
  const hostile = fc.constantFrom(
    '',
    ' ',
    'no',
    'NO',
    'y',
    'True',
    'null',
    '~',
    '.inf',
    'e1',
    '0x1f',
    '1_000',
    '12:30',
    '2026-01-01',
    '<<',
    '-',
    '- a',
    'a: b',
    'a:',
    'a #b',
    '#a',
    'a b ',
    ' a',
    'a  b',
    'a\tb',
    'a\nb',
    'a, b',
    '[a]',
    '{a}',
    '&a',
    '*a',
    '!a',
    '|',
    '>',
    '%a',
    '@a',
    '`a',
    '"a"',
    "'a'",
    "O'Neil",
    'a"b',
    'ça va',
    'Zoë Müller',
    '李小龙',
    'א',
    'a\u200eb',
    'a\u00a0b',
    '\u3164',
    '\ufeffa',
    'x'.repeat(200),
    'a\ud800',
    '😀',
    'a😀',
    'a (b) & c/d',
    'a+b@c.d',
    'system_user',
    'a.',
    'a-',
    '---',
    '...',
    'a\u0301',
    'ﬁ',
    '𝒜',
    'a…',
    'a?',
    'a!',
  );
  const strange = fc.oneof(
    hostile,
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.tuple(hostile, hostile).map((two) => two.join('')),
  );
  const usual = fc.oneof(fc.constantFrom('ada', 'ada@example.com', 'Zoë', ''), fc.stringMatching(/^[a-z][ -~]{0,9}$/));
  const text = fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: strange });
  const words = fc.array(text, { maxLength: 3 });
  const entry = fc.record(
    {
      username: text,
      email: text,
      position: text,
      roles: words,
      active: fc.boolean(),
      teams: words,
      previous_usernames: words,
      auth: fc.record({ service: text, data: text }, { requiredKeys: [] }),
      props: fc.dictionary(text, text, { maxKeys: 1 }),
      tokens: fc.array(fc.record({ name: text, generation: fc.nat() }), { maxLength: 2 }),
    },
    { requiredKeys: ['username'] },
  );

  test('is what that writer writes, sign for sign', () => {
    let plain = 0;
    const compare = (one: object, remark?: string): void => {
      // Nothing that a schema refuses is ever written; what is compared here is text alone.
      const whole = one as unknown as UserEntry;
      const made = plainEntry(whole, remark);
      if (made === undefined) return;
      plain++;

      const file = { users: [{ entry: whole, ...(remark !== undefined && { remark }) }] };
      const [, expected] = writeTogether(file).split('users:\n');
      expect(made).toBe(expected);
    };
    fc.assert(
      fc.property(strange, (sign) => {
        compare({ username: sign });
        compare({ username: 'a', roles: [sign, 'a'], auth: { service: 'a', data: sign } });
        compare({ username: 'a' }, sign);
      }),
      { numRuns: 1000 * factor },
    );
    fc.assert(
      fc.property(entry, fc.option(text, { nil: undefined, freq: 4 }), (one, remark) => compare(one, remark)),
      { numRuns: 2000 * factor },
    );
    expect(plain).toBeGreaterThan(400);
  });

  test('is one of words, booleans and lists of words', () => {
    expect(
      plainEntry(
        { username: 'ada', first_name: "Zoë O'Neil", roles: ['system_user'], active: true, auth: { service: 'email' } },
        'a bot',
      ),
    ).toBe(
      "  # a bot\n  - username: ada\n    first_name: Zoë O'Neil\n    roles: [ system_user ]\n    active: true\n    auth: { service: email }\n",
    );
    expect(plainEntry({ username: 'ada', nickname: 'no' }, undefined)).toBeUndefined();
  });
});

test('writes a file that a person would write', () => {
  const text = writeUsersFile({
    defaults: { locale: 'en' },
    onCreate: { roles: ['system_user'] },
    users: [
      {
        entry: {
          username: 'ada',
          email: 'ada@example.com',
          first_name: 'Ada',
          nickname: 'no',
          position: 'Countess: first of all # really',
          roles: ['system_user', 'system_admin'],
          active: true,
          auth: { service: 'saml', data: 'ada@idp' },
          tokens: [{ name: 'ci', generation: 2 }],
        },
      },
      {
        entry: { username: '007', email: '7@example.com', first_name: 'a\nb', last_name: ' ' },
        remark: 'two; remarks',
      },
    ],
  });

  expect(
    text,
  ).toBe(`# Who: the people of this server. A field that is not named is not managed; deleting an entry is not offboarding.

version: 1
defaults: { locale: en }
on_create: { roles: [ system_user ] }
users:
  - username: ada
    email: ada@example.com
    first_name: Ada
    nickname: "no"
    position: "Countess: first of all # really"
    roles: [ system_user, system_admin ]
    active: true
    auth: { service: saml, data: ada@idp }
    tokens:
      - name: ci
        generation: 2

  # two; remarks
  - username: "007"
    email: 7@example.com
    first_name: "a\\nb"
    last_name: " "
`);
});

const hostile = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.string({
    unit: fc.constantFrom(
      ' ',
      '\n',
      '\t',
      '\r',
      '#',
      ':',
      '-',
      '"',
      "'",
      '\\',
      'a',
      '|',
      '>',
      '&',
      '*',
      '!',
      '%',
      '@',
      '`',
      '{',
      ']',
      ',',
      '?',
      '0',
      '\u2028',
      '\x85',
      '\x1b',
      '\u202e',
      '\ufeff',
      'é',
      '漢',
      '🙂',
    ),
    maxLength: 30,
  }),
  fc.constantFrom(
    'no',
    'yes',
    'on',
    'y',
    'null',
    '~',
    'true',
    'False',
    '007',
    '1e3',
    '0x1F',
    '0o7',
    '.inf',
    '.NaN',
    '1_000',
    '2024-01-01',
    '12:30:45',
    '',
    ' ',
    ' x',
    'x ',
    'x: y',
    'x #y',
    '- a',
    '? b',
    ': c',
    '---',
    '...',
    '--- a',
    '<<',
    '{a}',
    '[a]',
    '&a',
    '*a',
    '!a',
    '# a',
    '%a',
    '@a',
    '`a',
    '"',
    "'",
    "it's",
    'a\nb',
    'a\n\nb\n',
    '\n',
    '\na',
    'a\n ',
    '\ta',
    'a\r\nb',
  ),
);
const map = fc.dictionary(
  hostile.filter((text) => !/^(__proto__|constructor|prototype)$/.test(text)),
  hostile,
  { maxKeys: 3, noNullPrototype: true },
);
const entry: fc.Arbitrary<UserEntry> = fc.record(
  {
    username: fc.stringMatching(/^[a-z0-9._-]{1,12}$/),
    first_name: hostile,
    nickname: hostile,
    position: hostile,
    props: map,
    notify_props: map,
    active: fc.boolean(),
    auth: fc.record({
      service: fc.constantFrom<'ldap' | 'saml'>('ldap', 'saml'),
      data: hostile.filter((text) => text !== ''),
    }),
    previous_usernames: fc.uniqueArray(fc.stringMatching(/^[a-z0-9._-]{1,8}$/), { maxLength: 3 }),
  },
  { requiredKeys: ['username'] },
);
const file: fc.Arbitrary<FileToWrite> = fc.record(
  {
    defaults: fc.record({ position: hostile, notify_props: map }, { requiredKeys: [] }),
    users: fc.array(fc.record({ entry, remark: hostile }, { requiredKeys: ['entry'] }), { minLength: 1, maxLength: 4 }),
  },
  { requiredKeys: ['users'] },
);

describe('whatever the values and remarks are,', () => {
  test('what it writes is read back as it was', () => {
    fc.assert(
      fc.property(file, (content) => {
        expect(readBack(writeUsersFile(content))).toEqual(contentOf(content));
      }),
      { numRuns: bySuite({ short: 100, long: 500 }) },
    );
  });

  test('the same people give the same bytes', () => {
    fc.assert(
      fc.property(file, (content) => {
        expect(writeUsersFile(structuredClone(content))).toBe(writeUsersFile(content));
      }),
      { numRuns: 100 },
    );
  });
});

test.each(['no', 'Yes', 'on', 'OFF', 'y', '0777', '1_000', '12:30:45', '2024-01-01', '='])(
  'writes %s so that a reader of YAML 1.1 sees a text, too',
  (nickname) => {
    const text = writeUsersFile({ users: [{ entry: { username: 'ada', nickname } }] });

    expect(parse(text, { version: '1.1' })).toMatchObject({ users: [{ nickname }] });
  },
);
