import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type EndpointSources, type Endpoints, openEndpoints } from '../../src/daemon/endpoints.ts';
import { Metrics } from '../../src/daemon/metrics.ts';
import type { ReconcileState } from '../../src/model/generated/reconcile-state.ts';
import { flawsOfMetrics } from './support/metrics-linter.ts';

const nowMs = Date.parse('2027-01-04T08:00:00Z');
const known: ReconcileState = {
  format: 'muster-reconcile',
  version: 1,
  server: 'https://chat.example.com/"sub"',
  mode: 'enforce',
  interval_ms: 900_000,
  beat: '2027-01-04T07:59:00.000Z',
  looked: '2027-01-04T07:59:00.000Z',
  succeeded: '2027-01-04T07:59:00.000Z',
  next: '2027-01-04T08:14:00.000Z',
  cycles: 7,
  classes: [],
  contested: [],
  drift: [{ class: 'update', planned: 0, blocked: 2, held: 1 }],
  last: { at: '2027-01-04T07:59:00.000Z', mode: 'enforce', took_ms: 1500, done: 3, failed: 1, stale: 0, skipped: 2 },
};
const { looked: _, ...unread } = known;
const trouble = { code: 'API_UNAVAILABLE', text: 'down', count: 1, since: known.beat };

const open: Endpoints[] = [];
afterEach(async () => {
  for (const endpoints of open.splice(0)) await endpoints.close();
});

async function serve(
  state: ReconcileState | undefined,
  own: Partial<EndpointSources> = {},
  timeoutMs = 5000,
): Promise<number> {
  const sources = { states: () => (state === undefined ? [] : [state]), now: () => nowMs };
  const metrics = new Metrics(sources);
  const endpoints = await openEndpoints(
    { host: '127.0.0.1', port: 0 },
    { ...sources, metrics: () => metrics.text(), ...own },
    timeoutMs,
  );
  open.push(endpoints);
  return endpoints.port;
}

