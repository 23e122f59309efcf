import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { reconcileOnce } from '../../src/daemon/loop.ts';
import { Metrics } from '../../src/daemon/metrics.ts';
import { noticeBody } from '../../src/report/notice.ts';
import { isLong } from '../support/suite.ts';
import { hour, type Loops, minute, startLoops } from './support/world.ts';

/** A webhook that answers as it is told, and keeps what it got. */
let hook: Server;
let hookUrl = '';
let answer: number | 'nothing' = 200;
const got: { readonly path: string; readonly body: unknown }[] = [];
let loops: Loops;

beforeAll(async () => {
  hook = createServer((request, response) => {
    let text = '';
    request.on('data', (part: Buffer) => (text += part.toString()));
    request.on('end', () => {
      got.push({ path: request.url ?? '', body: JSON.parse(text) });
      if (answer === 'nothing') request.socket.destroy();
      else response.writeHead(answer, answer === 302 ? { location: '/elsewhere' } : {}).end('ok');
    });
  });
  await new Promise<void>((done) => hook.listen(0, '127.0.0.1', done));
  const address = hook.address();
  hookUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/hooks/xyz7secret9key`;
});
beforeEach(async () => {
  loops = await startLoops({}, { users: [{ username: 'ada', email: 'ada@example.com' }] });
  loops.ports.env['MUSTER_SECRET_HOOK'] = hookUrl;
});
afterEach(async () => {
  answer = 200;
  got.length = 0;
  await loops.close();
});
afterAll(async () => {
  await new Promise((done) => hook.close(done));
});

const settings = (notices: string): string => `version: 1
secrets: { sources: { hook: { env: MUSTER_SECRET_HOOK } } }
reconcile: { mode: enforce, every: 15m, jitter: 0s, notices: [${notices}] }
`;
const users = 'version: 1\nusers:\n  - { username: ada, email: ada@example.com, nickname: Countess }\n';

/** A loop for some time, with notices as the command line renders them. */
async function run(forMs: number, notices: string, own: Readonly<Record<string, string>> = {}): Promise<void> {
  await loops.write({ 'muster.yaml': settings(notices), 'users.yaml': users, ...own });
  await loops.runWith(forMs, { renderNotice: noticeBody });
}

test.runIf(isLong)('a server that goes down and comes back is told once each, and not with each cycle', async () => {
  await loops.sandbox.control.goDown();
  await run(hour, '{ to: hook }');
  await loops.sandbox.control.comeUp();
  await run(2 * hour, '{ to: hook }');

  const texts = got.map(({ body }) => JSON.stringify(body));
  expect(texts).toHaveLength(3);
  expect(texts[0]).toContain('ok → failing');
  expect(texts[1]).toContain('quarantined (unreadable)');
  expect(texts[2]).toContain('→ ok');
  expect(got[0]).toMatchObject({
    path: '/hooks/xyz7secret9key',
    body: { text: expect.stringContaining('**muster** `') },
  });
  expect(loops.told('notice').map(({ outcome }) => outcome)).toEqual(['sent', 'sent', 'sent']);
});

test.runIf(isLong)(
  'a webhook that does not answer is tried a few times and given up, and no cycle fails by it',
  async () => {
    answer = 'nothing';
    await run(hour, '{ to: hook }', { 'users.yaml': 'version: 1\nusers: [{ usrname: ada }]\n' });
    const failing = loops.told('notice');
    const tries = got.length;
    answer = 404;
    await run(hour, '{ to: hook }');

    expect(failing).toMatchObject([{ outcome: 'failed', to: 'hook', tries: 4 }]);
    expect(tries).toBe(4);
    expect(loops.told('notice').at(-1)).toMatchObject({ outcome: 'failed', tries: 1, why: 'it answered 404' });
    expect(loops.told('health').map(({ to }) => to.is)).toEqual(['failing', 'ok']);
    expect(loops.told('cycle').at(-1)).toMatchObject({ outcome: 'looked' });
  },
);

test('a redirect is not followed: the address stays where it is', async () => {
  answer = 302;
  await run(minute, '{ to: hook }', { 'users.yaml': 'version: 1\nusers: [{ usrname: ada }]\n' });
  await run(minute, '{ to: hook }');

  expect(new Set(got.map(({ path }) => path))).toEqual(new Set(['/hooks/xyz7secret9key']));
  expect(loops.told('notice')[0]).toMatchObject({ outcome: 'failed', why: 'it answered 302' });
});

