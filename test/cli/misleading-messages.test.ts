/**
 * Mistakes that people make, each with what muster must say to it, and what it must not say: the advice must not lead
 * to the next error.
 */
import { Buffer } from 'node:buffer';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { count } from '../../src/model/count.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { useFastTime } from '../support/fast-time.ts';
import { makeWorkplace, type Run, type Workplace } from '../support/run-muster.ts';

useFastTime();

let sandbox: Sandbox;
let place: Workplace;

beforeAll(async () => {
  sandbox = await startSandbox({
    seed: {
      users: [
        { username: 'anna.abel', email: 'anna.abel@example.com' },
        { username: 'ben', email: 'ben@example.com' },
        { username: 'gone', email: 'gone@example.com', active: false },
        { username: 'sam', email: 'sam@example.com', auth_service: 'saml', auth_data: 'Sam@idp' },
        { username: 'tabby', email: 'tabby@example.com', first_name: 'a\tb' },
      ],
    },
    config: { 'SamlSettings.Enable': true },
  });
  place = await makeWorkplace({}, { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken });
});

afterAll(async () => {
  await sandbox.close();
});

/** @param text - of a users file; bytes where it is no UTF-8 */
async function answerTo(command: readonly string[], text: string | Buffer): Promise<string> {
  await writeFile(join(place.dir, 'users.yaml'), text);
  return all(await place.muster([...command, '-f', 'users.yaml']));
}

const all = ({ stdout, stderr }: Run): string => `${stdout}\n${stderr}`;

const usersFile = (entries: string): string => `version: 1\nusers:\n${entries}`;
const anna = (lines: string): string => usersFile(`  - username: anna\n${lines}`);

interface Row {
  readonly of: string;
  readonly text: string | Buffer;
  readonly says: readonly RegExp[];
  readonly saysNot?: RegExp;
}

