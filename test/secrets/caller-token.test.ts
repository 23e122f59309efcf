import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { revealSecret } from '../../src/model/reveal-secret.ts';
import { type Credential, type NamedServer, readCredential } from '../../src/secrets/caller-token.ts';
import { emptyFolder, everythingOf, rejection } from './support.ts';

const canary = 'canary26lettersanddigitsxx';
const chat = 'https://chat.example.com';
const evil = 'https://evil.example.net';
const isRoot = process.getuid?.() === 0;

const named = (value: string, from: NamedServer['from'] = 'config'): NamedServer => ({ value, from });

/** The credential for a server that muster.yaml names. */
const read = (env: NodeJS.ProcessEnv, folder = '/', url = chat): Promise<Credential> =>
  readCredential([named(url)], env, folder);

const tokenOf = async (env: NodeJS.ProcessEnv, folder = '/'): Promise<string> =>
  revealSecret((await read(env, folder)).token);

/** A folder with a token file, and what is bound to it. */
async function folderWith(content: string = canary, pin?: string, mode = 0o600): Promise<string> {
  const folder = await emptyFolder();
  await writeFile(join(folder, 'token'), content);
  await chmod(join(folder, 'token'), mode);
  if (pin !== undefined) await writeFile(join(folder, 'token.server'), pin);
  return folder;
}

const inFile: NodeJS.ProcessEnv = { MUSTER_TOKEN_FILE: 'token' };

describe('the token of the caller comes', () => {
  test('from MUSTER_TOKEN first', async () => {
    const credential = await read({ MUSTER_TOKEN: canary, MUSTER_TOKEN_FILE: '/nowhere' });

    expect([credential.url, revealSecret(credential.token)]).toEqual([chat, canary]);
    expect(`${String(credential.token)} ${JSON.stringify(credential)} ${everythingOf(credential)}`).not.toContain(
      canary,
    );
  });

  test.each(['', '\n', '\r\n', ' \n'])('from a file, with %j behind it', async (end) => {
    const folder = await folderWith(`${canary}${end}`);

    expect(await tokenOf({ MUSTER_TOKEN: '', MUSTER_TOKEN_FILE: 'token' }, folder)).toBe(canary);
    expect(await tokenOf({ MUSTER_TOKEN_FILE: join(folder, 'token') })).toBe(canary);
  });
});

describe('there is no token', () => {
  test.each([{}, { MUSTER_TOKEN: '' }, { MUSTER_TOKEN: '', MUSTER_TOKEN_FILE: '' }])(
    'where the environment is %j',
    async (env) => {
      expect(await rejection(read(env))).toMatchObject({
        code: 'CALLER_TOKEN',
        blame: 'user',
        hint: expect.stringContaining('MUSTER_TOKEN'),
      });
    },
  );

  test.each([
    ['two words', `${canary} x`],
    ['two lines', `${canary}\nx`],
    ['a letter outside ASCII', `${canary}é`],
    ['a control character', `${canary}\0`],
    ['blanks alone', ' \n '],
    ['too much', canary.repeat(5)],
    ['far too much', canary.repeat(200)],
  ])('where there are %s, and nothing of them is shown', async (_, text) => {
    const folder = await folderWith(text);

    const errors = [await rejection(read({ MUSTER_TOKEN: text }, folder)), await rejection(read(inFile, folder))];

    for (const error of errors) expect(error).toMatchObject({ code: 'CALLER_TOKEN' });
    expect(errors.map(everythingOf).join()).not.toContain(canary);
  });

  test('where the file is missing', async () => {
    const folder = await emptyFolder();

    expect(await rejection(read(inFile, folder))).toMatchObject({
      code: 'CALLER_TOKEN',
      message: `cannot read the token file ${join(folder, 'token')}: no such file or folder, ENOENT`,
      hint: 'check MUSTER_TOKEN_FILE',
    });
  });
});

