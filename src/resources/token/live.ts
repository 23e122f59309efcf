import type { ReadClient, Token } from '../../api/index.ts';
import type { LiveReader } from '../../model/live-reader.ts';
import type { LiveToken } from '../../model/live-state.ts';

export type TokenReader = Pick<LiveReader, 'tokensOf' | 'tokenPages'>;

/** Tokens without their secrets, read through a client that cannot write. */
export function tokenReader(client: ReadClient): TokenReader {
  return {
    // The search compares with the owner's id for equality and is not paged: one answer has all of them.
    tokensOf: async (id) => (await client.tokens.search(id)).filter(({ user_id }) => user_id === id).map(toLiveToken),
    async *tokenPages() {
      for await (const page of client.tokens.pages({ perPage: 200 })) yield page.map(toLiveToken);
    },
  };
}

function toLiveToken({ id, user_id, description, is_active, expires_at = 0 }: Token): LiveToken {
  return {
    id,
    userId: user_id,
    description,
    enabled: is_active,
    ...(expires_at > 0 && { expiresAt: expires_at }),
  };
}
