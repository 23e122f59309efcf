import { decodeAudits } from '../decode-others.ts';
import type { PageQuery, Pages, Read } from '../operation.ts';
import { offsetPages } from '../pages.ts';
import type { Audit } from '../wire.ts';
import { selfOrEdit } from './permissions.ts';

export interface AuditOperations {
  /** Reads one page of what an account did, newest first. */
  readonly list: Read<[userId: string], readonly Audit[], PageQuery>;
  /** Reads what an account did, page by page. */
  readonly pages: Pages<[userId: string], Audit>;
}

const audits: Read<[userId: string], readonly Audit[], PageQuery> = {
  access: 'read',
  method: 'GET',
  path: '/users/{user_id}/audits',
  reference: 'users-user-id-audits-get',
  permission: selfOrEdit,
  query: { page: 'page', perPage: 'per_page' },
  decode: decodeAudits,
};

export const auditOperations: AuditOperations = { list: audits, pages: offsetPages(audits) };