describe('a token file', () => {
  test.each([0o600, 0o400, 0o440, 0o640, 0o700, 0o610])('of the mode %o is fine', async (mode) => {
    expect(await tokenOf(inFile, await folderWith(canary, undefined, mode))).toBe(canary);
  });

  test.each([
    ['read', 0o604],
    ['read', 0o644],
    ['read', 0o444],
    ['write', 0o620],
    ['write', 0o660],
    ['write', 0o602],
    ['write', 0o666],
    ['write', 0o777],
  ])('that others may %s (mode %o) is refused, and the message says what to do', async (what, mode) => {
    const folder = await folderWith(canary, undefined, mode);
    const path = join(folder, 'token');

    const error = await rejection(read(inFile, folder));

    expect(error).toMatchObject({
      code: 'CALLER_TOKEN',
      message: `others may ${what} ${path} (mode 0${mode.toString(8)})`,
      hint: `chmod 600 ${path}; for a secret of Kubernetes: defaultMode: 0440`,
    });
    expect(everythingOf(error)).not.toContain(canary);
  });

  test.runIf(isRoot)('of another user is refused', async () => {
    const folder = await folderWith();
    await chown(join(folder, 'token'), 12_345, 12_345);

    expect(await rejection(read(inFile, folder))).toMatchObject({
      message: `${join(folder, 'token')} belongs to another user`,
    });
  });

  test.runIf(isRoot)(
    'of the runner is fine in the container of a job, where the settings say which server',
    async () => {
      const folder = await folderWith();
      await chown(join(folder, 'token'), 12_345, 12_345);
      const inJob = { ...inFile, CI: 'true' };

      await expect(read({ ...inJob, MUSTER_SERVER: chat }, folder)).resolves.toMatchObject({ url: chat });
      await writeFile(join(folder, 'token.server'), chat, { mode: 0o440 });
      await chown(join(folder, 'token.server'), 12_345, 12_345);
      expect(await rejection(read(inJob, folder))).toMatchObject({
        message: `${join(folder, 'token.server')} belongs to another user`,
      });
    },
  );

  test('that is mounted by links, as in Kubernetes, is judged by what they lead to', async () => {
    const folder = await emptyFolder();
    await mkdir(join(folder, '..2026_11_27'));
    await writeFile(join(folder, '..2026_11_27', 'token'), canary, { mode: 0o440 });
    await writeFile(join(folder, '..2026_11_27', 'token.server'), `${chat}\n`, { mode: 0o440 });
    await symlink('..2026_11_27', join(folder, '..data'));
    for (const name of ['token', 'token.server']) await symlink(`..data/${name}`, join(folder, name));

    expect(await tokenOf({ ...inFile, CI: 'true' }, folder)).toBe(canary);

    await chmod(join(folder, '..2026_11_27', 'token'), 0o444);
    expect(await rejection(read(inFile, folder))).toMatchObject({
      message: expect.stringContaining('others may read'),
    });
  });

  test.each([
    ['a folder', (path: string) => mkdir(path)],
    ['a pipe', (path: string) => Promise.resolve(execFileSync('sh', ['-c', 'mkfifo -m 600 "$0"', path]))],
    ['an endless device', (path: string) => symlink('/dev/zero', path)],
    ['a device that waits', (path: string) => symlink('/dev/tty', path)],
  ])('that is %s is refused at once', async (_, make) => {
    const folder = await emptyFolder();
    await make(join(folder, 'token'));

    expect(await rejection(read(inFile, folder))).toMatchObject({ code: 'CALLER_TOKEN' });
  });

  test('that the kernel makes as it is read, without a size, is not read without an end', async () => {
    expect(await rejection(read({ MUSTER_TOKEN_FILE: '/proc/self/environ' }))).toMatchObject({ code: 'CALLER_TOKEN' });
  });
});

describe('a token file in a repository is refused', () => {
  test.each([
    ['a folder .git', (path: string) => mkdir(path)],
    ['a file .git, as in a work tree', (path: string) => writeFile(path, 'gitdir: x')],
  ])('that has %s, at any depth', async (_, makeGit) => {
    const folder = await emptyFolder();
    await makeGit(join(folder, '.git'));
    await mkdir(join(folder, 'a', 'b'), { recursive: true });
    await writeFile(join(folder, 'a', 'b', 'token'), canary, { mode: 0o600 });

    const error = await rejection(read({ MUSTER_TOKEN_FILE: 'a/b/token' }, folder));

    expect(error).toMatchObject({
      code: 'CALLER_TOKEN',
      message: expect.stringContaining(`in the repository ${folder}`),
    });
  });

  test('behind a link, too', async () => {
    const folder = await emptyFolder();
    await mkdir(join(folder, 'repository', '.git'), { recursive: true });
    await writeFile(join(folder, 'repository', 'token'), canary, { mode: 0o600 });
    await symlink('repository/token', join(folder, 'link'));

    expect(await rejection(read({ MUSTER_TOKEN_FILE: 'link' }, folder))).toMatchObject({ code: 'CALLER_TOKEN' });
  });
});

