import { ApiBadRequestError, ApiNotFoundError, ApiTooLargeError, type ReadClient, type User } from '../../api/index.ts';
import { batchesOf } from '../../model/batches.ts';
import { fitsPath } from '../../model/email-rules.ts';
import { EmailNotTakenError, type LiveReader } from '../../model/live-reader.ts';
import type { LiveUser } from '../../model/live-state.ts';
import type { AccountId } from '../../model/user-values.ts';
import { toLiveUser } from '../live-user.ts';
import { SharedValues } from '../shared-values.ts';

export type UserReader = Pick<
  LiveReader,
  'usersByNames' | 'usersByIds' | 'userByEmail' | 'userPages' | 'countUsers' | 'countActivePeople' | 'botsThatGo'
>;

/** Accounts, read through a client that cannot write. */
export function userReader(client: ReadClient): UserReader {
  const shared = new SharedValues();
  const toLive = (users: readonly User[]): readonly LiveUser[] => users.map((user) => toLiveUser(user, shared));
  return {
    usersByNames: (names, expected) =>
      inBatches(names, async (chunk) =>
        (await client.users.byUsernames(chunk)).map((user) => toLiveUser(user, shared, expected?.(user.username))),
      ),
    usersByIds: (ids) => inBatches(ids, async (chunk) => toLive(await client.users.byIds(chunk))),
    userByEmail: (email) =>
      fitsPath(email)
        ? orNobody(async () => toLiveUser(await client.users.getByEmail(email).catch(notTaken)))
        : inListing(client, (live) => live.values.email === email),
    async *userPages(expected = 0) {
      for await (const page of client.users.pages({ perPage: 200, expected })) yield toLive(page);
    },
    countUsers: async () => {
      const everybody = { includeDeleted: true, includeBots: true, includeRemoteUsers: true };
      return (await client.users.statsFiltered(everybody)).total_users_count;
    },
    countActivePeople: async () => (await client.users.statsFiltered({})).total_users_count,
    botsThatGo: async () => {
      const { disablesBotsOfLeavers } = await client.system.teamSettings();
      return disablesBotsOfLeavers ? await activeBots(client) : new Map();
    },
  };
}

async function activeBots(client: ReadClient): Promise<ReadonlyMap<AccountId, readonly string[]>> {
  const byOwner = new Map<AccountId, string[]>();
  for await (const page of client.bots.pages({ perPage: 200 }))
    for (const { username, owner_id: owner, delete_at } of page)
      if (delete_at === 0) byOwner.set(owner, [...(byOwner.get(owner) ?? []), username]);
  return byOwner;
}

/** One account, fresh from the server. */
export function readUser(client: ReadClient, id: string): Promise<LiveUser | undefined> {
  return orNobody(async () => toLiveUser(await client.users.get(id)));
}

/** For what no path can carry: seldom, and as many requests as a listing takes. */
async function inListing(client: ReadClient, isMeant: (live: LiveUser) => boolean): Promise<LiveUser | undefined> {
  for await (const page of client.users.pages({ perPage: 200 })) {
    const found = page.map((user) => toLiveUser(user)).find(isMeant);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Batch after batch; where the server takes less in one request than it usually does, in halves. */
export async function inBatches(words: readonly string[], read: ReadBatch): Promise<readonly LiveUser[]> {
  const batches = batchesOf(words);
  const [only] = batches;
  if (only !== undefined && batches.length === 1) return orInHalves(only, read);
  const found: LiveUser[] = [];
  for (const batch of batches) found.push(...(await orInHalves(batch, read)));
  return found;
}

type ReadBatch = (batch: readonly string[]) => Promise<readonly LiveUser[]>;

async function orInHalves(batch: readonly string[], read: ReadBatch): Promise<readonly LiveUser[]> {
  try {
    return await read(batch);
  } catch (error) {
    if (!(error instanceof ApiTooLargeError) || batch.length === 1) throw error;
    const middle = Math.ceil(batch.length / 2);
    return [...(await orInHalves(batch.slice(0, middle), read)), ...(await orInHalves(batch.slice(middle), read))];
  }
}

async function orNobody(read: () => Promise<LiveUser>): Promise<LiveUser | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ApiNotFoundError) return undefined;
    throw error;
  }
}

function notTaken(error: unknown): never {
  throw error instanceof ApiBadRequestError ? new EmailNotTakenError(error) : error;
}
