import { decodeTeams } from '../decode-integrations.ts';
import type { PageQuery, Pages, Read } from '../operation.ts';
import { offsetPages } from '../pages.ts';
import type { Team } from '../wire.ts';

export interface TeamOperations {
  /** Reads one page of the teams. */
  readonly list: Read<[], readonly Team[], PageQuery>;
  /** Reads all teams, page by page. */
  readonly pages: Pages<[], Team>;
}

const list: Read<[], readonly Team[], PageQuery> = {
  access: 'read',
  method: 'GET',
  path: '/teams',
  permission: 'list_public_teams, list_private_teams',
  query: { page: 'page', perPage: 'per_page' },
  decode: decodeTeams,
};

export const teamOperations: TeamOperations = { list, pages: offsetPages(list) };
