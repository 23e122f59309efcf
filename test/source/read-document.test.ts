import { describe, expect, test } from 'vitest';
import type { UsersFile } from '../../src/model/generated/users-file.ts';
import type { Problem } from '../../src/model/problem.ts';
import { type FileKind, readDocument } from '../../src/source/read-document.ts';
import { validateUsersFile } from '../../src/source/validators.ts';

const kind: FileKind<UsersFile> = {
  noun: 'people with version and users',
  keys: { version: true, defaults: true, on_create: true, users: true },
  validate: validateUsersFile,
};

const problemsOf = (text: string, isInPlace = true): readonly Problem[] =>
  readDocument({ name: 'users.yaml', text, isInPlace }, kind).problems;

const secret = 'hV8kQ2mZ7pR4tX1w';

/** Files of others, each with the secret in a place where such a file has it. */
const foreign: ReadonlyArray<readonly [string, string]> = [
  ['a token', secret],
  ['a token with a line end', `${secret}\n`],
  ['a quoted token', `"${secret}"`],
  ['a token in brackets', `<${secret}>`],
  ['a token that begins like an alias', `*${secret}`],
  ['a token that begins like a tag', `!${secret} x`],
  ['a token that begins like an anchor', `&${secret} x`],
  ['a token with a colon', `${secret}: ${secret}`],
  ['several tokens', `${secret}\n${secret}x\n`],
  ['variables', `MUSTER_TOKEN=${secret}\nOTHER="${secret}"\n`],
  ['variables with a syntax error', `A='x\nMUSTER_TOKEN=${secret}\n`],
  ['a netrc', `machine chat.example.com login ada password ${secret}\n`],
  ['password hashes', `root:$6$${secret}:19000:0:99999:7:::\nada:*:19000:0\n`],
  ['a git config', `[core]\n\tbare = false\n[http]\n\textraheader = AUTHORIZATION: basic ${secret}\n`],
  ['a private key', `-----BEGIN OPENSSH PRIVATE KEY-----\n${secret}\n${secret}\n-----END OPENSSH PRIVATE KEY-----\n`],
  ['a certificate in a map', `key: |\n  ${secret}\nkey: |\n  ${secret}\n`],
  ['JSON', `{"auths": {"registry": {"auth": "${secret}"}}}`],
  ['broken JSON', `{"auths": {"registry": {"auth": "${secret}}}`],
  ['a list', `- ${secret}\n- ~\n- *${secret}\n`],
  ['cluster access', `apiVersion: v1\nkind: Config\nusers:\n- name: ada\n  user: { client-key-data: ${secret} }\n`],
  ['cluster access that is broken', `apiVersion: v1\nusers:\n- name: ada\n  key-data: ${secret}: ${secret}\n`],
  ['cluster access with its users first', `users:\n- name: ada\n  key-data: ${secret}: ${secret}\ncontexts: []\n`],
  ['settings with duplicate keys', `host: a\nhost: ${secret}\n${secret}: 1\n${secret}: 2\n`],
  ['settings with a prototype key', `__proto__: ${secret}\n`],
  ['several documents', `a: ${secret}\n---\nb: ${secret}\n`],
  ['a merge of nothing', `<<: ${secret}\n`],
  ['only numbers', '1234567890123456'],
];

const hasSecret = (problems: readonly Problem[]): boolean =>
  /hV8k|Q2mZ|7pR4|tX1w|1234567890/.test(JSON.stringify(problems));

describe('of a file that is none of ours nothing is repeated:', () => {
  test.each(foreign)('%s', (_, text) => {
    for (const shown of [text, `\ufeff${text}`, text.replaceAll('\n', '\r\n'), `# a comment\n\n${text}`]) {
      const problems = problemsOf(shown);

      expect(problems.length).toBeGreaterThan(0);
      expect(problems.every(({ excerpt }) => excerpt === undefined)).toBe(true);
      expect(hasSecret(problems)).toBe(false);
    }
  });

  test.each(foreign)('%s, through a link that leads elsewhere', (_, text) => {
    for (const shown of [
      text,
      `version: 1\nusers:\n  - username: ${text.split('\n')[0] ?? ''}\n    email: ${secret}\n`,
    ]) {
      const problems = problemsOf(shown, false);

      expect(problems.length).toBeGreaterThan(0);
      expect(problems.every(({ excerpt }) => excerpt === undefined)).toBe(true);
      expect(hasSecret(problems)).toBe(false);
    }
  });

  test('but what it should have been', () => {
    expect(problemsOf(secret)).toEqual([
      {
        code: 'wrong-type',
        message: 'the file is a text, expected a map: people with version and users',
        hint: 'known fields: version, defaults, on_create, users',
        at: { file: 'users.yaml', line: 1, column: 1 },
      },
    ]);
    expect(problemsOf('version: 1\npeople: []\n')).toEqual([
      {
        code: 'unknown-field',
        message: 'an unknown field at the top level: this may be no file of ours',
        hint: 'known fields: version, defaults, on_create, users',
        at: { file: 'users.yaml', line: 2, column: 1 },
      },
    ]);
    expect(problemsOf('password: x\n')).toMatchObject([{ code: 'secret-in-file', at: { line: 1, column: 1 } }]);
  });

  test('and a bomb in it is told as one', () => {
    const bomb = `a: &a [x]\nb: &b [${'*a,'.repeat(9)}]\n`.concat(`c: [${'*b,'.repeat(20_000)}]\n`);

    expect(problemsOf(bomb).map(({ code }) => code)).toContain('yaml-expansion');
  });
});

describe('of a file of ours the line is shown', () => {
  test.each([
    ['a slip of the pen in a key of the root', 'version: 1\nusers: []\ndefault: {}\n', 'default: {}'],
    ['no YAML further down', 'version: 1\nusers:\n  - username: a: b\n', '  - username: a: b'],
    ['no YAML below a comment', '# who\n---\nversion: 1\nusers:\n- username: a: b\n', '- username: a: b'],
    ['no YAML after a key of the root in quotes', '"version": 1\n"users": [a, @]\n', '"users": [a, @]'],
    ['no JSON further down', '{"version": 1, "users": [@]}', '{"version": 1, "users": [@]}'],
    ['a value that is wrong', 'version: 1\nusers:\n  - username: 7\n', '  - username: 7'],
    ['a root that merges', 'version: 1\n<<: 3\nusers: []\n', '<<: 3'],
  ])('where it is %s', (_, text, excerpt) => {
    expect(problemsOf(text)).toMatchObject([{ excerpt }]);
  });

  test('unless what is wrong stands before every key of ours', () => {
    expect(problemsOf('@\nversion: 1\n')).toMatchObject([{ code: 'yaml-syntax', at: { line: 1 } }]);
    expect(problemsOf('@\nversion: 1\n')[0]).not.toHaveProperty('excerpt');
  });
});
