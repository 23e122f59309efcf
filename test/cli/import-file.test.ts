/** People of a table, or of a bulk export, as a users file: without a server, and with nothing that the file does not say. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { startSandbox } from '../../src/sandbox/index.ts';
import { makeWorkplace, type Run, type Workplace } from '../support/run-muster.ts';

let place: Workplace;

beforeEach(async () => {
  place = await makeWorkplace({}, {});
});

async function fromCsv(content: string | Uint8Array, ...args: readonly string[]): Promise<Run> {
  await writeFile(join(place.dir, 'people.csv'), content);
  return await place.muster(['import', '--from-csv', 'people.csv', ...args]);
}

async function fromBulk(lines: readonly unknown[]): Promise<Run> {
  await writeFile(join(place.dir, 'export.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return await place.muster(['import', '--from-bulk', 'export.jsonl']);
}

const usersOf = ({ stdout }: Run): unknown => (parse(stdout) as { users: unknown }).users;
/** `people.csv:3:5 error`: where the problems stand. */
const placesOf = ({ stderr }: Run): readonly string[] => stderr.match(/^\S+:\d+:\d+(?= error)/gm) ?? [];

const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');
const ada = [{ username: 'ada', first_name: 'Zoë, "A"' }];

describe('a table', () => {
  test.each([
    ['commas', 'username,first_name\nada,"Zoë, ""A"""\n'],
    ['semicolons', 'username;first_name\r\nada;"Zoë, ""A"""\r\n'],
    ['tabs', 'username\tfirst_name\rada\t"Zoë, ""A"""'],
    ['a byte order mark', '\ufeffusername,first_name\n\nada,"Zoë, ""A"""\n'],
    ['the line of Excel that states its separator', 'sep=;\r\nusername;first_name\r\nada;"Zoë, ""A"""\r\n'],
    ['a stated separator that the first line has fewer of', 'sep=\t\nusername\tfirst_name\nada\t"Zoë, ""A"""\n'],
    ['UTF-16 and its mark', utf16('username;first_name\r\nada;"Zoë, ""A"""\r\n')],
    ['UTF-16 the other way round', utf16('username;first_name\r\nada;"Zoë, ""A"""\r\n').swap16()],
  ])('with %s is read', async (_, content) => {
    const run = await fromCsv(content);

    expect(usersOf(run)).toEqual(ada);
    expect(run.code).toBe(0);
  });

  test('in Latin-1 is refused with the place of the first byte that is no UTF-8, unless a flag says what it is', async () => {
    const latin1 = Buffer.from('username,first_name\nada,Ada\nzoe,Zoë\n', 'latin1');

    const refused = await fromCsv(latin1);
    const read = await fromCsv(latin1, '--encoding', 'latin1');

    expect([refused.code, placesOf(refused)]).toEqual([3, ['people.csv:3:7']]);
    expect(refused.stderr).toContain('the byte 0xeb');
    expect(usersOf(read)).toEqual([
      { username: 'ada', first_name: 'Ada' },
      { username: 'zoe', first_name: 'Zoë' },
    ]);
  });

  test('as Excel saves it keeps dashes, quotes and the euro sign, whatever Node makes of them', async () => {
    // As bytes of Windows-1252: – “ ” € ž ë
    const bytes = Buffer.from('username;nickname\r\nada;\u0096 \u0093x\u0094 \u0080 \u009e \u00eb\r\n', 'latin1');

    for (const encoding of ['windows-1252', 'latin1'])
      expect(usersOf(await fromCsv(bytes, '--encoding', encoding))).toEqual([
        { username: 'ada', nickname: '– “x” € ž ë' },
      ]);
    expect((await fromCsv(bytes)).stderr).toContain('(Excel: windows-1252)');
  });

  test.each([0x81, 0x8d, 0x8f, 0x90, 0x9d])(
    'with the byte %i, which Windows-1252 does not have, is refused at its place',
    async (byte) => {
      const bytes = Buffer.concat([Buffer.from('username\nzo'), Buffer.of(0xeb, byte)]);
      const run = await fromCsv(bytes, '--encoding', 'windows-1252');

      expect([run.code, placesOf(run)]).toEqual([3, ['people.csv:2:4']]);
      expect(run.stderr).toContain(`the byte 0x${byte.toString(16)} stands where no WINDOWS-1252 can`);
    },
  );

  test.each([
    [
      'in another language',
      'Benutzername;E-Mail;Vorname',
      ['Benutzername=username', 'E-Mail=email', 'Vorname=first_name'],
    ],
    ['with blanks', 'User Name,Mail', ['User Name=username', 'Mail=email']],
    ['of one field twice', 'Login,UID', ['Login=username']],
  ])('whose columns have names %s is refused with the flags that map them', async (_, header, maps) => {
    const flags = maps.map((one) => `--map ${one.includes(' ') ? `"${one}"` : one}`).join(' ');
    const refused = await fromCsv(`${header}\n`);
    const read = await fromCsv(
      `${header}\n${header.replaceAll(/[^,;]+/g, 'ada')}\n`,
      ...maps.flatMap((one) => ['--map', one]),
    );

    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain(`→ say which one it is, perhaps ${flags}\n`);
    expect(read.stderr).not.toContain('no column');
  });

  test('without a line that names columns shows nothing of the person in it', async () => {
    const run = await fromCsv('ada,hunter22,ada@example.com\n');

    expect(run.code).toBe(3);
    expect(run.stderr).toContain('the first line names the columns');
    expect(run.stderr).not.toMatch(/hunter22|ada@/);
  });

  test('without a line is empty, and one that is not there has no place', async () => {
    expect((await fromCsv('')).stderr).toMatch(/^people\.csv:1:1 error the file is empty\n/);
    expect((await fromCsv('', '--format', 'json')).stdout).toContain('"code": "csv-empty"');
    expect((await place.muster(['import', '--from-csv', 'none.csv'])).stderr).toMatch(
      /^error cannot read none\.csv: no such file or folder, ENOENT\n/,
    );
  });

  test('says of a column that it leaves out which field it may be, unless another column is it', async () => {
    const { stderr } = await fromCsv('username,First Name,Mail,email,Desk\nada,Ada,x,a@example.com,3\n');

    expect(stderr).toContain('left out: the column First Name; if it is first_name: --map "First Name=first_name"\n');
    expect(stderr).toContain('left out: the column Mail\n');
    expect(stderr).toContain('left out: the column Desk\n');
  });

  test('has its columns mapped, leaves out the others by name, and never a secret behind', async () => {
    const run = await fromCsv(
      'Login,E-Mail,Roles,Active,Service,Id,Password,Desk,position\nada,ada@example.com,system_user system_admin,no,saml,a1,hunter2,3,\n',
      ...['Login=username', 'E-Mail=email', 'Service=auth.service', 'Id=auth.data', 'Desk=props.desk'].flatMap(
        (one) => ['--map', one],
      ),
    );

    // An empty cell is not managed.
    expect(usersOf(run)).toEqual([
      {
        username: 'ada',
        email: 'ada@example.com',
        roles: ['system_user', 'system_admin'],
        active: false,
        auth: { service: 'saml', data: 'a1' },
        props: { desk: '3' },
      },
    ]);
    expect(run.stderr).toContain('left out: the column Password (a secret has no place in a users file)');
    expect(run.stdout + run.stderr).not.toContain('hunter2');
  });

  test('keeps what looks like a formula as a text', async () => {
    const run = await fromCsv('username,first_name,nickname\nada,"=HYPERLINK(""http://x"")",@SUM(1+1)\n');

    expect(usersOf(run)).toEqual([{ username: 'ada', first_name: '=HYPERLINK("http://x")', nickname: '@SUM(1+1)' }]);
  });

  test('has all of its problems shown at once, each with line and column, and never a line of the file', async () => {
    const run = await fromCsv(
      'username,email,active,pwd\nada,a..b@example.com,true,hunter2\n=bad,x@example.com,maybe,hunter2\nada,y@example.com,,hunter2\nzoe,z@example.com,hunter2\n,q@example.com,,\neve,"e@example.com,,hunter2\n',
    );

    expect(run.code).toBe(3);
    expect(placesOf(run)).toEqual([
      'people.csv:2:5',
      'people.csv:3:1',
      'people.csv:3:20',
      'people.csv:4:1',
      'people.csv:5:1',
      'people.csv:6:1',
      'people.csv:7:5',
    ]);
    expect(run.stderr).not.toContain('hunter2');
    expect(run.stdout).toBe('');
  });

  test.each([
    ['a column that is not there', ['--map', 'Mail=email'], 'Mail'],
    ['a field that is none', ['--map', 'login=usernme'], 'did you mean username?'],
    ['a secret', ['--map', 'login=username', '--map', 'password=nickname'], 'looks like a secret'],
    ['one field twice', ['--map', 'login=username', '--map', 'first=username'], 'two columns are username'],
    ['no username', [], '--map login=username'],
  ])('whose --map names %s is refused', async (_, args, text) => {
    const run = await fromCsv('login,first,password\nada,Ada,x\n', ...args);

    expect(run.code).toBe(3);
    expect(run.stderr).toContain(text);
  });

  test('plans what its cells say, and nothing else', async () => {
    const sandbox = await startSandbox({
      seed: { users: [{ username: 'ada', first_name: 'Ada', nickname: 'Countess' }] },
    });
    await fromCsv('username,first_name,nickname\nada,Augusta,\n', '--out', 'users.yaml');
    const server = { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken };

    const { stdout } = await place.muster(['plan', '--format', 'json'], { env: server });

    await sandbox.close();
    const { actions } = JSON.parse(stdout) as { actions: readonly { changes: readonly { attribute: string }[] }[] };
    expect(actions.flatMap(({ changes }) => changes.map(({ attribute }) => attribute))).toEqual(['first_name']);
  });
});

