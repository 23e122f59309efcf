/** What only an audit reads, through a client that cannot write. */
import { ApiForbiddenError, ApiNotFoundError, ApiNotImplementedError, type ReadClient } from '../../api/index.ts';
import type { Activity, LiveBot, LiveIntegration } from '../../model/audit.ts';
import { type AuditReader, type CountedActivity, type Readable, shortId } from '../../model/audit-reader.ts';
import { listAll, RowsMovedError } from '../list-all.ts';

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
    webhooks: () => readWebhooks(client),
    commands: () => orMissing(() => readSlashCommands(client)),
  };
}

async function readActivity(client: ReadClient): Promise<CountedActivity> {
  const byAccount = new Map<string, Activity>();
  const before = await client.reports.count();
  for await (const page of client.reports.pages({})) {
    for (const { id, create_at, last_login = 0, last_status_at = 0, last_post_date = 0 } of page) {
      const lastMs = Math.max(last_login, last_status_at, last_post_date);
      byAccount.set(id, { createdMs: create_at, ...(lastMs > 0 && { lastMs }) });
    }
  }
  return { byAccount, before, after: await client.reports.count() };
}

async function readBots(client: ReadClient): Promise<readonly LiveBot[]> {
  const found: LiveBot[] = [];
  for await (const page of client.bots.pages({ includeDeleted: true, perPage: 200 })) {
    for (const { user_id: id, username, owner_id: owner, delete_at } of page)
      found.push({ id, username, owner, active: delete_at === 0 });
  }
  return found;
}

/** A server may have switched off one sort and not the other. */
async function readWebhooks(client: ReadClient): Promise<Readable<readonly LiveIntegration[]>> {
  const sorts = [
    await orMissing(async () =>
      (await listAll(() => client.webhooks.incomingPages({ perPage: 200 }))).map(({ id, user_id, display_name }) => ({
        id: shortId(id),
        sort: 'incoming webhook',
        name: display_name,
        creator: user_id,
      })),
    ),
    await orMissing(async () =>
      (await listAll(() => client.webhooks.outgoingPages({ perPage: 200 }))).map(
        ({ id, creator_id, display_name }) => ({
          id,
          sort: 'outgoing webhook',
          name: display_name,
          creator: creator_id,
        }),
      ),
    ),
  ];
  const missing = sorts.flatMap((one) => (one.missing === undefined ? [] : [one.missing])).join('; ');
  if (sorts.every(({ value }) => value === undefined)) return { missing };
  return { value: sorts.flatMap(({ value = [] }) => value), ...(missing !== '' && { missing }) };
}

/** Those that people made; the server lists them team by team, and has no pages of them. */
async function readSlashCommands(client: ReadClient): Promise<readonly LiveIntegration[]> {
  const found: LiveIntegration[] = [];
  for (const team of await listAll(() => client.teams.pages({ perPage: 200 }))) {
    for (const { id, creator_id: creator, trigger } of await client.slashCommands.list(team.id))
      found.push({ id, sort: 'slash command', name: `/${trigger}`, creator });
  }
  return found;
}

const refusals = [ApiForbiddenError, ApiNotFoundError, ApiNotImplementedError, RowsMovedError];

/** A server that does not have the report, or does not show it, ends no audit: the report says what is missing. */
async function orMissing<Value>(read: () => Promise<Value>): Promise<Readable<Value>> {
  try {
    return { value: await read() };
  } catch (error) {
    if (error instanceof Error && refusals.some((one) => error instanceof one)) return { missing: error.message };
    throw error;
  }
}
