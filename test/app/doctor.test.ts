import files, { chmod, mkdir, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Check } from '../../src/app/check.ts';
import { doctor } from '../../src/app/doctor.ts';
import type { AppPorts } from '../../src/app/ports.ts';
import { takeLock } from '../../src/journal/lock.ts';
import { openRunText } from '../../src/report/run-text.ts';
import { cutAfter, stateFiles } from '../apply/support/cut-journal.ts';
import { crowd, openStage, type Stage, type StageOptions } from '../apply/support/stage.ts';

/** The sandbox tells the time by this machine's clock, as a server tells it by its own. */
function portsAt(stage: Stage, aheadMs: number): AppPorts {
  const { clock } = stage;
  return {
    ...stage.ports,
    clock: { now: () => clock.now() + aheadMs, sleep: (ms, signal) => clock.sleep(ms, signal) },
  };
}

async function checksOf(
  options: StageOptions,
  arrange?: (stage: Stage) => void,
  aheadMs = 0,
): Promise<readonly Check[]> {
  const stage = await openStage(options);
  arrange?.(stage);
  return doctor({}, portsAt(stage, aheadMs));
}

const found = (checks: readonly Check[], name: string): Check => {
  const check = checks.find((one) => one.name === name);
  if (check === undefined) throw new Error(`no check ${name}`);
  return check;
};

const refusal = (code: string): Error => Object.assign(new Error(code), { code });

const admins = crowd(2).map((username) => ({ username, roles: 'system_user system_admin' }));

interface State {
  readonly title: string;
  readonly check: string;
  readonly options: StageOptions;
  readonly arrange?: (stage: Stage) => void;
  readonly expected: { readonly status: Check['status']; readonly text: RegExp };
}

const states: readonly State[] = [
  {
    title: 'names version and licence',
    check: 'server',
    options: { licence: 'enterprise' },
    expected: { status: 'ok', text: /^Mattermost 11\.6\.0 at http:\/\/127\.0\.0\.1:\d+, licensed$/ },
  },
  {
    title: 'says that there is no licence',
    check: 'server',
    options: {},
    expected: { status: 'ok', text: /, without a licence$/ },
  },
  {
    title: 'shows the key by which plans know the server',
    check: 'server key',
    options: {},
    expected: { status: 'ok', text: /^[a-z0-9]{26}$/ },
  },
  {
    title: 'knows an administrator',
    check: 'caller',
    options: {},
    expected: { status: 'ok', text: /^sandbox-admin, a system administrator$/ },
  },
  {
    title: 'warns of a caller who sees a false world',
    check: 'caller',
    options: {},
    arrange: ({ sandbox }) =>
      sandbox.control.updateUser('sandbox-admin', { roles: 'system_user system_user_access_token' }),
    expected: { status: 'bad', text: /^sandbox-admin is no system administrator/ },
  },
  {
    title: 'counts and names who can administer',
    check: 'administrators',
    options: { users: admins, muster: { policy: { min_admins: 3 } } },
    expected: { status: 'ok', text: /^3 can sign in; policy\.min_admins is 3: p000, p001, sandbox-admin$/ },
  },
  {
    title: 'notes when they are too few',
    check: 'administrators',
    options: { muster: { policy: { min_admins: 2 } } },
    expected: { status: 'note', text: /^1 can sign in, and policy\.min_admins is 2/ },
  },
  {
    title: 'counts nobody who cannot sign in',
    check: 'administrators',
    options: {
      users: [
        ...admins,
        { username: 'ldap', roles: 'system_user system_admin', auth_service: 'ldap', auth_data: 'x' },
        { username: 'bot', is_bot: true, roles: 'system_user system_admin' },
        { username: 'gone', active: false, roles: 'system_user system_admin' },
      ],
      muster: { policy: { min_admins: 3 } },
    },
    expected: { status: 'ok', text: /^3 can sign in/ },
  },
  {
    title: 'lists services',
    check: 'sign-in',
    options: { licence: 'enterprise', config: { 'SamlSettings.Enable': true, 'LdapSettings.Enable': true } },
    expected: { status: 'ok', text: /^email, ldap, saml$/ },
  },
  {
    title: 'says when no service is on',
    check: 'sign-in',
    options: {
      config: { 'EmailSettings.EnableSignInWithEmail': false, 'EmailSettings.EnableSignInWithUsername': false },
    },
    expected: { status: 'ok', text: /^no service is switched on$/ },
  },
  { title: 'sees tokens on', check: 'access tokens', options: {}, expected: { status: 'ok', text: /^switched on$/ } },
  {
    title: 'says how long a token may live',
    check: 'access tokens',
    options: { version: '11.9.0', config: { 'ServiceSettings.MaximumPersonalAccessTokenLifetimeDays': 30 } },
    expected: { status: 'ok', text: /^switched on; a new one of a person must end within 30d$/ },
  },
  {
    title: 'sees tokens off',
    check: 'access tokens',
    options: { config: { 'ServiceSettings.EnableUserAccessTokens': false } },
    expected: { status: 'note', text: /^switched off/ },
  },
  {
    title: 'sees guests on',
    check: 'guests',
    options: { licence: 'enterprise', config: { 'GuestAccountsSettings.Enable': true } },
    expected: { status: 'ok', text: /^possible$/ },
  },
  {
    title: 'sees that guests need a licence',
    check: 'guests',
    options: { config: { 'GuestAccountsSettings.Enable': true } },
    expected: { status: 'note', text: /^not possible/ },
  },
  {
    title: 'sees that e-mails change at once',
    check: 'e-mail changes',
    options: {},
    expected: { status: 'ok', text: /^take effect at once$/ },
  },
  {
    title: 'sees that e-mails have to be verified',
    check: 'e-mail changes',
    options: { config: { 'EmailSettings.RequireEmailVerification': true } },
    expected: { status: 'note', text: /^only mail a link/ },
  },
  {
    title: 'sees that mail is sent',
    check: 'mail',
    options: {},
    expected: { status: 'ok', text: /^the server mails people/ },
  },
  {
    title: 'sees that none is sent',
    check: 'mail',
    options: { config: { 'EmailSettings.SendEmailNotifications': false } },
    expected: { status: 'ok', text: /^the server sends no notifications$/ },
  },
  {
    title: 'counts free seats',
    check: 'seats',
    options: { users: crowd(9).map((username) => ({ username })) },
    expected: { status: 'ok', text: /^10 of 250 taken, 240 free$/ },
  },
  {
    title: 'notes a full server',
    check: 'seats',
    options: {
      users: crowd(3).map((username) => ({ username })),
      licence: { users: 4, extraUsers: 0, enforceSeats: true },
    },
    expected: { status: 'note', text: /^4 of 4 taken, 0 free$/ },
  },
  {
    title: 'knows no limit of seats',
    check: 'seats',
    options: { licence: 'enterprise' },
    expected: { status: 'ok', text: /^1 active person, no limit$/ },
  },
  { title: 'sees no limiter', check: 'rate limit', options: {}, expected: { status: 'ok', text: /^none seen$/ } },
  {
    title: 'sees a limiter',
    check: 'rate limit',
    options: { config: { 'RateLimitSettings.Enable': true } },
    expected: { status: 'ok', text: /^bursts of 101, \d+ left right now/ },
  },
];

