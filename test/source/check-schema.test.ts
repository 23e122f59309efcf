import { describe, expect, test } from 'vitest';
import type { Problem } from '../../src/model/problem.ts';
import type { Validator } from '../../src/model/validator.ts';
import { checkDocument } from '../../src/source/check-document.ts';
import { readYaml } from '../../src/source/read-yaml.ts';
import { sortProblems } from '../../src/source/sort-problems.ts';
import { validateConfigFile, validateUsersFile } from '../../src/source/validators.ts';

function problemsOf(text: string, validate: Validator<unknown> = validateUsersFile): readonly Problem[] {
  const { document, problems } = readYaml('f.yaml', text);
  return document === undefined ? problems : sortProblems([...problems, ...checkDocument(document, validate).problems]);
}

const withLine = (line: string): string => `version: 1\nusers:\n  - username: ada\n    ${line}\n`;

test('finds nothing wrong with a file that names every field', () => {
  const text = `
version: 1
defaults: { locale: en, position: Dev, timezone: { useAutomaticTimezone: "true" }, notify_props: { desktop: all } }
on_create: { roles: [system_user], welcome_email: true, email_verified: false }
users:
  - username: Ada.Lovelace
    id: abcdefghijklmnopqrstuvwxyz
    previous_usernames: [alovelace]
    adopt: true
    email: Ada@Example.com
    first_name: Ada
    last_name: ""
    nickname: no
    position: yes
    locale: pt-BR
    timezone: { manualTimezone: Europe/Berlin }
    notify_props: { desktop: mention }
    props: { 1: "x" }
    roles: [system_user, system_admin]
    active: true
    starts: 2026-12-01
    ends: 2027-06-30T18:00:00Z
    auth: { service: saml, data: ada }
    initial_password: hr-start
    tokens: [{ name: ci-deploy, generation: 2, overlap: 24h, enabled: false, sink: vault-ci }]
`;

  expect(problemsOf(text)).toEqual([]);
});

