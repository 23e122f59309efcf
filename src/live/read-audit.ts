import type { AuditReads, LiveSession } from '../model/audit.ts';
import type { AuditReader, CountedActivity, Readable } from '../model/audit-reader.ts';
import type { ReadStatement } from '../model/generated/audit-report.ts';
import type { OwnedKind } from '../model/kinds.ts';
import type { ReadOfAll } from '../model/live-reader.ts';
import type { LiveState } from '../model/live-state.ts';
import { maxReadings } from '../model/moving-lists.ts';
import type { EmitRunEvent } from '../model/run-event.ts';
import type { AccountId } from '../model/user-values.ts';
import { ReadNotCompleteError } from './errors.ts';
import { flawOf } from './list-users.ts';
import { readEach } from './read-each.ts';

/** How each thing is read, for the completeness statement. */
const calls = {
  accounts: 'GET /users, all pages; counted by GET /users/stats/filtered',
  memberships:
    'GET /teams and GET /channels, all pages; POST members/ids of each team and private channel, or GET memberships of each account; other channels of guests and inactive accounts',
  activity: 'GET /reports/users, all pages; counted by GET /reports/users/count',
  sessions: 'GET /users/{user_id}/sessions, for inactive accounts and owners of tokens',
  bots: 'GET /bots, all pages',
  webhooks: 'GET /hooks/incoming and /hooks/outgoing, all pages',
  commands: 'GET /teams, all pages; GET /commands for each team',
} as const;

/** How the tokens were read: by proven pages, or account by account. */
const tokenCalls = {
  pages:
    'GET /users/tokens, all pages, until two readings in a row show the same; POST /users/tokens/search for accounts whose entries decide about tokens',
  searches: 'POST /users/tokens/search for each account',
} as const;

/** By which calls each kind was read. */
export type WaysOfReading = { readonly [K in OwnedKind]: WayOfReading };
export type WayOfReading = Pick<ReadOfAll<unknown>, 'by' | 'missing'>;

/**
 * Reads what an audit needs beside the live state, and says of each read what it found.
 *
 * @param live - with every account and every token
 */
export async function readForAudit(
  reader: AuditReader,
  live: LiveState,
  ways: WaysOfReading,
  emit: EmitRunEvent,
): Promise<AuditReads> {
  const activity = await readActivity(reader);
  const sessions = await readSessions(reader, live, emit);
  const [bots, webhooks, commands] = [await reader.bots(), await reader.webhooks(), await reader.commands()];
  const tokens = [...live.owned.token.values()].reduce((sum, own) => sum + own.length, 0);
  const memberships = [...live.owned.membership.values()].reduce((sum, { members }) => sum + members.length, 0);
  const { missing } = ways.membership;
  return {
    ...(activity.value !== undefined && { activity: activity.value.byAccount }),
    sessions,
    ...(bots.value !== undefined && { bots: bots.value }),
    ...(webhooks.value !== undefined && { webhooks: webhooks.value }),
    ...(commands.value !== undefined && { commands: commands.value }),
    statements: [
      { what: 'accounts', by: calls.accounts, found: live.users.size, ...live.coverage.counted },
      { what: 'tokens', by: tokenCalls[ways.token.by], found: tokens },
      { what: 'memberships', by: calls.memberships, found: memberships, ...(missing !== undefined && { missing }) },
      { ...statementOf('activity', activity, ({ byAccount }) => byAccount.size), ...countsOf(activity.value) },
      { what: 'sessions', by: calls.sessions, found: [...sessions.values()].reduce((sum, own) => sum + own.length, 0) },
      statementOf('bots', bots, ({ length }) => length),
      statementOf('webhooks', webhooks, ({ length }) => length),
      statementOf('commands', commands, ({ length }) => length),
    ],
  };
}

/**
 * Read until it is proven, as the accounts are.
 *
 * @throws {ReadNotCompleteError} when no reading could be proven
 */
async function readActivity(reader: AuditReader): Promise<Readable<CountedActivity>> {
  const failures: string[] = [];
  while (failures.length < maxReadings) {
    const read = await reader.activity();
    if (read.value === undefined) return read;
    const { byAccount, ...counted } = read.value;
    const flaw = flawOf({ found: byAccount.size, repeated: 0, ...counted });
    if (flaw === undefined) return read;
    failures.push(flaw);
  }
  throw new ReadNotCompleteError(failures);
}

const countsOf = (read: CountedActivity | undefined): Pick<ReadStatement, 'before' | 'after'> =>
  read === undefined ? {} : { before: read.before, after: read.after };

function statementOf<Value>(
  what: keyof typeof calls,
  { value, missing }: Readable<Value>,
  count: (value: Value) => number,
): ReadStatement {
  const found = value === undefined ? 0 : count(value);
  return { what, by: calls[what], found, ...(missing !== undefined && { missing }) };
}

/** Of people who left, since theirs must be gone, and of owners of tokens, since a token that is used has one. */
async function readSessions(
  reader: AuditReader,
  { users, owned }: LiveState,
  emit: EmitRunEvent,
): Promise<ReadonlyMap<AccountId, readonly LiveSession[]>> {
  const ids = [...users.values()]
    .filter(({ id, isRemote, values }) => !isRemote && (!values.active || (owned.token.get(id)?.length ?? 0) > 0))
    .map(({ id }) => id);
  const found = await readEach(ids, async (id, done) => {
    emit({ type: 'reading', what: 'sessions', done, total: ids.length });
    return [id, await reader.sessions(id)] as const;
  });
  return new Map(found);
}
