import { ApiError, ApiNotFoundError, type NewToken, type TokenRequest, type WriteClient } from '../../api/index.ts';
import type { LostToken, Swept } from '../../model/action-runner.ts';
import { MusterError } from '../../model/muster-error.ts';
import { maxReadings } from '../../model/replica-lag.ts';
import type { AccountId } from '../../model/user-values.ts';
import type { Waits } from '../kind-ports.ts';
import { LeftBehindError } from '../run-call.ts';
import { NewTokenError } from './new-token-error.ts';

export const isLost = (error: unknown): error is ApiError => error instanceof ApiError && error.retry === 'look-first';

/** A try that may have made a token which may not stay. */
interface Try extends LostToken {
  /** Where its response arrived: the token's id, and why it may not stay. */
  readonly made?: { readonly id: string; readonly why: string };
}

/** Makes tokens, and sees to it that none lives whose secret is nowhere: the server tells it once. */
export class LostTokens {
  readonly #client: WriteClient;
  readonly #waits: Waits;
  readonly #tries: Try[] = [];
  /** Marks of tokens that an action left behind, as it said itself. */
  readonly #leftBehind = new Set<string>();
  /** Ids of tokens that were taken away again; a list may still show them. */
  readonly #revoked = new Set<string>();
  /** Marks of tokens that may still come: their calls may not be over yet. */
  readonly #mayCome = new Set<string>();

  constructor(client: WriteClient, waits: Waits) {
    this.#client = client;
    this.#waits = waits;
  }

  /**
   * @throws {LeftBehindError} when the response was lost and the token could not be looked for, or not be revoked, or may
   *   still come
   * @throws the error of the call in every other case; then no token of this try is there
   */
  async make(one: LostToken, more: Omit<TokenRequest, 'description'> = {}): Promise<NewToken> {
    try {
      return await this.#client.tokens.create(one.account, { description: one.mark, ...more });
    } catch (error) {
      if (!isLost(error)) throw error;
      this.#tries.push(one);
      // It may be carried out late; and where only the answer cannot be read, a list may show it late.
      if (!(await this.#waits.waitUntilSettled())) this.#mayCome.add(one.mark);
      await this.#clearNow(one);
      throw error;
    }
  }

  /**
   * Revokes a token that was made, and whose secret is not where it should be.
   *
   * @throws {LeftBehindError} when it could not be revoked; `sweep` tries again
   */
  async takeBack(one: LostToken, id: string, why: string): Promise<void> {
    try {
      await revokeSurely(this.#client, one.account, id, this.#waits.pause);
      this.#revoked.add(id);
    } catch (error) {
      this.#tries.push({ ...one, made: { id, why } });
      this.#leftBehind.add(one.mark);
      throw new LeftBehindError({ is: 'not-revoked', why, id }, { cause: error });
    }
  }

  isRevoked(id: string): boolean {
    return this.#revoked.has(id);
  }

  async sweep(): Promise<Swept> {
    const left = new Map<string, MusterError>();
    const cleared = new Map<string, MusterError>();
    for (const one of this.#tries) {
      try {
        await this.clear(one);
        if (this.#leftBehind.has(one.mark)) cleared.set(one.action, revokedLate(one));
      } catch (error) {
        if (!(error instanceof MusterError)) throw error;
        left.set(one.action, error);
      }
    }
    return { left, cleared };
  }

  async #clearNow(one: Try): Promise<void> {
    try {
      await this.clear(one);
    } catch (error) {
      this.#leftBehind.add(one.mark);
      throw error;
    }
  }

  /** @throws {LeftBehindError} when the token could not be looked for, or not be revoked, or may still come */
  async clear({ account, mark, made }: Try): Promise<void> {
    try {
      const found = await this.#client.tokens.search(account);
      for (const { id } of found.filter((token) => token.description === mark)) {
        await revokeSurely(this.#client, account, id, this.#waits.pause);
        this.#revoked.add(id);
        this.#mayCome.delete(mark);
      }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new LeftBehindError(made === undefined ? { is: 'token-lost', mark, why } : { is: 'not-revoked', ...made }, {
        cause: error,
      });
    }
    if (this.#mayCome.has(mark)) {
      throw new LeftBehindError({ is: 'interrupted', mark });
    }
  }
}

const revokedLate = ({ mark, made }: Try): NewTokenError =>
  new NewTokenError(made === undefined ? { is: 'lost-and-revoked', mark } : { is: 'revoked-late', why: made.why });

const maxRevokes = 3;

/** Revokes a token; where the server does not find it, or its response was lost, it looks before another try. */
async function revokeSurely(client: WriteClient, account: AccountId, id: string, pause: Waits['pause']): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.tokens.revoke(id);
      return;
    } catch (error) {
      if (!isLost(error) && !(error instanceof ApiNotFoundError)) throw error;
      if (await isGone(client, account, id, pause)) return;
      if (attempt === maxRevokes) throw error;
    }
  }
}

/** A replica may not show a token yet that was just made: only what does not show again and again is gone. */
async function isGone(client: WriteClient, account: AccountId, id: string, pause: Waits['pause']): Promise<boolean> {
  for (let reading = 1; reading <= maxReadings; reading++) {
    await pause();
    if ((await client.tokens.search(account)).some((token) => token.id === id)) return false;
  }
  return true;
}
