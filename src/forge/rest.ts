/** The REST API of a forge: tries again what may pass, and reads all pages. */
import { type ForgeRequest, type ForgeResponse, sendToForge } from '../api/forge-request.ts';
import type { ForgeKind } from '../model/forge.ts';
import { isRecord } from '../model/is-record.ts';
import { Secret } from '../model/secret.ts';
import { ForgeFailedError, ForgeRefusedError } from './errors.ts';
import { forgeRows } from './forge-rows.ts';
import type { ForgePorts } from './ports.ts';

type Method = ForgeRequest['method'];

export interface RestPlace {
  readonly forge: ForgeKind;
  /** Of the API. */
  readonly base: string;
  readonly header: ForgeRequest['header'];
}

/** Between one try and the next, where the other side does not say how long. */
const delaysMs = [1000, 4000, 16_000];
const longestWaitMs = 60_000;
const perPage = 100;
/** A pull request with more comments has other troubles. */
const maxPages = 50;

export class RestClient {
  readonly #place: RestPlace;
  readonly #ports: ForgePorts;
  readonly #token: Secret;

  /** @throws {ForgeRefusedError} where there is no token */
  constructor(place: RestPlace, ports: ForgePorts) {
    this.#place = place;
    this.#ports = ports;
    const { name: forge, tokenIn } = forgeRows[place.forge];
    const found = tokenIn.map((name) => ports.env[name] ?? '').find((value) => value !== '');
    if (found === undefined) throw new ForgeRefusedError({ is: 'no-token', forge, variable: tokenIn.join(' or ') });
    this.#token = new Secret(found);
  }

  /**
   * @param expected - statuses that are answers, and not failures, beside those of success
   * @throws {ForgeFailedError} where there is no answer
   * @throws {ForgeRefusedError} where it is refused
   */
  async ask(
    method: Method,
    path: string,
    body?: object,
    expected: readonly number[] = [],
  ): Promise<{ readonly status: number; readonly json: unknown }> {
    const answer = await this.#send(method, path, body);
    if ((answer.status >= 200 && answer.status < 300) || expected.includes(answer.status)) return answer;
    const { name: forge } = forgeRows[this.#place.forge];
    const said = { forge, status: answer.status, method, path: pathOf(path) };
    // What a token may not see is not there for it.
    if ([401, 403, 404].includes(answer.status)) throw new ForgeRefusedError({ is: 'forbidden', ...said });
    throw new ForgeFailedError({ is: 'status', ...said });
  }

  /** All rows of a list. */
  async list(path: string): Promise<ReadonlyArray<Readonly<Record<string, unknown>>>> {
    const rows: Readonly<Record<string, unknown>>[] = [];
    for (let page = 1; page <= maxPages; page++) {
      const sign = path.includes('?') ? '&' : '?';
      const { json } = await this.ask('GET', `${path}${sign}per_page=${perPage}&page=${page}`);
      if (!Array.isArray(json)) throw this.unread('GET', path);
      rows.push(...json.filter(isRecord));
      if (json.length < perPage) break;
    }
    return rows;
  }

  unread(method: Method, path: string): ForgeFailedError {
    const { forge, base } = this.#place;
    return new ForgeFailedError({ is: 'unread', forge: forgeRows[forge].name, method, path: pathOf(path), base });
  }

  async #send(method: Method, path: string, body: object | undefined): Promise<Answered> {
    const { base, header, forge } = this.#place;
    const { env, clock, signal } = this.#ports;
    for (let tries = 1; ; tries++) {
      const answer = await sendToForge({
        base,
        method,
        path,
        ...(body !== undefined && { body }),
        token: this.#token,
        header,
        env,
        signal,
      });
      const delayMs = waitBefore(answer, tries);
      if (delayMs !== undefined && signal?.aborted !== true) await clock.sleep(delayMs, signal);
      else if ('why' in answer)
        throw new ForgeFailedError({ is: 'no-answer', forge: forgeRows[forge].name, tries, why: answer.why });
      else return answer;
    }
  }
}

type Answered = Extract<ForgeResponse, { readonly status: number }>;

/** @returns `undefined` where another try is of no use */
function waitBefore(answer: ForgeResponse, tries: number): number | undefined {
  const delayMs = delaysMs[tries - 1];
  if (delayMs === undefined) return undefined;
  if ('why' in answer) return delayMs;
  const { status, retryAfterMs } = answer;
  const isPassing = status === 429 || status >= 500 || status === 408 || (status === 403 && retryAfterMs !== undefined);
  return isPassing ? Math.min(retryAfterMs ?? delayMs, longestWaitMs) : undefined;
}

const pathOf = (path: string): string => path.split('?', 1)[0] ?? path;

/** A text of an answer, or nothing. */
export const textIn = (row: unknown, ...path: readonly string[]): string | undefined => {
  const found = path.reduce<unknown>((part, name) => (isRecord(part) ? part[name] : undefined), row);
  return typeof found === 'string' ? found : typeof found === 'number' ? String(found) : undefined;
};
