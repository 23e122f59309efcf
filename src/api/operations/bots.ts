import { decodeBot, decodeBots } from '../decode-others.ts';
import type { PageQuery, Pages, Read } from '../operation.ts';
import { offsetPages } from '../pages.ts';
import type { Bot } from '../wire.ts';

export type BotFilters = { readonly includeDeleted?: boolean; readonly onlyOrphaned?: boolean };

export interface BotOperations {
  /** Reads one bot by the id of its account. */
  readonly get: Read<[botUserId: string], Bot, { readonly includeDeleted?: boolean }>;
  /** Reads one page of the bots. */
  readonly list: Read<[], readonly Bot[], BotFilters & PageQuery>;
  /** Reads all bots, page by page. */
  readonly pages: Pages<[], Bot, BotFilters>;
}

const bots: Read<[], readonly Bot[], BotFilters & PageQuery> = {
  access: 'read',
  method: 'GET',
  path: '/bots',
  permission: 'read_bots, read_others_bots',
  query: { includeDeleted: 'include_deleted', onlyOrphaned: 'only_orphaned', page: 'page', perPage: 'per_page' },
  decode: decodeBots,
};

export const botOperations: BotOperations = {
  get: {
    access: 'read',
    method: 'GET',
    path: '/bots/{bot_user_id}',
    permission: 'read_bots, or read_others_bots',
    query: { includeDeleted: 'include_deleted' },
    decode: decodeBot,
    disagrees: (bot, [botUserId]) => (bot.user_id === botUserId ? undefined : 'other-bot'),
  },
  list: bots,
  pages: offsetPages(bots),
};