test.runIf(isLong)('the address of a webhook stands in no event, no metric and no memory', async () => {
  const metrics = new Metrics({ states: () => [], now: () => loops.clock.now() });
  for (const url of [hookUrl, 'http://chat.example.com/hooks/xyz7secret9key', 'xyz7secret9key']) {
    loops.ports.env['MUSTER_SECRET_HOOK'] = url;
    answer = 500;
    await run(minute, '{ to: hook }', { 'users.yaml': 'version: 1\nusers: [{ usrname: ada }]\n' });
    answer = 'nothing';
    await run(40 * minute, '{ to: hook }');
  }
  loops.ports.env['MUSTER_SECRET_HOOK'] = hookUrl;
  const state = await loops.state();
  for (const event of loops.events) metrics.note(event, state);
  const text = await metrics.text();

  expect(loops.told('notice').filter(({ outcome }) => outcome === 'failed').length).toBeGreaterThanOrEqual(4);
  expect(text).toMatch(/^muster_notices_total\{server=".*",outcome="failed"\} [1-9]\d*$/m);
  for (const shown of [JSON.stringify(loops.events), JSON.stringify(state), text])
    expect(shown).not.toContain('xyz7secret9key');
});

test('a single cycle sends its notices before it ends', async () => {
  await run(hour, '{ to: hook, format: json }');
  got.length = 0;
  await loops.write({
    'muster.yaml': settings('{ to: hook, format: json }'),
    'users.yaml': 'version: 1\nusers: [{ usrname: ada }]\n',
  });
  await reconcileOnce({}, { ...loops.ports, renderNotice: noticeBody });
  const failing = got.map(({ body }) => body);
  await loops.write({ 'users.yaml': users });
  loops.clock.nowMs += hour;
  await reconcileOnce({}, { ...loops.ports, renderNotice: noticeBody });

  expect(failing).toMatchObject([
    { version: 1, from: 'muster', server: loops.sandbox.url, changes: [{ type: 'health', to: { is: 'failing' } }] },
  ]);
  expect(got.at(-1)?.body).toMatchObject({ changes: [{ type: 'health', to: { is: 'ok' } }] });
});

test('a muster.yaml that cannot be read any more is told to those whom it named before', async () => {
  await run(5 * minute, '{ to: hook }');
  got.length = 0;
  let isBroken = false;
  loops.clock.onPass = () => {
    isBroken = true;
  };
  await loops.runWith(40 * minute, {
    renderNotice: noticeBody,
    runCycle: async (...cycle) => {
      if (isBroken) await loops.write({ 'muster.yaml': 'version: 1\nrecon: nothing\n' });
      const { runCycle } = await import('../../src/daemon/cycle.ts');
      return await runCycle(...cycle);
    },
  });
  loops.clock.onPass = () => undefined;

  expect(JSON.stringify(got.map(({ body }) => body))).toContain('failing (INPUT_REFUSED)');
});

const person = 'grace.hopper';
const turn = {
  type: 'contested',
  at: '2027-01-04T08:00:00.000Z',
  key: `${person} roles`,
  place: `${person} roles`,
  person,
  class: 'role-grant',
  written: ['2027-01-04T07:00:00.000Z'],
  found: ['2027-01-04T07:30:00.000Z'],
} as const;

test.each(['mattermost', 'json'] as const)('a redacted notice as %s names no one', (format) => {
  const notice = {
    server: 'https://chat.example.com',
    turns: [
      turn,
      { type: 'health', at: turn.at, from: { is: 'ok', reason: '' }, to: { is: 'failing', reason: 'X' }, text: person },
    ],
  } as const;

  expect(JSON.stringify(noticeBody(notice, { format, redact: false }))).toContain(person);
  expect(JSON.stringify(noticeBody(notice, { format, redact: true }))).not.toContain(person);
});

test('what a notice says mentions no one and formats nothing, whatever names and messages hold', () => {
  const notice = {
    server: 'https://chat.example.com',
    turns: [
      {
        type: 'health',
        at: turn.at,
        from: { is: 'ok', reason: '' },
        to: { is: 'failing', reason: 'X' },
        text: '` @channel\n# big [x](http://evil) `@all',
      },
    ],
  } as const;

  const { text } = noticeBody(notice, { format: 'mattermost', redact: false }) as { readonly text: string };

  expect(text.split('\n')).toHaveLength(2);
  expect(text.replace(/`[^`\n]*`/g, '')).toBe('**muster** \n- ');
});

test('a notice that cannot be made is a warning, and ends no cycle', async () => {
  await loops.sandbox.control.goDown();
  await loops.write({ 'muster.yaml': settings('{ to: hook }'), 'users.yaml': users });
  await loops.runWith(hour, {
    renderNotice: () => {
      throw new Error('no text');
    },
  });
  await loops.sandbox.control.comeUp();

  expect(new Set(loops.told('warning').map(({ code }) => code))).toEqual(new Set(['notice-not-made']));
  expect(loops.told('cycle').length).toBeGreaterThan(1);
});
