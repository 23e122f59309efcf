import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { admin, as, type Seen, sandboxFor } from './support.ts';

/**
 * What a running Mattermost answered: version 11.2.0, team edition, on a fresh database, recorded call by call. The
 * sandbox gets the same calls in the same order and has to give the same status, error id, keys and values.
 * `<username>` stands for the id of the account that was made under that name; `by` is whose token was used.
 */
interface Recorded {
  readonly topic: string;
  /** A change of settings between two calls; such a row has nothing else. */
  readonly config?: Readonly<Record<string, never>>;
  readonly by: string;
  readonly ask: string;
  readonly body?: string;
  readonly status: number;
  readonly id?: string;
  readonly keys?: string;
  readonly rows?: number;
  readonly values?: Readonly<Record<string, unknown>>;
}

const password = 'Passw0rd-probe';

const recorded: readonly Recorded[] = readFileSync(new URL('fixtures/seen-on-11.2.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line): Recorded => JSON.parse(line));

/** The sandbox as the recording began: one sign-up, who became administrator, logged in and made a token. */
async function freshServer(): Promise<{ readonly sandbox: Sandbox; readonly token: string }> {
  const sandbox = await sandboxFor({
    version: '11.2.0',
    seed: { admin: false },
    config: { 'TeamSettings.EnableOpenServer': true, 'EmailSettings.SendEmailNotifications': false },
  });
  const root = { username: 'probe-root', email: 'probe-root@example.test', password };
  await as(sandbox)('POST', '/users', root);
  return { sandbox, token: sandbox.control.createToken('probe-root', 'probe').secret };
}

class Replay {
  readonly #sandbox: Sandbox;
  readonly #tokens: Map<string, string>;
  readonly #ids = new Map<string, string>();

  constructor(sandbox: Sandbox, token: string) {
    this.#sandbox = sandbox;
    this.#tokens = new Map([
      ['admin', token],
      ['nobody', ''],
      ['token', 'x'.repeat(26)],
    ]);
    this.#ids.set('probe-root', sandbox.control.user('probe-root')?.id ?? '');
  }

  async step(row: Recorded): Promise<Seen | undefined> {
    if (row.config !== undefined) {
      this.#sandbox.control.setConfig(row.config);
      return undefined;
    }
    const [method = '', path = ''] = this.#filled(row.ask).split(' ');
    const body = row.body === undefined ? undefined : this.#filled(row.body);
    const seen = await as(this.#sandbox, this.#tokenOf(row.by))(method, path, body, { 'Accept-Encoding': 'identity' });
    this.#learn(seen);
    this.#noteLogin(seen);
    return seen;
  }

  #filled(text: string): string {
    return text.replaceAll(/<([a-z0-9._-]+)>/g, (whole, name: string) => this.#ids.get(name) ?? whole);
  }

  #tokenOf(by: string): string {
    const token = this.#tokens.get(by) ?? this.#tokens.get(`probe-${by}`);
    if (token === undefined) throw new Error(`the recording has no login of ${by}`);
    return token;
  }

  /** An account keeps the name that it was made under, whatever it is called later. */
  #learn({ json, rows }: Seen): void {
    for (const { username, id } of [json, ...rows]) {
      if (typeof username !== 'string' || typeof id !== 'string') continue;
      if (![...this.#ids.values()].includes(id)) this.#ids.set(username, id);
    }
  }

  #noteLogin({ headers, json }: Seen): void {
    const token = headers.get('token');
    if (token !== null) this.#tokens.set(String(json['username']), token);
  }
}

/** The part of an answer that the recording speaks of. */
function comparable(row: Recorded, seen: Seen): Partial<Recorded> {
  const values = row.values === undefined ? {} : { values: pick(seen.json, Object.keys(row.values)) };
  const keys = row.keys === undefined ? {} : { keys: Object.keys(seen.rows[0] ?? seen.json).join(' ') };
  return {
    status: seen.status,
    ...(row.id === undefined ? {} : { id: seen.id }),
    ...keys,
    ...(row.rows === undefined ? {} : { rows: seen.rows.length }),
    ...values,
  };
}

const pick = (from: Readonly<Record<string, unknown>>, names: readonly string[]): Readonly<Record<string, unknown>> =>
  // A time zone that a full update left out is null at first and {} once the server's cache is warm; the sandbox has no cache.
  Object.fromEntries(names.map((name) => [name, name === 'timezone' ? (from[name] ?? {}) : from[name]]));

function expectedOf({ status, id, keys, rows, values }: Recorded): Partial<Recorded> {
  return {
    status,
    ...(id === undefined ? {} : { id }),
    ...(keys === undefined ? {} : { keys }),
    ...(rows === undefined ? {} : { rows }),
    ...(values === undefined ? {} : { values }),
  };
}

const topics = [...new Set(recorded.map((row) => row.topic))];

describe('what a running server answered', () => {
  test.each(topics)('about %s', async (topic) => {
    const { sandbox, token } = await freshServer();
    const replay = new Replay(sandbox, token);
    const differences: unknown[] = [];

    for (const row of recorded.filter((candidate) => candidate.topic === topic)) {
      const seen = await replay.step(row);
      if (seen === undefined) continue;
      const [expected, got] = [expectedOf(row), comparable(row, seen)];
      if (!isSame(expected, got)) differences.push({ by: row.by, ask: row.ask, body: row.body, expected, got });
    }

    expect(differences).toEqual([]);
  });

  test('is enough to mean something, and a difference shows', async () => {
    const { sandbox } = await freshServer();
    const row = { topic: '', by: 'nobody', ask: 'GET /system/ping', status: 201 };

    const seen = await admin(sandbox)('GET', '/system/ping');

    expect(recorded.length).toBeGreaterThan(600);
    expect(isSame(expectedOf(row), comparable(row, seen))).toBe(false);
  });
});

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
