/** Cycles whose files come from a branch that muster pulls. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, lstat, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { lookAtReconcile } from '../../src/app/reconcile-place.ts';
import { type OneCycle, reconcileOnce } from '../../src/daemon/loop.ts';
import { git } from '../support/git-repository.ts';
import { makeRepository, type PushedRepository, serveRepository } from './support/repository.ts';
import { type Loops, minute, startLoops } from './support/world.ts';

/** One server for all cases: each has a repository and a state home of its own. */
let loops: Loops;
beforeAll(async () => {
  loops = await startLoops({}, { users: [{ username: 'ada', email: 'ada@example.com' }] });
});
const open: PushedRepository[] = [];
afterEach(async () => {
  loops.events.length = 0;
  for (const one of open.splice(0)) await one.close();
});
afterAll(() => loops.close());

let drawn = 0;

interface Pulled {
  readonly repository: PushedRepository;
  /** One cycle, as a process of its own. */
  readonly cycle: (path?: string) => Promise<OneCycle>;
  readonly nickname: () => string | undefined;
}

/** @param own - further lines of `reconcile.git` of the machine */
async function start(
  files: Readonly<Record<string, string>>,
  own: (repository: PushedRepository) => string = () => '',
  machine = '',
): Promise<Pulled> {
  const repository = await makeRepository(files);
  open.push(repository);
  const home = `home${drawn++}`;
  await loops.write({
    [`${home}/muster.yaml`]: `version: 1
server: ${loops.sandbox.url}
${machine}reconcile:
  mode: enforce
  git:
    url: ${repository.url}
    branch: main
${own(repository)}`,
  });
  const { MUSTER_SERVER: _, ...env } = loops.ports.env;
  const ports = {
    ...loops.ports,
    workingDir: join(loops.dir, home),
    env: { ...env, XDG_STATE_HOME: join(loops.dir, home, 'state') },
  };
  return {
    repository,
    cycle: async (path = process.env['PATH'] ?? '') => {
      loops.clock.nowMs += 15 * minute;
      const { MUSTER_SECRET_FORGE } = loops.ports.env;
      return await reconcileOnce({}, { ...ports, env: { ...ports.env, MUSTER_SECRET_FORGE, PATH: path } });
    },
    nickname: () => loops.sandbox.control.user('ada')?.nickname,
  };
}

const forgeToken = 'glpat-4Zk9wQm2Lr7Tn5Vb';
const basicOf = (token: string): string => Buffer.from(`muster:${token}`).toString('base64');

const usersOf = (nickname: string): string =>
  `version: 1\nusers:\n  - { username: ada, email: ada@example.com, nickname: ${nickname} }\n`;

test('what is pushed to the branch is applied by the next cycle, with its commit', async () => {
  const { repository, cycle, nickname } = await start({ 'users.yaml': usersOf('First') });

  const first = await cycle();
  const before = nickname();
  const commit = await repository.push({ 'users.yaml': usersOf('Second') });
  const second = await cycle();

  expect([before, nickname()]).toEqual(['First', 'Second']);
  expect(first.outcome.is).toBe('looked');
  expect(second.state.branch).toEqual({ url: repository.url, branch: 'main', commit });
  expect(loops.told('cycle').at(-1)).toMatchObject({ commit });
});

test('what is pushed to another branch counts for nothing', async () => {
  const { repository, cycle, nickname } = await start({ 'users.yaml': usersOf('Main') });
  await cycle();
  git(repository.work, 'checkout', '--quiet', '-b', 'other');
  git(repository.work, 'rm', '--quiet', 'users.yaml');
  git(repository.work, 'commit', '--quiet', '-m', 'other');
  git(repository.work, 'push', '--quiet', repository.url, 'HEAD:other');

  const { outcome } = await cycle();

  expect(outcome.is).toBe('looked');
  expect(nickname()).toBe('Main');
});

test('where the repository cannot be pulled nothing is planned or applied, and the cycle fails', async () => {
  const { repository, cycle, nickname } = await start({ 'users.yaml': usersOf('Pulled') });
  await cycle();
  loops.sandbox.control.updateUser('ada', { nickname: 'By hand' });
  git(repository.url, 'branch', '-m', 'main', 'kept');
  const requests = loops.sandbox.requests.length;

  const end = await cycle();
  const asked = loops.sandbox.requests.length - requests;
  const health = loops.told('health');
  git(repository.work, 'push', '--quiet', repository.url, 'HEAD:main');
  const after = await cycle();

  expect(end.error).toMatchObject({ code: 'GIT_PULL', message: expect.stringContaining('has no branch main') });
  expect(asked).toBe(0);
  expect(health).toMatchObject([{ to: { is: 'failing', reason: 'GIT_PULL' } }]);
  expect(after.outcome.is).toBe('looked');
  expect(nickname()).toBe('Pulled');
});