describe('a users file with a mistake gets advice that is not refused next:', () => {
  test.each<Row>([
    {
      of: 'auth as one word gets the map, and nothing about e-mail login',
      text: anna('    auth: saml\n'),
      says: [/users\[1\]\.auth \(anna\) is the text "saml", expected a map/, /write \{ service: saml \}/],
      saysNot: /e-mail login/,
    },
    {
      of: 'a life without its unit is not put into quotes',
      text: anna('    tokens:\n      - name: ci\n        expires_in: 90\n'),
      says: [/expires_in \(anna\) is the number 90/, /write a number and m, h or d, such as 12h or 90d/],
      saysNot: /"90"/,
    },
    {
      of: 'users with nothing below it is told to have its content there',
      text: 'version: 1\nusers:\n',
      says: [/users\.yaml:2:1 .*no value here/, /write its content on the lines below, indented by spaces/],
      saysNot: /""|delete the line/,
    },
    {
      of: 'users indented by no-break spaces names them',
      text: 'version: 1\nusers:\n\u00a0\u00a0- username: anna\n',
      says: [/users\.yaml:3:1 .*a no-break space \(U\+00A0\) stands where YAML needs a space/],
      saysNot: /known fields|""/,
    },
    {
      of: 'state: absent is active: false',
      text: anna('    state: absent\n'),
      says: [/unknown field state in users\[1\] \(anna\)/, /write active: false/],
      saysNot: /starts/,
    },
    {
      of: 'a wrong format hides neither a reserved name nor a date that does not exist',
      text: usersFile('  - { username: all, emial: x, ends: 2027-02-30 }\n  - { username: ben, nickname: 5 }\n'),
      says: [
        /the server keeps the username all/,
        /ends \(all\) is the text "2027-02-30", expected a date/,
        /emial/,
        /nickname/,
      ],
    },
    {
      of: 'the markers of a merge conflict are named',
      text: usersFile('<<<<<<< HEAD\n  - username: anna\n=======\n  - username: ben\n>>>>>>> other\n'),
      says: [/users\.yaml:3:1 .*the markers of a merge conflict/, /resolve the conflict/],
      saysNot: /not valid YAML/,
    },
    {
      of: 'UTF-16 is named',
      text: Buffer.from('\ufeffversion: 1\nusers: []\n', 'utf16le'),
      says: [/it is UTF-16 text, expected UTF-8/],
    },
    {
      of: 'UTF-16 without its mark is named',
      text: Buffer.from('version: 1\nusers: []\n', 'utf16le').swap16(),
      says: [/it is UTF-16 text, expected UTF-8/],
    },
    {
      of: 'Latin-1 is told with the line of the first bad byte',
      text: Buffer.from(anna('    last_name: Müller\n    # Müller\n'), 'latin1'),
      says: [/users\.yaml:4:17 .*the byte 0xfc stands where no UTF-8 can/, /iconv -f LATIN1/],
    },
    {
      of: 'a CSV file is named, and not quoted',
      text: 'username;email;password\nanna;anna@example.com;hunter2\n',
      says: [/the file is a table \(CSV\), expected YAML/, /muster import --from-csv/],
      saysNot: /hunter2/,
    },
    {
      of: 'JSON lines are named, and not quoted',
      text: '{"type":"version","version":1}\n{"type":"user","user":{"username":"anna","password":"hunter2"}}\n',
      says: [/the file holds JSON lines/, /muster import --from-bulk/],
      saysNot: /hunter2|not valid YAML/,
    },
    {
      of: 'a no-break space can be told from a space in the message and in the line',
      text: anna('    locale: "e\u00a0n"\n'),
      says: [/the text "e\\u00a0n"/, /locale: "e␣n"/],
      saysNot: /\u00a0/,
    },
    {
      of: 'a no-break space after a colon is named at its place',
      text: anna('    first_name:\u00a0Anna\n    nickname: x\n'),
      says: [/users\.yaml:4:16 .*a no-break space \(U\+00A0\)/],
      saysNot: /not valid YAML/,
    },
    {
      of: 'a wrong field names the person',
      text: usersFile('  - username: anna\n  - username: ben\n    nikname: x\n'),
      says: [/unknown field nikname in users\[2\] \(ben\)/],
    },
    {
      of: 'roles in one text become a list',
      text: anna('    roles: system_user system_admin\n'),
      says: [
        /roles \(anna\) is the text "system_user system_admin", expected a list/,
        /write \[system_user, system_admin\]/,
      ],
    },
    {
      of: 'a surname that YAML reads as null is told how to stay a word',
      text: anna('    last_name: Null\n'),
      says: [/users\.yaml:4:16 /, /for the word itself write "Null" in quotes/],
    },
    {
      of: 'a mistyped role is recognised',
      text: anna('    roles: [sytem_user]\n'),
      says: [/the role sytem_user is not a system role/, /did you mean system_user\?/],
      saysNot: /teams and channels/,
    },
  ])('$of', async ({ text, says, saysNot }) => {
    const answer = await answerTo(['validate'], text);

    for (const one of says) expect(answer).toMatch(one);
    if (saysNot !== undefined) expect(answer).not.toMatch(saysNot);
  });

  test.each([
    ['auth_service: ldap', 'auth: { service: …, data: … }'],
    ['auth_data: x', 'auth: { service: …, data: … }'],
    ['enabled: true', 'active: true'],
    ['enabled: false', 'active: false'],
    ['disabled: true', 'active: false'],
    ['delete_at: 0', 'active: true'],
    ['delete_at: 1712345678901', 'active: false'],
    ['firstName: Anna', 'first_name: …'],
    ['surname: Abel', 'last_name: …'],
    ['mail: anna@example.com', 'email: …'],
    ['lang: de', 'locale: …'],
    ['title: Engineer', 'position: …'],
    ['is_admin: true', 'roles: [system_user, …]'],
  ])("(l) another tool's field %s is told as %s", async (line, instead) => {
    const answer = await answerTo(['validate'], anna(`    ${line}\n`));

    expect(answer).toContain(`→ write ${instead}`);
    expect(answer).not.toContain('known fields');
  });
});

