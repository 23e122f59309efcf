/** The tokens of everybody by pages, which cost one request for each 200 of them. */
import { ApiForbiddenError, type ReadClient, type Token } from '../../api/index.ts';
import { byText } from '../../model/compare.ts';
import { groupBy } from '../../model/group-by.ts';
import type { LiveToken } from '../../model/live-state.ts';
import { maxReadings } from '../../model/moving-lists.ts';
import type { AccountId } from '../../model/user-values.ts';

export type TokensByOwner = ReadonlyMap<AccountId, readonly LiveToken[]>;

/** One walk through all pages. */
interface Reading {
  readonly ids: ReadonlySet<string>;
  /** No token stood on two pages: one that did may have pushed another one out unseen. */
  readonly isSound: boolean;
  readonly isProven: boolean;
}

/**
 * The server counts no tokens and lists them in the order of its table, in which a token that is disabled or rotated changes
 * its place. So a reading is proven by another one: what goes, comes or moves between two pages either stands twice in the
 * same reading, or is seen in one of the two alone.
 */
export class TokenPages {
  readonly #client: ReadClient;
  /** Whatever one of the readings showed, by id. */
  readonly #seen = new Map<string, LiveToken>();
  #last: Reading | undefined;
  #readings = 0;

  constructor(client: ReadClient) {
    this.#client = client;
  }

  /** What is there, and never that something is not: whatever one of the readings showed. `refused`: the caller may not list. */
  async shown(): Promise<TokensByOwner | 'refused'> {
    while (this.#last?.isSound !== true && this.#readings < maxReadings) if (!(await this.#walk())) return 'refused';
    return byOwner([...this.#seen.values()]);
  }

  /** All that is there; `undefined` when no two readings in a row showed the same, or the caller may not list. */
  async proven(): Promise<TokensByOwner | undefined> {
    while (this.#last?.isProven !== true) if (this.#readings >= maxReadings || !(await this.#walk())) return undefined;
    const { ids } = this.#last;
    return byOwner([...this.#seen.values()].filter(({ id }) => ids.has(id)));
  }

  /** @returns whether the server let the caller list tokens */
  async #walk(): Promise<boolean> {
    const previous = this.#last;
    const ids = new Set<string>();
    let rows = 0;
    try {
      for await (const page of this.#client.tokens.pages({ perPage: 200 })) {
        rows += page.length;
        for (const wire of page) {
          ids.add(wire.id);
          this.#seen.set(wire.id, toLiveToken(wire));
        }
      }
    } catch (error) {
      if (error instanceof ApiForbiddenError) return false;
      throw error;
    }
    const isSound = ids.size === rows;
    const isAgain = previous?.isSound === true && isSame(previous.ids, ids);
    this.#last = { ids, isSound, isProven: isSound && isAgain };
    this.#readings += 1;
    return true;
  }
}

const isSame = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  one.size === other.size && [...one].every((id) => other.has(id));

const byOwner = (tokens: readonly LiveToken[]): TokensByOwner =>
  groupBy(tokens.toSorted(byText(({ id }) => id)), ({ userId }) => userId);

export function toLiveToken({ id, user_id, description, is_active, expires_at = 0 }: Token): LiveToken {
  return {
    id,
    userId: user_id,
    description,
    enabled: is_active,
    ...(expires_at > 0 && { expiresAt: expires_at }),
  };
}