const version = { type: 'version', version: 1, info: { generator: 'mattermost-server' } };
const exported = {
  username: 'ada',
  email: 'ada@example.com',
  auth_service: 'saml',
  auth_data: 'ada@idp',
  nickname: '',
  first_name: 'Ada',
  position: null,
  roles: 'system_user system_admin',
  locale: 'en',
  delete_at: 0,
  teams: [{ name: 'eng', roles: 'team_user' }],
  notify_props: { desktop: 'mention', mobile: 'all', mention_keys: '', toString: 'x' },
};

describe('a bulk export', () => {
  test('comes along with what users files have, and says what it leaves out', async () => {
    const run = await fromBulk([
      version,
      { type: 'team', team: { name: 'eng' } },
      { type: 'user', user: exported },
      {
        type: 'user',
        user: {
          username: 'bob',
          email: 'bob@example.com',
          auth_service: '',
          password: 'hunter2',
          delete_at: 1_700_000_000_000,
        },
      },
      { type: 'bot', bot: { username: 'helpbot' } },
    ]);

    expect(usersOf(run)).toEqual([
      {
        username: 'ada',
        email: 'ada@example.com',
        first_name: 'Ada',
        locale: 'en',
        roles: ['system_user', 'system_admin'],
        active: true,
        auth: { service: 'saml', data: 'ada@idp' },
        notify_props: { desktop: 'mention', push: 'all', toString: 'x' },
      },
      { username: 'bob', email: 'bob@example.com', active: false, auth: { service: 'email' } },
    ]);
    expect(run.stderr).toContain('left out: password (1): secrets never stand in a users file');
    expect(run.stderr).toContain('left out: lines of type bot (1)');
    expect(run.stdout + run.stderr).not.toContain('hunter2');
  });

  test('has all of its problems shown at once, each with line and column, and never a line of the file', async () => {
    const run = await fromBulk([
      version,
      { type: 'user', user: { ...exported, auth_service: 'okta', password: 'hunter2' } },
      { type: 'user', user: { username: 'bob', email: 'a..b@example.com', password: 'hunter2' } },
      'hunter2',
      { type: 'user' },
      { type: 'user', user: { email: 'x@example.com' } },
      { type: 'user', user: { username: 'eve', roles: 7 } },
    ]);

    expect(run.code).toBe(3);
    expect(placesOf(run).map((at) => at.replace('export.jsonl:', ''))).toEqual([
      '2:67',
      '3:41',
      '4:1',
      '5:1',
      '6:1',
      '7:41',
    ]);
    expect(run.stderr).not.toContain('hunter2');
  });

  test.each([
    ['no version', [{ type: 'user', user: exported }]],
    ['another version', [{ ...version, version: 2 }]],
    ['nothing', []],
  ])('with %s is none', async (_, lines) => {
    const run = await fromBulk(lines);

    expect([run.code, placesOf(run)]).toEqual([3, ['export.jsonl:1:1']]);
  });
});

test.each([
  ['two files', ['--from-csv', 'a', '--from-bulk', 'b']],
  ['a file and an account', ['--from-bulk', 'b', '--user', 'ada']],
  ['a map without a table', ['--map', 'a=email']],
])('%s are refused together', async (_, args) => {
  expect((await place.muster(['import', ...args])).code).toBe(3);
});