describe('a pattern of files', () => {
  test('without a match has its place in muster.yaml, and says which files are there', async () => {
    const other = await makeWorkplace({
      'muster.yaml': 'version: 1\nfiles:\n  - "users/*.yaml"\n',
      'users/staff.yml': anna(''),
    });

    const { code, stderr } = await other.muster(['validate']);

    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/muster\.yaml:3:6 error no file matches users\/\*\.yaml/),
    ]);
    expect(stderr).toContain('write users/*.yml');
  });

  test('may have braces, of which one alternative is enough', async () => {
    const other = await makeWorkplace({ 'users/staff.yml': anna('') });

    const found = await other.muster(['validate', '-f', 'users/*.{yaml,yml}']);
    const none = await other.muster(['validate', '-f', 'users/*.{json,yaml}']);
    const named = await other.muster(['validate', '-f', 'users/{staff,guests}.yml']);
    const brackets = await other.muster(['validate', '-f', 'users/[a-z]*.yml']);

    expect([found.code, found.stdout]).toEqual([0, 'valid: 1 person in 1 file\n']);
    expect([none.code, none.stderr]).toEqual([3, expect.stringContaining('no file matches users/*.{json,yaml}')]);
    expect([named.code, named.stderr]).toEqual([3, expect.stringContaining('there is no file users/guests.yml')]);
    expect(brackets.stderr).toContain('muster knows *, ?, ** and {a,b}');
  });
});

describe('who is meant', () => {
  test('an e-mail that one declared person hands over to another names the way, and the way works', async () => {
    const entries = (id: string): string =>
      usersFile(
        `  - { username: anna.abel, email: anna.new@example.com }\n  - { username: ben, email: anna.abel@example.com${id} }\n`,
      );

    const answer = await answerTo(['plan'], entries(''));
    const [, id = ''] = /write id: (\w{26}) for ben/.exec(answer) ?? [];
    const next = await answerTo(['plan'], entries(`, id: ${id}`));

    expect(answer).toContain('if anna.abel hands the e-mail over to ben');
    expect(next).toMatch(/Plan: 2 e-?mail/);
    expect(next).not.toContain('Unusable');
  });

  test('an e-mail that a declared person keeps is given to no one else', async () => {
    const answer = await answerTo(
      ['plan'],
      usersFile('  - { username: anna.abel }\n  - { username: ben, email: anna.abel@example.com }\n'),
    );

    expect(answer).toContain('anna.abel@example.com belongs to anna.abel, who is declared too');
  });

  test('an inactive holder of an e-mail is called so, with the way to free it, and the way works', async () => {
    const ben = (id: string): string => `  - { username: ben, email: gone@example.com${id} }\n`;

    const answer = await answerTo(['plan'], usersFile(ben('')));
    const [, id = ''] = /write id: (\w{26}) for ben/.exec(answer) ?? [];
    const blocked = await answerTo(['plan'], usersFile(ben(`, id: ${id}`)));
    const freed = await answerTo(
      ['plan'],
      usersFile(
        `${ben(`, id: ${id}`)}  - { username: gone, email: gone.left@example.com, adopt: true, active: false }\n`,
      ),
    );

    expect(answer).toContain('gone is inactive and keeps its e-mail');
    expect(blocked).toContain('an inactive account keeps its names: declare that account with another e-mail');
    expect(freed).not.toMatch(/Blocked|Unusable/);
  });

  test('an inactive holder of a name is told how to free it', async () => {
    const answer = await answerTo(['plan'], usersFile('  - { username: gone, email: another@example.com }\n'));

    expect(answer).toContain('gone is taken by an inactive account with the e-mail gone@example.com');
    expect(answer).toContain('or declare that account by its id under another username');
  });

  test('auth data that differs only in case is noticed', async () => {
    const answer = await answerTo(
      ['plan'],
      usersFile('  - { username: sam, email: sam@example.com, auth: { service: saml, data: sam@idp } }\n'),
    );

    expect(answer).toContain("the auth data sam@idp differs from the account's Sam@idp only in case");
  });

  test('explain of a part of a name suggests the whole', async () => {
    const answer = await answerTo(['explain', 'anna'], usersFile('  - username: anna.abel\n'));

    expect(answer).toContain('did you mean anna.abel?');
  });
});

test('an import writes a tab as a code', async () => {
  const { stdout } = await place.muster(['import', '--user', 'tabby']);

  expect(stdout).toContain('first_name: "a\\tb"');
  expect(stdout).not.toContain('\t');
});

