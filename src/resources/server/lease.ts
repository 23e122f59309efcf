/**
 * One run at a time works on a server, whatever machines the runs are on: a short note in the caller's own preferences.
 * A courtesy that saves two pipelines from each other; safety rests on comparing before each write.
 *
 * The note of a run that was cut short stays, and so the server knows that its journal has no end.
 */
import { createHash } from 'node:crypto';
import { ApiError, ApiForbiddenError, type Preference, type ReadClient, type WriteClient } from '../../api/index.ts';
import type { Clock } from '../../model/clock.ts';
import { byText } from '../../model/compare.ts';
import { say } from '../../model/messages/message.ts';
import { MusterError } from '../../model/muster-error.ts';
import type { AccountId } from '../../model/user-values.ts';
import { noteOf, readNotes } from './own-notes.ts';

const prefix = 'lease_';
/** A run that died without a word blocks others for so long. */
const leaseMs = 600_000;
const renewAfterMs = 120_000;
/** Two that come in the same moment: one gives way, and the other waits for that. */
const tieTries = 5;
const tieWaitMs = 1000;

/** Another run works on the server. */
export class LeaseHeldError extends MusterError {
  override readonly name = 'LeaseHeldError';

  constructor({ run, host, until }: LeaseNote) {
    super(say('LOCKED', { is: 'lease', run, host, until }));
  }
}

export interface Lease {
  /** The caller's preferences of muster's category, as they were last seen; absent: they were not. */
  readonly notes?: readonly Preference[];
  /** Shows others that the run lives; makes a request only when that is due. */
  renew(): Promise<void>;
  /**
   * Lets others in.
   *
   * @param isEnded - whether the journal says how the run ended; else the note stays, and keeps no one away
   */
  release(isEnded: boolean): Promise<void>;
}

export interface LeaseRequest {
  readonly run: string;
  readonly host: string;
  /** Whether a run is known to have ended; its lease does not count then. */
  readonly isDead: (run: string) => boolean;
}

interface LeaseNote {
  readonly run: string;
  readonly host: string;
  /** ISO 8601. */
  readonly until: string;
}

/** @throws {LeaseHeldError} when another run has it */
export async function takeLease(
  client: WriteClient,
  caller: AccountId,
  { run, host, isDead }: LeaseRequest,
  clock: Clock,
): Promise<Lease> {
  const mine = nameOf(run);
  let notes: readonly Preference[] = [];
  const others = async (): Promise<readonly LeaseNote[]> => {
    notes = await readNotes(client, caller);
    return notes.flatMap((preference) => {
      const note = noteIn(preference);
      const counts = note !== undefined && note.run !== run && !isDead(note.run);
      return counts && Date.parse(note.until) > clock.now() ? [note] : [];
    });
  };
  const [holder] = await others();
  if (holder !== undefined) throw new LeaseHeldError(holder);
  const write = async (untilMs = clock.now() + leaseMs): Promise<void> => {
    const note: LeaseNote = { run, host, until: new Date(untilMs).toISOString() };
    const value = JSON.stringify(note);
    await surely(() => client.preferences.set(caller, [noteOf(caller, mine, value)]));
  };
  const remove = (): Promise<void> => forgetLeft(client, caller, run);
  const waitForRivals = async (): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      const rival = (await others()).toSorted(byText((one) => one.run))[0];
      if (rival === undefined) return;
      // The run whose name comes first stays; the other sees it and goes. One that is at work already does not go.
      if (rival.run < run || attempt === tieTries) throw new LeaseHeldError(rival);
      await clock.sleep(tieWaitMs);
    }
  };
  try {
    await write();
    await waitForRivals();
  } catch (error) {
    // Also where it is unknown whether it is there: it would keep others away until it ends.
    await remove().catch(() => undefined);
    throw error;
  }
  let renewed = clock.now();
  return {
    notes,
    renew: async () => {
      if (clock.now() - renewed < renewAfterMs) return;
      renewed = clock.now();
      await write();
    },
    release: (isEnded) => (isEnded ? remove() : write(clock.now())),
  };
}

/** Whether a run of this caller did not come to its end: its note is still there. Who may not look knows of none. */
export async function isLeftOpen(client: ReadClient, run: string): Promise<boolean> {
  const { id } = await client.users.me();
  try {
    return (await readNotes(client, id)).some((preference) => noteIn(preference)?.run === run);
  } catch (error) {
    if (error instanceof ApiForbiddenError) return false;
    throw error;
  }
}

/** Takes the note of a run away, once its journal says how it ended. */
export function forgetLeft(client: WriteClient, caller: AccountId, run: string): Promise<void> {
  return surely(() => client.preferences.delete(caller, [noteOf(caller, nameOf(run), '')]));
}

const maxTries = 3;

/** Both calls may be made twice without harm, so a lost response is no reason to look first. */
async function surely<Result>(call: () => PromiseLike<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ApiError) || error.retry !== 'look-first' || attempt === maxTries) throw error;
    }
  }
}

/** Names of preferences are short, and words. */
const nameOf = (run: string): string => `${prefix}${createHash('sha256').update(run).digest('hex').slice(0, 24)}`;

function noteIn({ name, value }: Preference): LeaseNote | undefined {
  if (!name.startsWith(prefix)) return undefined;
  try {
    const content: unknown = JSON.parse(value);
    return isNote(content) ? content : undefined;
  } catch {
    return undefined;
  }
}

function isNote(value: unknown): value is LeaseNote {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  return ['run', 'host', 'until'].every((name) => typeof fields.get(name) === 'string');
}
