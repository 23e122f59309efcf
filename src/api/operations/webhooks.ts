import { decodeIncomingWebhooks, decodeOutgoingWebhooks } from '../decode-integrations.ts';
import type { PageQuery, Pages, Read } from '../operation.ts';
import { offsetPages } from '../pages.ts';
import type { IncomingWebhook, OutgoingWebhook } from '../wire.ts';

export interface WebhookOperations {
  /** Reads one page of the incoming webhooks of all teams. The pages have no order. */
  readonly incoming: Read<[], readonly IncomingWebhook[], PageQuery>;
  /** Reads all incoming webhooks, page by page. */
  readonly incomingPages: Pages<[], IncomingWebhook>;
  /** Reads one page of the outgoing webhooks of all teams, without their tokens. The pages have no order. */
  readonly outgoing: Read<[], readonly OutgoingWebhook[], PageQuery>;
  /** Reads all outgoing webhooks, page by page. */
  readonly outgoingPages: Pages<[], OutgoingWebhook>;
}

const incoming: Read<[], readonly IncomingWebhook[], PageQuery> = {
  access: 'read',
  method: 'GET',
  path: '/hooks/incoming',
  permission: 'manage_own_incoming_webhooks; those of others: manage_others_incoming_webhooks',
  query: { page: 'page', perPage: 'per_page' },
  // Their ids: who knows one may post.
  tellsSecret: true,
  decode: decodeIncomingWebhooks,
};

const outgoing: Read<[], readonly OutgoingWebhook[], PageQuery> = {
  access: 'read',
  method: 'GET',
  path: '/hooks/outgoing',
  permission: 'manage_own_outgoing_webhooks; those of others: manage_others_outgoing_webhooks',
  query: { page: 'page', perPage: 'per_page' },
  tellsSecret: true,
  decode: decodeOutgoingWebhooks,
};

export const webhookOperations: WebhookOperations = {
  incoming,
  incomingPages: offsetPages(incoming),
  outgoing,
  outgoingPages: offsetPages(outgoing),
};
