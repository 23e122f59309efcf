import { ApiBadRequestError, ApiNotFoundError, type ReadClient } from '../../api/index.ts';
import { fitsPath } from '../../model/email-rules.ts';
import { EmailNotTakenError, type LiveReader } from '../../model/live-reader.ts';
import type { LiveUser } from '../../model/live-state.ts';
import { toLiveUser } from '../live-user.ts';

/** Fits the body limit of every server, and is answered in one piece. */
const namesPerCall = 1000;

export type UserReader = Pick<LiveReader, 'usersByNames' | 'usersByIds' | 'userByEmail' | 'userPages' | 'countUsers'>;

/** Accounts, read through a client that cannot write. */
export function userReader(client: ReadClient): UserReader {
  return {
    usersByNames: (names) => inChunks(names, async (chunk) => (await client.users.byUsernames(chunk)).map(toLiveUser)),
    usersByIds: (ids) => inChunks(ids, async (chunk) => (await client.users.byIds(chunk)).map(toLiveUser)),
    userByEmail: (email) =>
      fitsPath(email)
        ? orNobody(async () => toLiveUser(await client.users.getByEmail(email).catch(notTaken)))
        : inListing(client, (live) => live.values.email === email),
    async *userPages() {
      for await (const page of client.users.pages({ perPage: 200 })) yield page.map(toLiveUser);
    },
    countUsers: async () => {
      const everybody = { includeDeleted: true, includeBots: true, includeRemoteUsers: true };
      return (await client.users.statsFiltered(everybody)).total_users_count;
    },
  };
}

/** One account, fresh from the server. */
export function readUser(client: ReadClient, id: string): Promise<LiveUser | undefined> {
  return orNobody(async () => toLiveUser(await client.users.get(id)));
}

/** For what no path can carry: seldom, and as many requests as a listing takes. */
async function inListing(client: ReadClient, isMeant: (live: LiveUser) => boolean): Promise<LiveUser | undefined> {
  for await (const page of client.users.pages({ perPage: 200 })) {
    const found = page.map(toLiveUser).find(isMeant);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function inChunks(
  words: readonly string[],
  read: (chunk: readonly string[]) => Promise<readonly LiveUser[]>,
): Promise<readonly LiveUser[]> {
  const found: LiveUser[] = [];
  for (let from = 0; from < words.length; from += namesPerCall)
    found.push(...(await read(words.slice(from, from + namesPerCall))));
  return found;
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