describe('a token that is bound to a server', () => {
  test.each([
    ['in the same words', chat, chat],
    ['with a slash at the end', `${chat}/`, chat],
    ['with several', chat, `${chat}//`],
    ['with the default port', `${chat}:443`, chat],
    ['in capitals', 'HTTPS://Chat.Example.COM', chat],
    ['with its sub-path', `${chat}/mm/`, `${chat}/mm`],
  ])('goes to the one that is named %s', async (_, pin, url) => {
    expect(await read({ MUSTER_TOKEN: canary, MUSTER_SERVER: pin }, '/', url)).toMatchObject({ url });
    expect(await read(inFile, await folderWith(canary, `${pin}\n`), url)).toMatchObject({ url });
  });

  test.each([
    ['another host', evil],
    ['another scheme', 'http://chat.example.com'],
    ['another port', `${chat}:8443`],
    ['another path', `${chat}/mm`],
    ['a path in other letters', `${chat}/MM`],
    ['a host that ends in the same way', 'https://evil-chat.example.com'],
    ['a host that begins in the same way', 'https://chat.example.com.evil.net'],
    ['a user that looks like the host', 'https://chat.example.com@evil.net'],
    ['nothing that can be read', 'chat.example.com'],
  ])('does not go to %s, wherever that is named', async (_, url) => {
    const folder = await folderWith(canary, chat);
    for (const env of [{ MUSTER_TOKEN: canary, MUSTER_SERVER: chat }, inFile]) {
      for (const from of ['flag', 'config'] as const) {
        for (const servers of [[named(url, from)], [named(chat, 'flag'), named(url, from)]]) {
          const error = await rejection(readCredential(servers, env, folder));

          expect(error).toMatchObject({ code: 'CALLER_TOKEN', message: expect.stringContaining(chat) });
          expect(everythingOf(error)).not.toContain(canary);
        }
      }
    }
  });

  test('says both servers, who names them, and what to do, and no password', async () => {
    const error = await rejection(
      read({ MUSTER_TOKEN: canary, MUSTER_SERVER: 'https://ada:hunter2@chat.example.com' }, '/', `${evil}/?x=hunter2`),
    );

    expect(error).toMatchObject({
      message: `MUSTER_SERVER binds the token to ${chat}, muster.yaml names ${evil}`,
      hint: 'nothing was sent; name the same server in both, or use a token of the other server',
    });
    expect(everythingOf(error)).not.toContain('hunter2');
  });

  test('goes to that server where no other is named', async () => {
    expect(await readCredential([], { MUSTER_TOKEN: canary, MUSTER_SERVER: chat }, '/')).toMatchObject({ url: chat });
    expect(await readCredential([], inFile, await folderWith(canary, chat))).toMatchObject({ url: chat });
  });

  test('in two places goes nowhere when they differ', async () => {
    const folder = await folderWith(canary, evil);

    expect(await rejection(read({ ...inFile, MUSTER_SERVER: chat }, folder))).toMatchObject({
      message: `${join(folder, 'token.server')} binds the token to ${evil}, muster.yaml names ${chat}`,
    });
    expect(await rejection(readCredential([], { ...inFile, MUSTER_SERVER: chat }, folder))).toMatchObject({
      message: `${join(folder, 'token.server')} binds the token to ${evil}, MUSTER_SERVER names ${chat}`,
    });
  });

  test('is not set free by a link to it', async () => {
    const folder = await folderWith(canary, chat);
    const other = await emptyFolder();
    await symlink(join(folder, 'token'), join(other, 'token'));

    expect(await rejection(read(inFile, other, evil))).toMatchObject({ message: expect.stringContaining(chat) });
  });

  test('is asked for no file where it comes from a variable', async () => {
    const folder = await folderWith(canary, evil);

    expect(await read({ ...inFile, MUSTER_TOKEN: canary }, folder)).toMatchObject({ url: chat });
  });

  test.each([
    ['is empty', ''],
    ['holds no address', 'chat.example.com'],
    ['holds two', `${chat}\n${evil}`],
    ['is too large', chat.repeat(500)],
  ])('is refused where its file %s', async (_, pin) => {
    expect(await rejection(read(inFile, await folderWith(canary, pin)))).toMatchObject({ code: 'CALLER_TOKEN' });
  });

  test.each([0o620, 0o602, 0o666])('is refused where its file may be written by others (mode %o)', async (mode) => {
    const folder = await folderWith(canary, chat);
    await chmod(join(folder, 'token.server'), mode);

    expect(await rejection(read(inFile, folder))).toMatchObject({
      message: expect.stringContaining(`others may write ${join(folder, 'token.server')}`),
    });
  });

  test('is refused where its file cannot be read: that is no absence', async () => {
    const folder = await folderWith();
    await symlink('token.server', join(folder, 'token.server'));

    expect(await rejection(read(inFile, folder))).toMatchObject({ message: expect.stringContaining('ELOOP') });
  });
});