interface Got {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

function get(
  port: number,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Got> {
  const { method = 'GET', headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

test.each<[what: string, state: ReconcileState | undefined, healthz: number, readyz: number]>([
  ['nothing known yet', undefined, 200, 503],
  ['a server that is as it should be', known, 200, 200],
  ['a server that was never read', unread, 200, 503],
  ['a server that cannot be read', { ...known, trouble }, 200, 503],
  [
    'a server in quarantine',
    { ...known, trouble, quarantine: { why: 'credential', since: known.beat, tries: 1 } },
    200,
    503,
  ],
  ['a pause', { ...unread, pause: { reason: 'upgrade', by: 'grace', until: '2027-02-01T00:00:00.000Z' } }, 200, 200],
  [
    'a class that waits',
    { ...known, classes: [{ budget: 'email', reason: 'over', since: known.beat, tries: 1, retry: known.beat }] },
    200,
    200,
  ],
  ['a process that hangs', { ...known, beat: '2027-01-04T07:30:00.000Z' }, 503, 503],
  ['a cycle that is overdue', { ...known, next: '2027-01-04T07:30:00.000Z' }, 503, 503],
])('of %s health and readiness tell', async (_what, state, healthz, readyz) => {
  const port = await serve(state);

  expect((await get(port, '/healthz')).status).toBe(healthz);
  expect((await get(port, '/readyz')).status).toBe(readyz);
});

test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])(
  '%s is refused: there is nothing to write',
  async (method) => {
    const port = await serve(known);

    const { status, headers } = await get(port, '/healthz', { method });

    expect(status).toBe(405);
    expect(headers).toMatchObject({ allow: 'GET, HEAD' });
  },
);

test.each<[what: string, headers: Record<string, string>, status: number]>([
  ['the name of a stranger', { host: 'evil.example.com' }, 421],
  ['a name that only begins like its own', { host: 'localhost.evil.example.com' }, 421],
  ['a web page', { origin: 'https://evil.example.com' }, 403],
  ['a web page that hides its origin', { 'sec-fetch-site': 'cross-site' }, 403],
  ['a body', { 'content-length': '5' }, 413],
  ['its own address', { host: '127.0.0.1:9464' }, 200],
  ['localhost', { host: 'localhost:9464' }, 200],
  ['an address of a network', { host: '[fd00::1]:9464' }, 200],
])('a request with %s gets its answer', async (_what, headers, status) => {
  const port = await serve(known);

  const got = await get(port, '/healthz', {
    headers,
    ...(headers['content-length'] !== undefined && { body: 'aaaaa' }),
  });

  expect(got.status).toBe(status);
  expect(got.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
});

test('headers without end are cut off', async () => {
  const port = await serve(known);

  await expect(get(port, '/healthz', { headers: { cookie: 'a'.repeat(20_000) } })).resolves.toMatchObject({
    status: 431,
  });
});

test('a request that does not come to its end is cut off', async () => {
  const port = await serve(known, {}, 50);
  const socket = connect(port, '127.0.0.1');
  const answer: string[] = [];
  socket.on('data', (part) => answer.push(part.toString()));
  socket.write('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ');

  await once(socket, 'close');

  expect(answer.join('')).toMatch(/^$|^HTTP\/1\.1 408/);
});

test('a failure shows no stack', async () => {
  const port = await serve(known, { metrics: () => Promise.reject(new Error('secret words')) });

  expect(await get(port, '/metrics')).toMatchObject({ status: 500, body: 'error\n' });
});

test.each([
  ['a sample without type', 'a_total 1\n'],
  ['a counter without total', '# HELP a A.\n# TYPE a counter\na 1\n'],
  ['a series twice', '# HELP a A.\n# TYPE a gauge\na{x="1"} 1\na{x="1"} 2\n'],
  ['a metric in two blocks', '# HELP a A.\n# TYPE a gauge\na 1\n# HELP b B.\n# TYPE b gauge\nb 1\n# HELP a A.\n'],
  ['a quote that is not escaped', '# HELP a A.\n# TYPE a gauge\na{x="1"2"} 1\n'],
  ['a label twice', '# HELP a A.\n# TYPE a gauge\na{x="1",x="2"} 1\n'],
  ['no number', '# HELP a A.\n# TYPE a gauge\na one\n'],
  ['no end', '# HELP a A.\n# TYPE a gauge\na 1'],
  ['a type after its samples', '# HELP a A.\na 1\n# TYPE a gauge\n'],
  [
    'buckets that fall',
    '# HELP a A.\n# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n',
  ],
  ['buckets without an end', '# HELP a A.\n# TYPE a histogram\na_bucket{le="1"} 1\na_sum 1\na_count 1\n'],
])('the judge of metrics notices %s', (_what, text) => {
  expect(flawsOfMetrics(text)).not.toEqual([]);
});

test('metrics are in the format of Prometheus, and say what is known', async () => {
  let state: ReconcileState | undefined;
  const sources = { states: () => (state === undefined ? [] : [state]), now: () => nowMs };
  const metrics = new Metrics(sources);
  const empty = await metrics.text();
  state = { ...known, trouble };
  metrics.note({ type: 'cycle', outcome: 'looked', mode: 'enforce' }, state);
  metrics.note({ type: 'cycle', outcome: 'failed' }, state);
  metrics.note({ type: 'notice', outcome: 'sent', to: 'ops', tries: 1 }, state);
  metrics.noteRateLimitWait(2500, state);

  const text = await metrics.text();

  expect(flawsOfMetrics(empty)).toEqual([]);
  expect(flawsOfMetrics(text)).toEqual([]);
  const server = String.raw`server="https://chat.example.com/\"sub\""`;
  for (const line of [
    `muster_state{${server},state="failing",reason="API_UNAVAILABLE"} 1`,
    `muster_state{${server},state="ok",reason=""} 0`,
    `muster_drift_changes{${server},class="update",because="blocked"} 2`,
    `muster_cycles_total{${server},outcome="looked"} 1`,
    `muster_cycles_total{${server},outcome="failed"} 1`,
    `muster_actions_total{${server},outcome="done"} 3`,
    `muster_errors_total{${server},code="API_UNAVAILABLE"} 2`,
    `muster_rate_limit_wait_seconds_total{${server}} 2.5`,
    `muster_last_success_timestamp_seconds{${server}} ${Date.parse(known.beat) / 1000}`,
  ])
    expect(text).toContain(`${line}\n`);
});

test('the status page comes with the policy that browsers hold it to, and is not there where none is made', async () => {
  const port = await serve(known, { page: () => ({ html: '<!doctype html>', policy: "default-src 'none'" }) });
  const bare = await serve(known);

  const { status, headers, body } = await get(port, '/');

  expect([status, body]).toEqual([200, '<!doctype html>']);
  expect(headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'",
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
  expect((await get(bare, '/')).status).toBe(404);
});