test('a branch that was rewritten is refused and told, and followed where that is allowed', async () => {
  const { repository, cycle, nickname } = await start({ 'users.yaml': usersOf('Before') });
  const allowed = await start({ 'users.yaml': usersOf('Before') }, () => '    follow_rewrites: true\n');
  await cycle();
  await allowed.cycle();
  await repository.rewrite({ 'users.yaml': usersOf('Rewritten') });
  await allowed.repository.rewrite({ 'users.yaml': usersOf('Followed') });

  const refused = await cycle();
  const kept = nickname();
  const again = await cycle();
  const followed = await allowed.cycle();

  expect(refused.error).toMatchObject({ code: 'GIT_REFUSED', message: expect.stringContaining('was rewritten') });
  expect(kept).toBe('Before');
  expect(again.error).toMatchObject({ code: 'GIT_REFUSED' });
  expect(followed.outcome.is).toBe('looked');
  expect(nickname()).toBe('Followed');
});

test('only a commit that one of the listed keys signed counts', async () => {
  const { repository, cycle, nickname } = await start(
    { 'users.yaml': usersOf('Unsigned') },
    ({ publicKey }) => `    signed_by: ["${publicKey}"]\n`,
  );
  const unsigned = await cycle();
  await repository.signed({ 'users.yaml': usersOf('Signed') });
  const signed = await cycle();
  const stranger = await start(
    { 'users.yaml': usersOf('Stranger') },
    () => `    signed_by: ["${repository.publicKey}"]\n`,
  );
  await stranger.repository.signed({ 'users.yaml': usersOf('Stranger') });
  const foreign = await stranger.cycle();

  expect(unsigned.error).toMatchObject({ code: 'GIT_REFUSED', message: expect.stringContaining('has no signature') });
  expect(signed.outcome.is).toBe('looked');
  expect(foreign.error).toMatchObject({
    code: 'GIT_REFUSED',
    message: expect.stringContaining('its key is not a trusted one'),
  });
  expect(nickname()).toBe('Signed');
});

test('a checkout runs nothing: no hook, no filter, no submodule, no command of its muster.yaml', async () => {
  const { repository, cycle, nickname } = await start(
    {
      'chat/users.yaml': usersOf('Safe'),
      'chat/muster.yaml': `version: 1
secrets: { sinks: { evil: { command: [touch, /nowhere] } } }
reconcile: { git: { url: /elsewhere, branch: evil }, every: 5m }
policy: { protect: [root] }
`,
      'chat/.gitattributes': '* filter=evil text eol=crlf ident\n',
      '.gitattributes': '* filter=evil working-tree-encoding=UTF-16\n',
      '.gitmodules': '[submodule "evil"]\n\tpath = evil\n\turl = ext::sh -c "touch /nowhere"\n',
      '.githooks/post-checkout': '#!/bin/sh\ntouch ran\n',
      '.gitconfig': '[core]\n\thooksPath = .githooks\n[filter "evil"]\n\tsmudge = touch ran; cat\n',
    },
    () => '    path: chat\n',
  );
  await symlink('/etc/passwd', join(repository.work, 'chat', 'link.yaml'));
  await repository.push({});

  const { outcome, settings } = await cycle();

  expect(outcome.is).toBe('looked');
  expect(nickname()).toBe('Safe');
  expect(settings).toMatchObject({ git: { url: repository.url, branch: 'main' }, schedule: { everyMs: 5 * minute } });
  const [seen] = await lookAtReconcile(join(loops.dir, `home${drawn - 1}`, 'state', 'muster'), loops.ports);
  const checkout = join(seen?.dir ?? '', 'checkout');
  expect(existsSync(join(checkout, 'ran'))).toBe(false);
  expect((await lstat(join(checkout, 'chat', 'link.yaml'))).isFile()).toBe(true);
  expect(await readFile(join(checkout, 'chat', 'link.yaml'), 'utf8')).toBe('/etc/passwd');
  expect(await readFile(join(checkout, 'chat', 'users.yaml'), 'utf8')).toBe(usersOf('Safe'));
});