describe('in a pipeline', () => {
  test.each(['true', '1', 'yes', 'TRUE'])('(CI=%s) a token that is bound to no server is refused', async (CI) => {
    const folder = await folderWith();

    expect(await rejection(read({ MUSTER_TOKEN: canary, CI }))).toMatchObject({
      code: 'CALLER_TOKEN',
      message: 'CI is set, and nothing says which server the token belongs to',
      hint: 'set MUSTER_SERVER in the settings of the pipeline, beside the token',
    });
    expect(await rejection(read({ ...inFile, CI }, folder))).toMatchObject({
      hint: `write the server's address into ${join(folder, 'token')}.server, or set MUSTER_SERVER in the settings of the pipeline, beside the token`,
    });
  });

  test.each(['', '0', 'false', 'False', undefined])('(CI=%s) is not said to be one', async (CI) => {
    expect(await tokenOf({ MUSTER_TOKEN: canary, CI })).toBe(canary);
  });

  test('a token that is bound is taken', async () => {
    expect(await tokenOf({ MUSTER_TOKEN: canary, MUSTER_SERVER: chat, CI: 'true' })).toBe(canary);
    expect(await tokenOf({ ...inFile, CI: 'true' }, await folderWith(canary, chat))).toBe(canary);
    expect(await tokenOf({ ...inFile, MUSTER_SERVER: chat, CI: 'true' }, await folderWith())).toBe(canary);
  });
});

describe('of several servers', () => {
  const env = { MUSTER_TOKEN: 'other', MUSTER_SERVER: evil, MUSTER_TOKEN_EU_1: canary, MUSTER_SERVER_EU_1: chat };

  test('each has a credential of its own', async () => {
    const credential = await readCredential([named(chat)], { ...env, CI: 'true' }, '/', 'eu-1');

    expect([credential.url, revealSecret(credential.token)]).toEqual([chat, canary]);
    expect(await rejection(readCredential([named(evil)], env, '/', 'eu-1'))).toMatchObject({
      message: `MUSTER_SERVER_EU_1 binds the token to ${chat}, muster.yaml names ${evil}`,
    });
  });

  test('none takes that of another', async () => {
    expect(await rejection(readCredential([named(chat)], env, '/', 'us'))).toMatchObject({
      hint: expect.stringContaining('set MUSTER_TOKEN_US, or MUSTER_TOKEN_FILE_US'),
    });
    expect(
      await rejection(readCredential([named(chat)], { MUSTER_TOKEN_US: 'x', MUSTER_SERVER: chat, CI: '1' }, '/', 'us')),
    ).toMatchObject({ hint: expect.stringContaining('MUSTER_SERVER_US') });
  });

  test.each(['file', 'file-x', 'FILE_X'])('none is called %s', async (name) => {
    expect(await rejection(readCredential([named(chat)], env, '/', name))).toMatchObject({ code: 'CALLER_TOKEN' });
  });
});

test('without a server anywhere nothing is sent', async () => {
  const folder = await folderWith();
  for (const env of [{}, { MUSTER_TOKEN: canary }, { MUSTER_TOKEN: canary, CI: 'true' }, inFile])
    expect(await rejection(readCredential([], env, folder))).toMatchObject({
      code: 'INPUT_REFUSED',
      message: 'no server: muster does not know where to go',
    });
});
