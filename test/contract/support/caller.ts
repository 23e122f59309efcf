// oxlint-disable vitest/no-standalone-expect, vitest/valid-expect -- operations.test.ts makes tests of what stands here; a second argument says where
import { type IncomingHttpHeaders, request } from 'node:http';
import { expect } from 'vitest';

/** An answer as it stood on the wire. */
export interface Reply {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  /** The body as JSON; `undefined` when it is none. */
  readonly json: unknown;
}

export interface RequestOptions {
  /** JSON, or bytes or a text that are sent as they are. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Raw HTTP in somebody's name: no retries, no decompression, no redirects, no decoding that could hide something. */
export class Caller {
  readonly url: string;
  readonly token: string | undefined;
  /** The account that no case may write to, by its own hand or another's: the administrator whom the suite borrowed. */
  readonly spared: string | undefined;

  constructor(url: string, token?: string, spared?: string) {
    this.url = url;
    this.token = token;
    this.spared = spared;
  }

  get(path: string, headers?: RequestOptions['headers']): Promise<Reply> {
    return this.send('GET', path, headers === undefined ? {} : { headers });
  }

  post(path: string, body?: unknown): Promise<Reply> {
    return this.send('POST', path, { body });
  }

  put(path: string, body?: unknown): Promise<Reply> {
    return this.send('PUT', path, { body });
  }

  delete(path: string): Promise<Reply> {
    return this.send('DELETE', path);
  }

  /** Sends one request, and holds every answer against what all answers of the API have in common. */
  async send(method: string, path: string, { body, headers = {} }: RequestOptions = {}): Promise<Reply> {
    if (method !== 'GET') this.#spare(path);
    const own = this.token === undefined ? {} : { authorization: `Bearer ${this.token}` };
    const reply = await exchange(new URL(`${this.url}/api/v4`), method, path, bytesOf(body), { ...own, ...headers });
    expectEnvelope(reply);
    return reply;
  }

  #spare(path: string): void {
    if (this.spared === undefined) return;
    const isOwn = /^\/users\/(?:me\b|logout|sessions\/device)/.test(path) || path.includes(this.spared);
    if (isOwn) throw new Error(`${path}: would write to the account that the suite borrowed`);
  }
}

function bytesOf(body: unknown): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

function exchange(
  base: URL,
  method: string,
  path: string,
  body: Buffer,
  headers: Readonly<Record<string, string>>,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      // The path is not put through URL, which would tidy what a case wants to send.
      { host: base.hostname, port: base.port, method, path: base.pathname + path, headers: withLength(headers, body) },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const text = bytes.toString('utf8');
          const { statusCode: status = 0 } = incoming;
          resolve({ method, path, status, headers: incoming.headers, bytes, text, json: jsonOf(text) });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const withLength = (headers: Readonly<Record<string, string>>, body: Buffer): Readonly<Record<string, string>> =>
  body.length === 0 ? headers : { ...headers, 'content-length': String(body.length) };

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const bare: ReadonlySet<string> = new Set(['content-type', 'content-length', 'date', 'connection', 'keep-alive']);

/** What every answer below `/api/v4` has in common, whatever was asked (API §14.1, §14.3). */
function expectEnvelope(reply: Reply): void {
  const { headers, status, json, method } = reply;
  const where = `${method} ${reply.path} → ${status} ${reply.text.slice(0, 200)}`;
  if (status === 301 || status === 429) return;
  const error = errorOf(json);
  if (error?.['id'] === 'api.context.404.app_error') {
    expect(
      Object.keys(headers).filter((name) => !bare.has(name) && name !== 'transfer-encoding'),
      where,
    ).toEqual([]);
    expect(Object.keys(error), where).toEqual(['id', 'message', 'detailed_error', 'status_code']);
    return;
  }
  if (status !== 414) {
    expect(headers['x-request-id'], where).toMatch(/^[ybndrfg8ejkmcpqxot1uwisza345h769]{26}$/);
    expect(headers['x-version-id'], where).toMatch(/^\d+\.\d+\.\d+\..*\.[0-9a-f]{64}\.(?:true|false)$/);
    expect(headers['x-content-type-options'], where).toBe('nosniff');
    expect(headers['referrer-policy'], where).toBe('no-referrer');
    expect(headers['permissions-policy'], where).toBe('');
    if (method !== 'GET') expect(headers.expires ?? '0', where).toBe('0');
    else expect(headers.expires, where).toBe('0');
  }
  if (error === undefined) return;
  expect(headers['content-type'], where).toBe('application/json');
  expect(Object.keys(error), where).toEqual(['id', 'message', 'detailed_error', 'request_id', 'status_code']);
  expect(error['status_code'], where).toBe(status);
  if (status !== 414) expect(error['request_id'], where).toBe(headers['x-request-id']);
}

/** The body of a refusal, if it is one. */
function errorOf(json: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  return 'status_code' in json && 'detailed_error' in json ? { ...json } : undefined;
}