test('a checkout cannot send the token elsewhere: its muster.yaml names the server of this machine, or none', async () => {
  const { repository, cycle } = await start({
    'users.yaml': usersOf('Elsewhere'),
    'muster.yaml': 'version: 1\nserver: https://evil.example.com\n',
  });
  const requests = loops.sandbox.requests.length;
  const elsewhere = await cycle();
  const asked = loops.sandbox.requests.length - requests;
  await repository.push({ 'muster.yaml': `version: 1\nserver: ${loops.sandbox.url}/\n` });

  const { outcome } = await cycle();

  expect(elsewhere.error).toMatchObject({ problems: [{ code: 'server-changed' }] });
  expect(asked).toBe(0);
  expect(outcome.is).toBe('looked');
});

test('the token of a repository goes to it alone, and stands in no argument, file or message', async () => {
  const { repository, cycle, nickname } = await start(
    { 'users.yaml': usersOf('Over HTTP') },
    () => '    token: forge\n    user: muster\n',
    'secrets: { sources: { forge: { env: MUSTER_SECRET_FORGE } } }\n',
  );
  const forge = await serveRepository(repository, `muster:${forgeToken}`);
  const home = `home${drawn - 1}`;
  const machine = await readFile(join(loops.dir, home, 'muster.yaml'), 'utf8');
  await loops.write({
    [`${home}/muster.yaml`]: machine.replace(`url: ${repository.url}`, `url: ${forge.url}`),
    [`${home}/bin/git`]: `#!/bin/sh\necho "$@" >> '${join(loops.dir, home, 'arguments')}'\nPATH='${process.env['PATH']}' exec git "$@"\n`,
  });
  await chmod(join(loops.dir, home, 'bin', 'git'), 0o755);
  loops.ports.env['MUSTER_SECRET_FORGE'] = 'a-wrong-token';
  const refused = await cycle(`${join(loops.dir, home, 'bin')}:${process.env['PATH']}`);
  loops.ports.env['MUSTER_SECRET_FORGE'] = forgeToken;

  const { outcome } = await cycle(`${join(loops.dir, home, 'bin')}:${process.env['PATH']}`);
  await forge.close();

  expect(refused.error).toMatchObject({ code: 'GIT_PULL', message: expect.stringContaining('cannot be read') });
  expect(outcome.is).toBe('looked');
  expect(nickname()).toBe('Over HTTP');
  const told = JSON.stringify([loops.events, refused.error]);
  const kept = spawnSync('grep', ['-rlE', `${forgeToken}|${basicOf(forgeToken)}`, join(loops.dir, home)]);
  expect([kept.status, kept.stdout.toString()]).toEqual([1, '']);
  expect(told).not.toContain(forgeToken);
  expect(await readFile(join(loops.dir, home, 'arguments'), 'utf8')).toContain(' fetch ');
});

/**
 * In the place of ssh: notes how it was called and what it was given, and runs what it was to run over there.
 *
 * @param instead - a script that ends it before
 */
async function sshIn(home: string, instead = ''): Promise<string> {
  const noted = join(loops.dir, home, 'ssh');
  await loops.write({
    [`${home}/bin/ssh`]: `#!/bin/sh
printf '%s\\n' "$@" > '${noted}.arguments'
env > '${noted}.environment'
if [ -t 0 ] || [ -t 1 ]; then echo terminal >> '${noted}.environment'; fi
${instead}
for last; do :; done
exec sh -c "$last"
`,
  });
  await chmod(join(loops.dir, home, 'bin', 'ssh'), 0o755);
  return `${join(loops.dir, home, 'bin')}:${process.env['PATH']}`;
}

/** The machine's muster.yaml, with another address of the same repository. */
async function reachBy(home: string, from: string, to: string): Promise<void> {
  const machine = await readFile(join(loops.dir, home, 'muster.yaml'), 'utf8');
  await loops.write({ [`${home}/muster.yaml`]: machine.replace(`url: ${from}`, `url: ${to}`) });
}

