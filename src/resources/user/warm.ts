/** What a warm read asks of the server, through a client that cannot write. */
import { ApiForbiddenError, ApiNotFoundError, ApiNotImplementedError, type ReadClient } from '../../api/index.ts';
import { newestShown, type WarmSource } from '../../model/seen-people.ts';
import { toLiveUser } from '../live-user.ts';
import { SharedValues } from '../shared-values.ts';
import { inBatches } from './live.ts';

export function createWarmSource(client: ReadClient): WarmSource {
  const shared = new SharedValues();
  return {
    changedSince: (ids, sinceMs) =>
      inBatches(ids, async (batch) =>
        (await client.users.byIds(batch, { since: sinceMs })).map((user) => toLiveUser(user, shared)),
      ),
    newestPeople: () =>
      orNothing(async () => {
        const newest = { sortColumn: 'CreateAt', sortDirection: 'desc', perPage: newestShown } as const;
        const rows = await client.reports.users(newest);
        return rows.map(({ id, username, create_at: createdMs }) => ({ id, username, createdMs }));
      }),
    bots: () =>
      orNothing(async () => {
        const bots: Array<{ readonly id: string; readonly username: string }> = [];
        for await (const page of client.bots.pages({ includeDeleted: true, perPage: 200 }))
          bots.push(...page.map(({ user_id: id, username }) => ({ id, username })));
        return bots;
      }),
    serverTimeMs: () => client.serverTimeMs,
  };
}

/** A server that does not have a list, or does not show it, is read as ever. */
async function orNothing<Value>(read: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    const isRefusal = [ApiForbiddenError, ApiNotFoundError, ApiNotImplementedError].some((one) => error instanceof one);
    if (isRefusal) return undefined;
    throw error;
  }
}
