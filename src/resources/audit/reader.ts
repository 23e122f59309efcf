/** What only an audit reads, through a client that cannot write. */
import { ApiForbiddenError, ApiNotFoundError, ApiNotImplementedError, type ReadClient } from '../../api/index.ts';
import type { Activity, LiveBot } from '../../model/audit.ts';
import type { AuditReader, Readable } from '../../model/audit-reader.ts';

export function createAuditReader(client: ReadClient): AuditReader {
  return {
    activity: () => orMissing(() => readActivity(client)),
    sessions: async (id) =>
      (await client.sessions.list(id)).map(({ id: session, last_activity_at, props }) => ({
        id: session,
        lastActivityMs: last_activity_at,
        ...(props['user_access_token_id'] !== undefined && { token: props['user_access_token_id'] }),
      })),
    bots: () => orMissing(() => readBots(client)),
    webhooks: () => Promise.resolve({ missing: 'muster does not read webhooks' }),
    commands: () => Promise.resolve({ missing: 'muster does not read slash commands' }),
  };
}

async function readActivity(client: ReadClient): Promise<ReadonlyMap<string, Activity>> {
  const found = new Map<string, Activity>();
  for await (const page of client.reports.pages({})) {
    for (const { id, create_at, last_login = 0, last_status_at = 0, last_post_date = 0 } of page) {
      const lastMs = Math.max(last_login, last_status_at, last_post_date);
      found.set(id, { createdMs: create_at, ...(lastMs > 0 && { lastMs }) });
    }
  }
  return found;
}

async function readBots(client: ReadClient): Promise<readonly LiveBot[]> {
  const found: LiveBot[] = [];
  for await (const page of client.bots.pages({ includeDeleted: true, perPage: 200 })) {
    for (const { user_id: id, username, owner_id: owner, delete_at } of page)
      found.push({ id, username, owner, active: delete_at === 0 });
  }
  return found;
}

const refusals = [ApiForbiddenError, ApiNotFoundError, ApiNotImplementedError];

/** A server that does not have the report, or does not show it, ends no audit: the report says what is missing. */
async function orMissing<Value>(read: () => Promise<Value>): Promise<Readable<Value>> {
  try {
    return { value: await read() };
  } catch (error) {
    if (error instanceof Error && refusals.some((one) => error instanceof one)) return { missing: error.message };
    throw error;
  }
}