describe('the doctor', () => {
  test.each(states)('$check: $title', async ({ check, options, arrange, expected }) => {
    const { status, text, hint } = found(await checksOf(options, arrange), check);

    expect(status).toBe(expected.status);
    expect(text).toMatch(expected.text);
    expect(hint !== undefined).toBe(status !== 'ok');
  });

  test.each<[number, Check['status'], RegExp]>([
    [0, 'ok', /^agrees/],
    [55_000, 'ok', /^agrees/],
    [300_000, 'note', /^(299|300|301) s ahead of/],
    [-300_000, 'note', /^(299|300|301) s behind/],
  ])('compares the clocks: %i ms ahead', async (aheadMs, status, text) => {
    const check = found(await checksOf({}, undefined, aheadMs), 'clock');

    expect(check).toMatchObject({ status, text: expect.stringMatching(text) as string });
  });

  test('says that a token does not work instead of guessing', async () => {
    const stage = await openStage();

    const visit = doctor({}, { ...stage.ports, env: { ...stage.ports.env, MUSTER_TOKEN: 'nobodys' } });

    await expect(visit).rejects.toMatchObject({ code: 'API_UNAUTHORIZED' });
  });

  test('looks at everything once, in one order', async () => {
    const names = (await checksOf({})).map(({ name }) => name).filter((name) => !name.startsWith('policy.'));

    expect(names).toEqual([
      'server',
      'server key',
      'caller',
      'administrators',
      'sign-in',
      'access tokens',
      'guests',
      'e-mail changes',
      'mail',
      'seats',
      'accounts',
      'team rights',
      'rate limit',
      'clock',
      'config',
      'defaults',
      'server setting',
      'requests',
      'proxy',
      'files',
      'token',
      'secrets folder',
      'state directory',
    ]);
  });

  test('says which setting counts, what the files declare, where the token is, and that nothing ran yet', async () => {
    const stage = await openStage({ muster: { server: 'http://127.0.0.1:1' } });
    await stage.declare([{ username: 'ada', email: 'ada@example.com' }]);
    await stage.configure({ server: stage.sandbox.url });

    const checks = await doctor({}, portsAt(stage, 0));

    expect(found(checks, 'server setting').text).toMatch(/^http:.* \(MUSTER_SERVER; muster\.yaml:\d names it, too\)$/);
    expect(found(checks, 'files')).toMatchObject({
      status: 'ok',
      text: expect.stringMatching(/^1 declared in users\.yaml \(muster\.yaml:\d\)$/),
    });
    expect(found(checks, 'token').text).toBe('in MUSTER_TOKEN');
    expect(found(checks, 'state directory').text).toMatch(/is not there yet: made by the first apply$/);
  });

  test('says of every setting what says so: a flag, a variable, a line of the config, or nothing', async () => {
    const stage = await openStage();
    await stage.declare([{ username: 'ada' }]);
    const config = `version: 1
server: ${stage.sandbox.url}
files: [users.yaml]
policy:
  min_admins: 1
  protect: [root, boss]
  budgets:
    create: { cap: 7 }
secrets:
  sinks:
    vault: { command: [op, canary-in-a-wrong-place] }
    box: { dir: box }
`;
    await writeFile(join(stage.dir, 'own.yaml'), config);
    await chmod(join(stage.dir, 'users.yaml'), 0o666);
    const env = {
      ...stage.ports.env,
      MUSTER_SERVER: '',
      HTTP_PROXY: 'http://me:canary-password@proxy.example.com:3128',
    };
    const run = (options: Parameters<typeof doctor>[0]): ReturnType<typeof doctor> =>
      doctor(
        { config: 'own.yaml', rate: 500, stateDir: join(stage.dir, 'state'), ...options },
        { ...portsAt(stage, 0), env },
      );

    const checks = await run({});
    const all = await run({ defaults: true });

    const texts = Object.fromEntries(checks.map(({ name, text }) => [name, text]));
    expect(texts).toMatchObject({
      config: `${join(stage.dir, 'own.yaml')} (--config)`,
      'policy.min_admins': '1 (own.yaml:5)',
      'policy.protect': 'boss, root (own.yaml:6)',
      'policy.budgets.create.cap': '7 (own.yaml:8)',
      'secrets.sinks.vault.command': 'a command (own.yaml:11)',
      'server setting': `${stage.sandbox.url} (own.yaml:2)`,
      requests: '4 at a time (the default), 500 a second (--rate)',
      // Never for a server on this machine.
      proxy: 'none',
      'the sink box': expect.stringContaining('(own.yaml:12)'),
      'state directory': expect.stringContaining('(--state-dir)'),
    });
    expect(found(checks, 'files')).toMatchObject({
      status: 'note',
      text: '1 declared in users.yaml (own.yaml:3); every user of this machine may change some',
      hint: `chmod o-w ${join(stage.dir, 'users.yaml')}`,
    });
    expect(JSON.stringify(all)).not.toContain('canary');
    const byDefault = all.filter(({ text }) => text.endsWith('(the default)')).map(({ name }) => name);
    expect(texts['defaults']).toBe(`${byDefault.length} other settings: --verbose names them`);
    expect(byDefault).toEqual(expect.arrayContaining(['policy.invite', 'policy.budgets.deactivate.share']));
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  });

  test('notes files that cannot be loaded, and whatever others may read', async () => {
    const stage = await openStage();
    await mkdir(join(stage.dir, 'secrets'), { mode: 0o755 });
    await writeFile(join(stage.dir, 'secrets', 'ada~ci'), 'x', { mode: 0o644 });
    await writeFile(join(stage.dir, 'token'), stage.sandbox.adminToken, { mode: 0o640 });
    await stage.declare([{ username: 'ada', roles: [] }]);
    const { MUSTER_TOKEN: _, ...env } = stage.ports.env;

    const checks = await doctor({}, { ...portsAt(stage, 0), env: { ...env, MUSTER_TOKEN_FILE: 'token' } });

    const notes = checks.filter(({ status }) => status === 'note').map(({ name, text }) => `${name}: ${text}`);
    expect(notes.filter((text) => text.startsWith('files:'))).toHaveLength(1);
    expect(notes).toContain(`token: others may reach ${join(stage.dir, 'token')} (MUSTER_TOKEN_FILE, mode 0640)`);
    expect(notes).toContain(`secrets folder: others may reach ${join(stage.dir, 'secrets')} (the default, mode 0755)`);
    expect(notes).toContain('secrets folder: others may read secrets there: ada~ci');
  });

  test('notes entries that cannot be used', async () => {
    const stage = await openStage();
    await stage.declare([{ username: 'ada' }, { username: 'ben', email: 'no address' }]);

    const checks = await doctor({}, portsAt(stage, 0));

    expect(found(checks, 'files')).toMatchObject({
      status: 'note',
      text: expect.stringMatching(/^1 declared in users\.yaml \(.+\); 1 entry cannot be used$/),
      hint: 'muster validate shows every problem with its line',
    });
  });

  describe('where no run could keep its journal', () => {
    const { access, statfs } = files;
    afterEach(() => {
      Object.assign(files, { access, statfs });
      syncBuiltinESMExports();
    });

    test.each([
      [
        'the disk is read-only',
        { access: () => Promise.reject(refusal('EROFS')) },
        /; it cannot be written \(the disk may only be read, EROFS\)$/,
      ],
      [
        'the disk is full',
        { statfs: () => Promise.resolve({ blocks: 9, bavail: 5, bsize: 1024 }) },
        /; only 5 KiB are free there$/,
      ],
    ])('notes that %s', async (_, disk, text) => {
      const stage = await openStage();
      await stage.declare([{ username: 'ada' }]);
      const before = found(await doctor({}, portsAt(stage, 0)), 'state directory');
      Object.assign(files, disk);
      syncBuiltinESMExports();

      const checks = await doctor({}, portsAt(stage, 0));

      expect(before.status).toBe('ok');
      expect(found(checks, 'state directory')).toMatchObject({ status: 'note', text: expect.stringMatching(text) });
    });

    test('says nothing of a disk that does not tell', async () => {
      const stage = await openStage();
      Object.assign(files, { statfs: () => Promise.resolve({ blocks: 0, bavail: 0, bsize: 0 }) });
      syncBuiltinESMExports();

      expect(found(await doctor({}, portsAt(stage, 0)), 'state directory').status).toBe('ok');
    });
  });

  test('tells of the run that waits to be resumed, and of one that is under way', async () => {
    const stage = await openStage({ users: crowd(4).map((username) => ({ username })) });
    await stage.declare(crowd(4).map((username) => ({ username, nickname: 'x' })));
    await stage.apply({ concurrency: 1 });
    await cutAfter(stage, 'outcome', 2);
    const seen = async (): Promise<readonly [string, string]> => {
      const { status, text } = found(await doctor({}, portsAt(stage, 0)), 'runs');
      await stage.plan();
      const notice = stage.events.findLast((event) => event.type === 'open-run');
      return [`${status}: ${text}`, notice === undefined ? '' : openRunText(notice)];
    };
    const lock = await takeLock((await stateFiles(stage)).dir, stage.clock.now());

    const whileHeld = await seen();
    await lock.release();
    const afterwards = await seen();

    expect(whileHeld).toEqual([
      'ok: run 1 is under way (2 of 4)',
      'run 1 is under way (2 of 4): what it has not done yet shows as left',
    ]);
    expect(afterwards).toEqual([
      'note: run 1 was interrupted: 2 of 4 done, 2 left',
      'run 1 was interrupted: 2 of 4 actions done, 2 left; muster apply --resume resumes it',
    ]);
  });

  test('looks whether commands of sinks and sources are there, and have what they need, and runs none', async () => {
    const checks = await checksOf({
      muster: {
        secrets: {
          sinks: {
            files: { dir: 'ci' },
            there: { command: [process.execPath, '-e', 'process.exit(1)'] },
            gone: { command: ['/nowhere/program'] },
            bare: { command: [process.execPath], env: ['XDG_STATE_HOME', 'VAULT_ADDR', 'VAULT_TOKEN'] },
          },
          sources: {
            start: { env: 'MUSTER_SECRET_START' },
            hr: { command: [process.execPath], command_env: ['HR_TOKEN'] },
          },
        },
      },
    });

    expect(checks.slice(-4)).toEqual([
      { name: 'the sink there', status: 'ok', text: `${process.execPath} can be run here` },
      {
        name: 'the sink gone',
        status: 'note',
        text: 'the program /nowhere/program of the sink gone cannot be found',
        hint: 'install it, or correct the command in muster.yaml',
      },
      {
        name: 'the sink bare',
        status: 'note',
        text: 'the sink bare needs VAULT_ADDR, VAULT_TOKEN, which are not set',
        hint: 'set it in the environment of muster, or take it out of muster.yaml',
      },
      {
        name: 'the source hr',
        status: 'note',
        text: 'the source hr needs HR_TOKEN, which is not set',
        hint: 'set it in the environment of muster, or take it out of muster.yaml',
      },
    ]);
  });

  test('looks through the token of a bot, too', async () => {
    const stage = await openStage({ users: [{ username: 'robot', is_bot: true, roles: 'system_user system_admin' }] });
    const { secret } = stage.sandbox.control.createToken('robot', 'calls');

    const checks = await doctor({}, { ...portsAt(stage, 0), env: { ...stage.ports.env, MUSTER_TOKEN: secret } });

    expect(found(checks, 'caller')).toMatchObject({ status: 'ok', text: 'robot, a system administrator' });
  });
});