describe('says where, what was found and what to write instead:', () => {
  const numberOfId = 'is the number 12345678901234567890, expected a text';
  const role = 'at least one role: an empty list would lock the person out; to take roles away write [system_user]';

  test.each<[line: string, column: number, code: string, message: string, hint?: string]>([
    ['id: 12345678901234567890', 9, 'wrong-type', `users[1].id (ada) ${numberOfId}`, 'write 26 letters and digits'],
    [
      'nickname: 007',
      15,
      'wrong-type',
      'users[1].nickname (ada) is the number 007, expected a text',
      'write it in quotes: "007"',
    ],
    [
      'nickname: 1e3',
      15,
      'wrong-type',
      'users[1].nickname (ada) is the number 1e3, expected a text',
      'write it in quotes: "1e3"',
    ],
    [
      'nickname: .nan',
      15,
      'wrong-type',
      'users[1].nickname (ada) is the number .nan, expected a text',
      'write it in quotes: ".nan"',
    ],
    [
      'nickname: True',
      15,
      'wrong-type',
      'users[1].nickname (ada) is the value True, expected a text',
      'write it in quotes: "True"',
    ],
    ['nickname: [a]', 15, 'wrong-type', 'users[1].nickname (ada) is a list, expected a text'],
    ['nickname: {a: b}', 15, 'wrong-type', 'users[1].nickname (ada) is a map, expected a text'],
    [
      'active: yes',
      13,
      'wrong-type',
      'users[1].active (ada) is the text "yes", expected true or false',
      'write true or false, without quotes',
    ],
    [
      'active: "true"',
      14,
      'wrong-type',
      'users[1].active (ada) is the text "true", expected true or false',
      'write true or false, without quotes',
    ],
    ['active: 1', 13, 'wrong-type', 'users[1].active (ada) is the number 1, expected true or false'],
    [
      'roles: system_user',
      12,
      'wrong-type',
      'users[1].roles (ada) is the text "system_user", expected a list',
      'write [system_user]',
    ],
    ['roles: []', 5, 'empty-list', 'users[1].roles (ada) is an empty list', `expected ${role}`],
    ['roles: [a, b, a]', 5, 'duplicate-item', 'users[1].roles (ada) names the same item twice', 'keep one of the two'],
    [
      'roles: [System Admin]',
      13,
      'wrong-value',
      'users[1].roles[1] (ada) is the text "System Admin", expected a role name: a-z, 0-9 and underscore',
    ],
    ['emial: a@example.com', 5, 'unknown-field', 'unknown field emial in users[1] (ada)', 'did you mean email?'],
    ['e-mail: a@example.com', 5, 'unknown-field', 'unknown field e-mail in users[1] (ada)', 'did you mean email?'],
    [
      'tokens: [{name: a, genration: 2}]',
      24,
      'unknown-field',
      'unknown field genration in users[1].tokens[1] (ada)',
      'did you mean generation?',
    ],
    [
      'auth: {department: x, service: ldap}',
      12,
      'unknown-field',
      'unknown field department in users[1].auth (ada)',
      'known fields: service, data',
    ],
    ['auth: {data: x}', 5, 'missing-field', 'users[1].auth (ada) has no service', 'add a line "service: …"'],
    [
      'tokens: [{name: a}, {enabled: true}]',
      25,
      'missing-field',
      'users[1].tokens[2] (ada) has no name',
      'add a line "name: …"',
    ],
    [
      'auth: {service: SAML}',
      21,
      'wrong-value',
      'users[1].auth.service (ada) is the text "SAML", expected one of email, ldap, saml, gitlab, google, office365, openid',
      'did you mean saml?',
    ],
    [
      'auth: {service: carrier-pigeon}',
      21,
      'wrong-value',
      'users[1].auth.service (ada) is the text "carrier-pigeon", expected one of email, ldap, saml, gitlab, google, office365, openid',
    ],
    [
      'auth: {service: email, data: x}',
      5,
      'wrong-combination',
      'users[1].auth (ada): e-mail login has no data: delete the line data',
    ],
    [
      'email: nowhere',
      12,
      'wrong-value',
      'users[1].email (ada) is the text "nowhere", expected a plain address such as ada@example.com',
    ],
    [
      'starts: 2026-1-1',
      13,
      'wrong-value',
      'users[1].starts (ada) is the text "2026-1-1", expected a date such as 2027-06-30, or a moment such as 2027-06-30T18:00:00Z',
    ],
    [
      'locale: english',
      13,
      'wrong-value',
      'users[1].locale (ada) is the text "english", expected a language such as en, de or pt-BR',
    ],
    [
      `nickname: ${'x'.repeat(65)}`,
      15,
      'too-long',
      'users[1].nickname (ada) is longer than 64 characters',
      'the server refuses longer values: shorten it',
    ],
    [
      'tokens: [{name: CI}]',
      21,
      'wrong-value',
      'users[1].tokens[1].name (ada) is the text "CI", expected 1 to 64 of a-z, 0-9, dot, dash or underscore, beginning with a letter or digit',
    ],
    [
      'tokens: [{name: a, generation: .inf}]',
      36,
      'wrong-type',
      'users[1].tokens[1].generation (ada) is the number .inf, expected a whole number',
    ],
    [
      'tokens: [{name: a, generation: 0}]',
      36,
      'wrong-value',
      'users[1].tokens[1].generation (ada) is the number 0, expected a whole number from 1 to 99999',
    ],
    [
      'tokens: [{name: a, overlap: 24}]',
      33,
      'wrong-type',
      'users[1].tokens[1].overlap (ada) is the number 24, expected a text',
      'write a number and m, h or d, such as 30m, 24h or 7d',
    ],
    ['props: {1: [x]}', 16, 'wrong-type', 'users[1].props.1 (ada) is a list, expected a text'],
    [
      'props: {a/b~c: 3}',
      20,
      'wrong-type',
      'users[1].props.a/b~c (ada) is the number 3, expected a text',
      'write it in quotes: "3"',
    ],
    ['tokens: [x]', 14, 'wrong-type', 'users[1].tokens[1] (ada) is the text "x", expected a map', 'write { name: x }'],
  ])('%s', (line, column, code, message, hint) => {
    expect(problemsOf(withLine(line))).toEqual([
      {
        code,
        message,
        ...(hint !== undefined && { hint }),
        at: { file: 'f.yaml', line: 4, column },
        excerpt: `    ${line}`,
      },
    ]);
  });

  test.each<[string, string, string]>([
    ['users: []', '1:1', 'the file has no version'],
    ['version: 1', '1:1', 'the file has no users'],
    ['version: 2\nusers: []', '1:10', 'version is the number 2, expected 1'],
    ['version: "1"\nusers: []', '1:11', 'version is the text "1", expected 1'],
    ['version: 1\nusers: {}', '2:8', 'users is a map, expected a list'],
    ['version: 1\nusers: [{}]', '2:9', 'users[1] has no username'],
    ['version: 1\nuser: []\nusers: []', '2:1', 'unknown field user at the top level'],
    ['- a', '1:1', 'the file is a list, expected a map'],
    ['hello', '1:1', 'the file is the text "hello", expected a map'],
    ['version: 1\ndefaults: {email: x}\nusers: []', '2:12', 'unknown field email in defaults'],
  ])('%j', (text, place, message) => {
    const [problem, ...others] = problemsOf(text);

    expect(others).toEqual([]);
    expect(problem?.message).toBe(message);
    expect(`${problem?.at?.line}:${problem?.at?.column}`).toBe(place);
  });

  test('a number behind an alias, by its source text', () => {
    expect(problemsOf(`version: 1\nusers:\n  - username: &x 007\n  - username: *x`)).toMatchObject([
      { message: 'users[1].username is the number 007, expected a text', at: { line: 3, column: 18 } },
      { message: 'users[2].username is the number 007, expected a text', at: { line: 4, column: 15 } },
    ]);
  });

  test('a wrong name of a map, once', () => {
    expect(problemsOf('secrets: {sinks: {Vault: {dir: x}}}', validateConfigFile)).toEqual([
      {
        code: 'wrong-name',
        message:
          'secrets.sinks has the name "Vault", expected a-z, 0-9, dash and underscore, beginning with a letter or digit',
        at: { file: 'f.yaml', line: 1, column: 19 },
        excerpt: 'secrets: {sinks: {Vault: {dir: x}}}',
      },
    ]);
  });
});

