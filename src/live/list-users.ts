import { count } from '../model/count.ts';
import type { LiveReader } from '../model/live-reader.ts';
import type { LiveUser } from '../model/live-state.ts';
import { maxReadings } from '../model/moving-lists.ts';
import type { EmitRunEvent } from '../model/run-event.ts';
import type { AccountId } from '../model/user-values.ts';
import { ReadNotCompleteError } from './errors.ts';

/**
 * Lists every account, with proof: no id twice, and as many as the server counted before, or up to as many as after. Rows shift
 * between pages when an account is created or renamed meanwhile; then the list is read again, three times at most.
 *
 * @throws {ReadNotCompleteError} when no reading could be proven
 */
export async function listUsers(reader: LiveReader, emit: EmitRunEvent): Promise<ReadonlyMap<AccountId, LiveUser>> {
  return (await listUsersCounted(reader, emit)).users;
}

/** Every account, and the server's own counts that prove it. */
export interface ListedUsers {
  readonly users: ReadonlyMap<AccountId, LiveUser>;
  readonly before: number;
  readonly after: number;
}

/** The same, with the proof. */
export async function listUsersCounted(reader: LiveReader, emit: EmitRunEvent): Promise<ListedUsers> {
  const failures: string[] = [];
  for (let reading = 0; reading < maxReadings; reading++) {
    const before = await reader.countUsers();
    const { users, repeated } = await collect(reader, before, emit);
    const after = await reader.countUsers();
    const flaw = flawOf({ found: users.size, repeated, before, after });
    if (flaw === undefined) return { users, before, after };
    failures.push(flaw);
  }
  throw new ReadNotCompleteError(failures);
}

async function collect(
  reader: LiveReader,
  total: number,
  emit: EmitRunEvent,
): Promise<{ users: ReadonlyMap<AccountId, LiveUser>; repeated: number }> {
  const users = new Map<AccountId, LiveUser>();
  let repeated = 0;
  for await (const page of reader.userPages(total)) {
    for (const user of page) {
      if (users.has(user.id)) repeated++;
      users.set(user.id, user);
    }
    emit({ type: 'reading', what: 'accounts', done: users.size, total });
  }
  return { users, repeated };
}

export interface Reading {
  readonly found: number;
  readonly repeated: number;
  readonly before: number;
  readonly after: number;
}

/**
 * Why a reading proves nothing; `undefined` when it does prove the list complete.
 *
 * An account that comes before the place that is being read pushes a row onto the next page, which then shows twice. An account
 * who goes pulls one out unseen, and leaves no trace but the smaller count: so a server that shrinks proves nothing.
 */
export function flawOf({ found, repeated, before, after }: Reading): string | undefined {
  if (repeated > 0) return `${count(repeated, 'account was', 'accounts were')} listed twice`;
  if (after < before) return `the server counted ${count(before, 'account')} before and ${after} after`;
  if (found >= before && found <= after) return undefined;
  return `${count(found, 'account was', 'accounts were')} listed where the server counts ${before === after ? before : `${before} to ${after}`}`;
}