describe('the server and the token', () => {
  test.each([
    ['a server that is not there is named', { MUSTER_SERVER: 'http://127.0.0.1:9' }, /ECONNREFUSED \(127\.0\.0\.1:9\)/],
    ['no URL is told without the name of a function', { MUSTER_SERVER: 'no url' }, /error server URL: expected a URL/],
    ['a host alone is told as a URL', { MUSTER_SERVER: 'mm.example.com' }, /write https:\/\/mm\.example\.com/],
    [
      'the link of a channel is told as the server that it is on',
      { MUSTER_SERVER: 'https://chat.example.com/mm/team/channels/town-square' },
      /a link to a page of the server\n.*write https:\/\/chat\.example\.com\/mm\n/,
    ],
    ['a token in quotes is told so', { MUSTER_TOKEN: '"abcdefghijklmnopqrstuvwxyz"' }, /MUSTER_TOKEN stands in quotes/],
  ])('%s', async (_what, env, said) => {
    await place.write({ 'users.yaml': anna('') });

    const { stderr } = await place.muster(['plan', '-f', 'users.yaml'], { env });

    expect(stderr).toMatch(said);
    expect(stderr).not.toMatch(/createClient|abcdefghij/);
  });

  test('a server below another path is not taken for a thing that went away', async () => {
    const { stderr } = await place.muster(['plan', '-f', 'users.yaml'], {
      env: { MUSTER_SERVER: `${sandbox.url}/mm` },
    });

    expect(stderr).toContain('check the server URL');
    expect(stderr).not.toContain('run muster plan again');
  });
});

describe('the command line', () => {
  test.each([
    ['a users file without its flag', ['plan', 'users.yaml'], /did you mean muster plan -f users\.yaml\?/],
    [
      'a users file in place of a plan',
      ['apply', 'users.yaml'],
      /users\.yaml is YAML, expected a plan file\n.*muster apply -f users\.yaml/,
    ],
    ['a plan file that is not there', ['apply', 'nofile.json'], /nofile\.json cannot be read/],
    ['a plan of an undo that is not there', ['undo', '--plan', 'nofile.json'], /nofile\.json cannot be read/],
  ])('%s is told before there is a question', async (_what, args, said) => {
    await place.write({ 'users.yaml': anna('') });

    const { code, stderr } = await place.muster(args);

    expect([code, stderr]).toEqual([expect.any(Number), expect.stringMatching(said)]);
    expect(code).not.toBe(0);
    expect(stderr).not.toContain('no terminal');
  });
});

describe('in the source', () => {
  const sources = new Map(
    readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.includes('generated'))
      .map((file) => [file, readFileSync(join('src', file), 'utf8')]),
  );
  const linesThat = (isWrong: RegExp): readonly string[] =>
    [...sources].flatMap(([file, text]) =>
      text
        .split('\n')
        .filter((line) => !/^\s*(?:\*|\/\/|\/\*)/.test(line) && isWrong.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );

  test('no text begins with the name of a function', () => {
    const functions = [...sources.values()].flatMap((text) =>
      [...text.matchAll(/export (?:async )?function (\w+[A-Z]\w+)/g)].map(([, name = '']) => name),
    );

    expect(functions.length).toBeGreaterThan(300);
    expect(linesThat(new RegExp(`['"\`](?:${functions.join('|')}):`))).toEqual([]);
  });

  test('a counted thing takes its form from count', () => {
    const things =
      'account|action|change|problem|entry|token|user|finding|administrator|session|day|row|cell|column|page|person|request';
    const many = things.split('|').map((thing) => ({ entry: 'entries', person: 'people' })[thing] ?? `${thing}s`);

    expect(
      linesThat(
        new RegExp(`(?<!count\\([^}]*)\\} (?:(?:active|live|more|other|usable) )?(?:${many.join('|')})\\b[^']*\``),
      ),
    ).toEqual([]);
  });

  test.each([
    [0, '0 accounts were'],
    [1, '1 account was'],
    [2, '2 accounts were'],
  ])('%i is counted as %s', (number, text) => {
    expect(count(number, 'account was', 'accounts were')).toBe(text);
  });
});
