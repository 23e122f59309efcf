/**
 * Muster reconcile knows more secrets than an apply: the token of the repository that it pulls, and the addresses of webhooks.
 * None is told, by no log, journal, memory, checkout, metric, span, page or error, whatever the other side does.
 */
// oxlint-disable vitest/valid-expect -- a second argument says what went wrong
import { readFile } from 'node:fs/promises';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { trace } from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { ConfigFile } from '../../src/model/generated/config-file.ts';
import { makeRepository, type PushedRepository, serveRepository } from '../daemon/support/repository.ts';
import { canary } from '../support/canaries.ts';
import { useFastTime } from '../support/fast-time.ts';
import { configOf, type World, world } from '../support/leak-world.ts';

useFastTime();

const word = (name: string): string => canary(name).replaceAll(/[^a-zA-Z0-9]/g, '');
/** One word, and what only the two sides of a connection know. */
const forgeToken: string = word('the token of the repository').slice(0, 40);
const hookSecret: string = word('the address of a webhook').slice(0, 26);
const pagerSecret: string = word('the address of another webhook').slice(0, 26);

let repository: PushedRepository;
const exporter = new InMemorySpanExporter();
beforeAll(async () => {
  repository = await makeRepository({ 'users.yaml': 'version: 1\nusers: []\n' });
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
});
afterEach(() => exporter.reset());
afterAll(async () => {
  trace.disable();
  await repository.close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createHttpServer(listener);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A side that repeats what it was sent, as another one answers. */
const echo =
  (status: number, headers: (told: string) => Readonly<Record<string, string>> = () => ({})): RequestListener =>
  (request, response) => {
    const { authorization = '' } = request.headers;
    const clear = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString();
    const told = `${request.url ?? ''} ${authorization} ${clear}`;
    request.resume();
    response.writeHead(status, { 'content-type': 'text/plain', 'x-told': told, ...headers(told) });
    response.end(`${told}\n`.repeat(3));
  };

interface Case {
  readonly forge?: RequestListener;
  readonly hook?: RequestListener;
  readonly env?: NodeJS.ProcessEnv;
  /** In place of the address of the webhook. */
  readonly address?: (url: string) => string;
  readonly secrets?: ConfigFile['secrets'];
}

interface Opened extends World {
  /** Paths that the webhooks were asked for. */
  readonly asked: readonly string[];
  readonly own: NodeJS.ProcessEnv;
}

/** A leak world whose files come from a repository, and whose changes of state go to webhooks. */
async function openCase({ forge, hook, env = {}, address, secrets }: Case): Promise<Opened> {
  const opened = await world();
  opened.watch.plant('the token of the repository', forgeToken);
  opened.watch.plant('the address of a webhook', hookSecret);
  opened.watch.plant('the address of another webhook', pagerSecret);
  const asked: string[] = [];
  const hooks = await serve((request, response) => {
    asked.push(request.url ?? '');
    if (hook === undefined) response.end('ok');
    else hook(request, response);
  });
  const served = await serveRepository(repository, `muster:${forgeToken}`);
  onTestFinished(() => served.close());
  const url = forge === undefined ? served.url : `${await serve(forge)}/bare.git`;
  const config = configOf(opened.vault);
  const own: ConfigFile = {
    ...config,
    secrets: {
      ...config.secrets,
      ...secrets,
      sources: {
        ...config.secrets?.sources,
        forge: { env: 'MUSTER_SECRET_FORGE' },
        hook: { env: 'MUSTER_SECRET_HOOK' },
        pager: { command: ['sh', '-c', 'printf %s "$1"; printf %s "$1" >&2', 'sh', `${hooks}/p?key=${pagerSecret}`] },
        ...secrets?.sources,
      },
    },
    reconcile: {
      mode: 'enforce',
      git: { url, branch: 'main', token: 'forge', user: 'muster' },
      notices: [{ to: 'hook' }, { to: 'pager', format: 'json' }],
    },
  };
  await opened.write('machine.yaml', JSON.stringify(own));
  const { files: _, policy, ...rest } = config;
  await repository.push({
    'muster.yaml': JSON.stringify({ policy, secrets: rest.secrets }),
    'users.yaml': await readFile(join(opened.dir, 'users.yaml'), 'utf8'),
  });
  const hookUrl = `${hooks}/hooks/${hookSecret}`;
  return {
    ...opened,
    asked,
    own: {
      MUSTER_SECRET_FORGE: forgeToken,
      MUSTER_SECRET_HOOK: address?.(hookUrl) ?? hookUrl,
      // What makes git tell more, if it were passed on.
      GIT_TRACE: join(opened.dir, 'trace'),
      GIT_TRACE_CURL: join(opened.dir, 'trace-curl'),
      GIT_CURL_VERBOSE: '1',
      ...env,
    },
  };
}

/** What a program is given on its command line stands in the config that gives it; everything else is searched. */
const leaksOf = (opened: Opened): readonly string[] =>
  opened.leaks().filter((found) => !found.startsWith('machine.yaml: '));

async function cycle(opened: Opened, i: number): Promise<string> {
  const place = ['--state-dir', `state-${i}`];
  const logs = [
    ['--log', 'json', '--verbose'],
    ['--log', 'text', '--format', 'json'],
  ];
  const run = ['reconcile', '--once', '--config', 'machine.yaml', ...place, ...(logs[i % 2] ?? [])];
  const { code, stdout, stderr } = await opened.muster(run, { env: opened.own, isTTY: i % 2 === 1 });
  expect(code, stderr).not.toBe(1);
  for (const line of [
    ['status', ...place],
    ['status', '--format', 'json', ...place],
    ['journal', 'show', ...place],
    ['doctor', '--config', 'machine.yaml', '--verbose', ...place],
  ])
    await opened.muster(line, { env: opened.own });
  return stdout + stderr;
}

const spanTexts = (): string =>
  exporter
    .getFinishedSpans()
    .map(({ name, attributes, status, events }) => JSON.stringify({ name, attributes, status, events }))
    .join('\n');

const failing = ['sh', '-c', 'echo "$MUSTER_SECRET_HOOK $1"; echo "$1" >&2; exit 3', 'sh'];

const cases: Readonly<Record<string, Case>> = {
  'all is well': {},
  'a forge that refuses the token and repeats it': {
    forge: echo(401, (told) => ({ 'www-authenticate': `Basic realm="${told.replaceAll('"', '')}"` })),
  },
  'a forge that fails and repeats what it was sent': { forge: echo(500) },
  'a forge that redirects with the token': {
    forge: echo(302, (told) => ({ location: `/x?${encodeURIComponent(told)}` })),
  },
  'a forge that answers what is none of git': { forge: echo(200) },
  'a webhook that fails and repeats its address': { hook: echo(500) },
  'a webhook that is gone': { hook: echo(404) },
  'a webhook that redirects with its address': { hook: echo(302, (told) => ({ location: told.split(' ')[0] ?? '' })) },
  'a webhook that breaks off': { hook: (request) => request.socket.destroy() },
  'an address that is not encrypted': { address: () => `http://chat.example.com/hooks/${hookSecret}` },
  'an address with a password': { address: (url) => url.replace('//', `//ada:${hookSecret}@`) },
  'an address that is none': { address: () => hookSecret },
  'an address that cannot be read as one': { address: () => `https://[${hookSecret}/` },
  'a variable of two lines': { env: { MUSTER_SECRET_FORGE: `${forgeToken}\n${forgeToken}` } },
  'programs that fail and tell what they know': {
    secrets: {
      sources: {
        forge: { command: [...failing, forgeToken] },
        pager: { command: [...failing, pagerSecret] },
      },
    },
  },
};

test.each(Object.entries(cases).map(([name, one], i) => [name, one, i] as const))(
  'no secret of muster reconcile is told: %s',
  async (name, one, i) => {
    const opened = await openCase(one);

    const told = await cycle(opened, i);

    expect(told).not.toBe('');
    if (name === 'all is well') {
      expect(opened.sandbox.control.user('ada')?.nickname).toBe('Countess');
      expect(opened.asked).toEqual([`/hooks/${hookSecret}`, `/p?key=${pagerSecret}`]);
    }
    if (one.forge !== undefined) expect(told).toContain('GIT_');
    expect(leaksOf(opened)).toEqual([]);
    expect(exporter.getFinishedSpans().length).toBeGreaterThan(0);
    expect(opened.watch.find(spanTexts())).toEqual([]);
  },
);

/** One that nothing listens at now. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address() as AddressInfo;
  await new Promise((done) => probe.close(done));
  return port;
}

test('metrics, health, the status page and the log of a loop tell no secret', async () => {
  const opened = await openCase({ hook: echo(500) });
  const port = await freePort();
  const end = new AbortController();
  const answers: string[] = [];
  const look = async (): Promise<void> => {
    for (const path of ['/', '/metrics', '/healthz', '/readyz', '/none', `/hooks/${hookSecret}`]) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      answers.push(JSON.stringify([...response.headers]), await response.text());
    }
    end.abort();
  };
  let looked: Promise<void> | undefined;

  await opened.muster(['reconcile', '--config', 'machine.yaml', '--listen', `${port}`, '--verbose', '--log', 'json'], {
    env: opened.own,
    signal: end.signal,
    onWrite: (text) => {
      if (text.includes('"type":"notice"')) looked ??= look();
    },
  });
  await looked;

  expect(answers.join('\n')).toContain('muster_notices_total');
  expect(answers.join('\n')).toContain('<!doctype html>');
  expect(opened.watch.find(answers.join('\n'))).toEqual([]);
  expect(leaksOf(opened)).toEqual([]);
  expect(opened.watch.find(spanTexts())).toEqual([]);
});