test.each([
  ['ssh://git@forge.example.com:2222', ['-p', '2222', 'git@forge.example.com']],
  ['git@forge.example.com:', ['git@forge.example.com']],
])('a branch is pulled over ssh from %s: nothing is asked, and ssh gets no token of muster', async (host, expected) => {
  loops.ports.env['SSH_AUTH_SOCK'] = '/run/agent';
  loops.ports.env['SSH_ASKPASS'] = '/bin/false';
  const { repository, cycle, nickname } = await start({ 'users.yaml': usersOf(`Over ${host.slice(0, 3)}`) });
  const home = `home${drawn - 1}`;
  await reachBy(home, repository.url, `${host}${repository.url}`);

  const { outcome } = await cycle(await sshIn(home));

  expect(outcome.is).toBe('looked');
  expect(nickname()).toBe(`Over ${host.slice(0, 3)}`);
  const words = (await readFile(join(loops.dir, home, 'ssh.arguments'), 'utf8')).split('\n');
  expect(words).toEqual(expect.arrayContaining(['-oBatchMode=yes', ...expected]));
  expect(words.at(-2)).toBe(`git-upload-pack '${repository.url}'`);
  const environment = await readFile(join(loops.dir, home, 'ssh.environment'), 'utf8');
  expect(environment).toMatch(/^GIT_TERMINAL_PROMPT=0$/m);
  expect(environment).toMatch(/^SSH_AUTH_SOCK=\/run\/agent$/m);
  expect(environment).not.toMatch(/^(?:MUSTER_|SSH_ASKPASS|DISPLAY)|^terminal$/m);
});

test.each([
  ['a key that is refused', 'echo "ada@forge: Permission denied (publickey)." >&2; exit 255', 'cannot be read'],
  ['a host that is not known', 'echo "Host key verification failed." >&2; exit 255', 'cannot be read'],
  [
    'a host that is not there',
    'echo "ssh: Could not resolve hostname secret.example" >&2; exit 255',
    'cannot be reached',
  ],
])('over ssh %s ends the cycle, and nothing that ssh says is told', async (_, script, expected) => {
  const { repository, cycle, nickname } = await start({ 'users.yaml': usersOf('Refused') });
  const home = `home${drawn - 1}`;
  await reachBy(home, repository.url, `git@forge.example.com:${repository.url}`);

  const { error } = await cycle(await sshIn(home, script));

  expect(error).toMatchObject({ code: 'GIT_PULL', message: expect.stringContaining(expected) });
  expect(JSON.stringify([loops.events, error?.message])).not.toMatch(/ada@forge|secret\.example/);
  expect(nickname()).not.toBe('Refused');
});

test('a pause that is pushed stops the cycles, and the one that takes it back lets them go on', async () => {
  const { repository, cycle } = await start({
    'users.yaml': usersOf('Paused'),
    'muster.yaml': 'version: 1\nreconcile: { suspend: { reason: upgrade, by: grace, until: 2027-12-31 } }\n',
  });
  const paused = await cycle();
  await repository.push({ 'muster.yaml': 'version: 1\n' });

  const { outcome } = await cycle();

  expect(paused.outcome.is).toBe('paused');
  expect(outcome.is).toBe('looked');
});

test('what a git that was killed left behind stops no pull', async () => {
  const { repository, cycle, nickname } = await start({ 'users.yaml': usersOf('One') });
  await cycle();
  const left = `home${drawn - 1}/state/muster`;
  const [seen] = await lookAtReconcile(join(loops.dir, left), loops.ports);
  const inside = (seen?.dir ?? '').slice(loops.dir.length + 1);
  await loops.write({
    [`${inside}/checkout/.git/index.lock`]: '',
    [`${inside}/checkout/.git/refs/muster/fetched.lock`]: '',
    [`${inside}/checkout/.git/HEAD.lock`]: '',
    [`${inside}/checkout/users.yaml`]: usersOf('Edited'),
    [`${inside}/checkout/more.yaml`]: 'left',
  });
  await repository.push({ 'users.yaml': usersOf('Two') });

  const { outcome } = await cycle();

  expect(outcome.is).toBe('looked');
  expect(nickname()).toBe('Two');
  expect(existsSync(join(seen?.dir ?? '', 'checkout', 'more.yaml'))).toBe(false);
});

test('flags that name other files are refused where a branch is pulled', async () => {
  await start({ 'users.yaml': usersOf('Flag') });
  const ports = { ...loops.ports, workingDir: join(loops.dir, `home${drawn - 1}`) };

  await expect(reconcileOnce({ files: ['users.yaml'] }, ports)).rejects.toMatchObject({
    problems: [{ code: 'not-with-checkout' }],
  });
  await expect(reconcileOnce({ base: 'HEAD' }, ports)).rejects.toMatchObject({
    problems: [{ code: 'not-with-checkout' }],
  });
});
