import { describe, expect, test } from 'vitest';
import { configSchema } from '../../src/model/generated/config-file-schema.ts';
import { usersSchema } from '../../src/model/generated/users-file-schema.ts';
import type { Problem } from '../../src/model/problem.ts';
import { checkSchema } from '../../src/source/check-schema.ts';
import { readYaml } from '../../src/source/read-yaml.ts';
import { placesOf } from './support.ts';

function problemsOf(text: string, schema: Readonly<Record<string, unknown>> = usersSchema): readonly Problem[] {
  const { document, problems } = readYaml('f.yaml', text);
  return document === undefined ? problems : [...problems, ...checkSchema(document, schema)];
}

const withUser = (...lines: readonly string[]): string =>
  `version: 1\nusers:\n  - username: ada\n${lines.map((line) => `    ${line}\n`).join('')}`;

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

describe('says what is wrong and what to write instead:', () => {
  test.each<[string, string, string, string, string | undefined]>([
    ['username: 007', 'wrong-type 4:11', 'users[2].username is the number 007, expected a text', 'write it in quotes: "007"', '  - username: 007'],
    ['username: 1e3', 'wrong-type 4:11', 'users[2].username is the number 1e3, expected a text', 'write it in quotes: "1e3"', undefined],
    ['username: 12345678901234567890', 'wrong-type 4:11', 'users[2].username is the number 12345678901234567890, expected a text', 'write it in quotes: "12345678901234567890"', undefined],
    ['username: true', 'wrong-type 4:11', 'users[2].username is the value true, expected a text', 'write it in quotes: "true"', undefined],
    ['username: [ada]', 'wrong-type 4:11', 'users[2].username is a list, expected a text', undefined as unknown as string, undefined],
    ['username: {a: b}', 'wrong-type 4:11', 'users[2].username is a map, expected a text', undefined as unknown as string, undefined],
    ['username: ada lovelace', 'wrong-value 4:11', 'users[2].username is the text "ada lovelace", expected 1 to 64 letters, digits, dots, dashes or underscores', undefined as unknown as string, undefined],
  ])('%s', (line, place, message, hint, excerpt) => {
    const problems = problemsOf(`version: 1\nusers:\n- username: ok\n- ${line}`.replace('\n- username: ok\n- ', '\n  - username: ok\n  - ').replace('  - ', '  - '));

    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ message, ...(hint !== undefined && { hint }) });
    if (excerpt !== undefined) expect(problems[0]?.excerpt).toBe(excerpt);
    expect(placesOf(problems)[0]?.split(' ')[0]).toBe(place.split(' ')[0]);
  });
});