test('does not say again what reading has said', () => {
  const text =
    'version: ~\nusers:\n  - username:\n  - ~\n  - username: a\n    roles: [~, ~]\n    auth: {service: ~, data: x}\n';

  expect(problemsOf(text).map(({ code, at }) => `${code} ${at?.line}`)).toEqual([
    'null-value 1',
    'null-value 3',
    'null-value 4',
    'null-value 6',
    'null-value 6',
    'null-value 7',
  ]);
});

test('shortens what it repeats', () => {
  const long = 'x'.repeat(200);

  for (const { message } of problemsOf(withLine(`email: ${long}`))) expect(message.length).toBeLessThan(200);
  for (const { message } of problemsOf(withLine(`${long}: 1`))) expect(message.length).toBeLessThan(200);
  for (const { message } of problemsOf(withLine(`nickname: ${'9'.repeat(200)}`)))
    expect(message.length).toBeLessThan(200);
  expect(problemsOf(withLine(`email: ${long}\n    ${long}: 1\n    nickname: ${'9'.repeat(200)}`))).toHaveLength(3);
});

describe('never repeats a secret that stands in a file:', () => {
  const canary = 'S3cret-Canary';

  test.each([
    `password: ${canary}`,
    `password: "a, ${canary}"`,
    `password: [a, ${canary}]`,
    `password: {a: ${canary}}`,
    `password: {a: b, c: !!str ${canary}}`,
    `password:\n      ${canary}`,
    `password: |\n      a\n      ${canary}\n    password: 1`,
    `password: !${canary} x`,
    `password: !${canary}!x y`,
    `password: !a<${canary}> y`,
    `password: *${canary}`,
    `password: @${canary}`,
    `password: "${canary}`,
    `password: "${canary}"x`,
    `password: '${canary}\n      more`,
    `password: "\\q${canary}"`,
    `password: ${canary}: x`,
    `password: {${canary}`,
    `Password: ${canary}`,
    `token: ${canary}`,
    `access_token: ${canary}`,
    `initial_password: ${canary}`,
    `initial_password: ${canary} # it is ${canary}`,
    `initial_password: "${canary}"`,
    `initial_password:\n      ${canary}`,
    `initial_password: >\n      a\n      ${canary}`,
    `initial_password: [${canary}]`,
    `initial_password: {${canary}: x}`,
    `initial_password: {x: [{y: ${canary}}]}`,
    `initial_password: 123456789 # ${canary}`,
    `initial_password: !${canary}`,
    `initial_password: *${canary}`,
    `initial_password: &${canary} ~`,
    `initial_password: "a\n      ${canary}", x: 1`,
    `{initial_password: "a\n      ${canary}", emial: 1}`,
    `initial_password: "${canary}\\0"`,
    `initial_password: ${canary}\n    initial_password: ${canary}`,
    `auth: {service: ldap, password: ${canary}, x: 1}`,
    `auth: {service: "https://ada:${canary}@example.com"}`,
  ])('%j', (line) => {
    const problems = problemsOf(withLine(line));

    expect(problems.length).toBeGreaterThan(0);
    expect(JSON.stringify(problems)).not.toContain(canary);
  });

  test('a number in its place is not shown either', () => {
    expect(problemsOf(withLine('initial_password: 12345678'))).toMatchObject([
      { code: 'wrong-type', excerpt: '    initial_password: ***', message: expect.not.stringContaining('1234') },
    ]);
  });

  test.each([
    `server: https://ada:${canary}@chat.example.com?x`,
    `server: ftp://ada:${canary}@chat.example.com`,
    `server: ada:${canary}@chat.example.com`,
    `server: [https://ada:${canary}@chat.example.com]`,
    `serverr: https://ada:${canary}@chat.example.com`,
    `server: https://ada:${canary}@chat.example.com, x: y`,
    `token: ${canary}`,
    `secrets: {sources: {a: {password: ${canary}}}}`,
    `secrets: {sinks: {a: {command: [x, --token=${canary}], dir: y}}}`,
  ])('%j of a config', (text) => {
    expect(JSON.stringify(problemsOf(text, validateConfigFile))).not.toContain(canary);
  });
});
