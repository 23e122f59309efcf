/**
 * One run at a time works with a state directory. The process whose file has the highest number holds it: to take over from
 * a run that died is to make the next file, which the file system lets only one succeed in.
 */

import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { link, lstat, open, readFile, readlink, rm, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { makeFile, readRegularFile } from '../disk/durable-files.ts';
import { hourMs } from '../model/duration.ts';
import { MusterError } from '../model/muster-error.ts';
import { systemCodeOf } from '../model/system-error.ts';
import { LockedError } from './errors.ts';
import { namesIn, StateDirError } from './state-dir.ts';

export interface Lock {
  /** Shows other machines that the holder lives; asked before each action, and done every ten seconds. */
  renew(): Promise<void>;
  release(): Promise<void>;
}

interface Holder {
  readonly host: string;
  /** Tells this start of the machine from every other. */
  readonly boot: string;
  readonly process: number;
  /** Tells the container that the number counts in. */
  readonly space: string;
  /** Tells the process from a later one of the same number. */
  readonly processStart: string;
  readonly since: string;
}

const lockPattern = /^lock\.([0-9]{9})$/;
const lastNumber = 999_999_999;
/** A holder that cannot be asked, on another machine or unknown, counts as dead when it has not shown itself for so long. */
const silenceMs = hourMs;
/** Far more often than that, and far less often than there are actions. */
const renewEveryMs = 10_000;
/** A lock says who holds it, and nothing else. */
const maxLockSize = 4096;
/** Others may take over at the same moment; who is slower looks again. */
const maxTries = 20;

/**
 * Takes the lock of a state directory.
 *
 * @param nowMs - milliseconds since the epoch
 * @throws {LockedError} when another run has it
 * @throws {StateDirError} when it cannot be taken there
 */
export async function takeLock(dir: string, nowMs: number): Promise<Lock> {
  try {
    return await tryToTake(dir, nowMs);
  } catch (error) {
    if (error instanceof MusterError) throw error;
    throw new StateDirError({ is: 'lock-not-taken', path: dir, why: systemCodeOf(error) }, { cause: error });
  }
}

async function tryToTake(dir: string, nowMs: number): Promise<Lock> {
  const me: Holder = { ...(await whoAmI()), since: new Date(nowMs).toISOString() };
  for (let attempt = 1; ; attempt++) {
    const top = await highestLock(dir);
    const holder = top === undefined ? undefined : await holderOf(join(dir, top.name));
    if (top !== undefined && holder !== undefined && (await isAlive(holder, me, join(dir, top.name))))
      throw lockedBy(holder, join(dir, top.name));
    if (top?.number === lastNumber) throw countedOut(join(dir, top.name));
    const mine = `lock.${String((top?.number ?? 0) + 1).padStart(9, '0')}`;
    const made = await makeLock(dir, mine, me);
    if (made && (await highestLock(dir))?.name === mine) {
      await removeLower(dir, mine);
      return heldLock(join(dir, mine));
    }
    if (made) await rm(join(dir, mine), { force: true });
    if (attempt === maxTries) throw new LockedError({ is: 'contended' });
  }
}

/** Who works with a state directory. */
export interface LockHolder {
  /** Such as `process 4711 on deploy-3, since 2026-11-28T11:28:00.000Z`. */
  readonly who: string;
}

/**
 * Looks whether a living process holds the lock of a state directory. Takes nothing and writes nothing.
 *
 * @returns `undefined` where none does
 */
export async function lookAtLock(dir: string): Promise<LockHolder | undefined> {
  const top = await highestLock(dir);
  if (top === undefined) return undefined;
  const path = join(dir, top.name);
  const holder = await holderOf(path);
  if (holder === undefined || !(await isAlive(holder, await whoAmI(), path))) return undefined;
  return { who: whoHolds(holder) };
}

function heldLock(path: string): Lock {
  let shownMs = Number.NEGATIVE_INFINITY;
  return {
    renew: async () => {
      const now = new Date();
      if (Math.abs(now.getTime() - shownMs) < renewEveryMs) return;
      shownMs = now.getTime();
      await utimes(path, now, now).catch(() => undefined);
    },
    // Emptied, not removed: numbers only ever rise, so that no process can come late and be second with the same one. And not
    // made again where it is gone: another process holds the lock then.
    release: async () => {
      try {
        const file = await open(path, constants.O_WRONLY | constants.O_TRUNC | constants.O_NOFOLLOW);
        await file.close();
      } catch (error) {
        if (systemCodeOf(error) !== 'ENOENT') throw error;
      }
    },
  };
}

async function highestLock(dir: string): Promise<{ readonly name: string; readonly number: number } | undefined> {
  const names = (await namesIn(dir)).filter((name) => lockPattern.test(name));
  const name = names.at(-1);
  return name === undefined ? undefined : { name, number: Number(lockPattern.exec(name)?.[1]) };
}

/** With its content at once, so that no process ever sees a lock without a holder. @returns whether this process made it */
async function makeLock(dir: string, name: string, me: Holder): Promise<boolean> {
  const temporary = join(dir, `.lock.${randomBytes(8).toString('hex')}.tmp`);
  try {
    await makeFile(temporary, `${JSON.stringify(me)}\n`);
    await link(temporary, join(dir, name));
    return true;
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** For tidiness alone: no process looks at them any more. */
async function removeLower(dir: string, mine: string): Promise<void> {
  for (const name of await namesIn(dir)) {
    if (lockPattern.test(name) && name < mine) await rm(join(dir, name), { force: true }).catch(() => undefined);
  }
}

/** Who holds a lock: `undefined` when it was released, or has just been taken away. */
async function holderOf(path: string): Promise<Holder | 'unknown' | undefined> {
  try {
    const text = await readLock(path);
    if (text === '') return undefined;
    const content: unknown = text === undefined ? undefined : JSON.parse(text);
    return isHolder(content) ? content : 'unknown';
  } catch (error) {
    return systemCodeOf(error) === 'ENOENT' ? undefined : 'unknown';
  }
}

/** Whatever lies in the place of a lock neither blocks nor fills the memory. @returns `undefined`: it is no lock of ours */
async function readLock(path: string): Promise<string | undefined> {
  const read = await readRegularFile(path, maxLockSize);
  return typeof read === 'string' ? undefined : new TextDecoder().decode(read);
}

function isHolder(value: unknown): value is Holder {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  return (
    ['host', 'boot', 'space', 'processStart', 'since'].every((name) => typeof fields.get(name) === 'string') &&
    Number.isInteger(fields.get('process'))
  );
}

async function isAlive(holder: Holder | 'unknown', me: Omit<Holder, 'since'>, path: string): Promise<boolean> {
  // A lock is written before it has its name, so this is none, or that of another version of muster: it shows itself, too.
  if (holder === 'unknown') return (await silentForMs(path)) < silenceMs;
  if (holder.host !== me.host || (holder.boot === me.boot && holder.space !== me.space))
    return (await silentForMs(path)) < silenceMs;
  if (holder.boot !== me.boot) return false;
  if (holder.process === me.process) return holder.processStart === me.processStart;
  return isRunning(holder.process) && (await startOf(holder.process)) === holder.processStart;
}

async function silentForMs(path: string): Promise<number> {
  const found = await lstat(path).catch(() => undefined);
  // A time far in the future is no sign of life either: no clock that renewed it now would say so.
  return found === undefined ? Number.POSITIVE_INFINITY : Math.abs(Date.now() - found.mtimeMs);
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // Not ours to signal, but there.
    return systemCodeOf(error) === 'EPERM';
  }
}

async function whoAmI(): Promise<Omit<Holder, 'since'>> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  return {
    host: hostname(),
    boot: boot.trim(),
    process: process.pid,
    space: await readlink('/proc/self/ns/pid').catch(() => ''),
    processStart: await startOf(process.pid),
  };
}

/** When a process began, in the kernel's own count; empty where the system does not tell. */
async function startOf(id: number): Promise<string> {
  const text = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '');
  // The second field is the program's name in brackets, and may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  // What has died keeps its number until its parent asks how it ended, and some never ask.
  return fields[0] === 'Z' ? 'dead' : (fields[19] ?? '');
}

function countedOut(path: string): StateDirError {
  return new StateDirError({ is: 'lock-counted-out', path });
}

const whoHolds = (holder: Holder | 'unknown'): string =>
  holder === 'unknown' ? 'it does not say who' : `process ${holder.process} on ${holder.host}, since ${holder.since}`;

function lockedBy(holder: Holder | 'unknown', path: string): LockedError {
  return new LockedError(
    holder === 'unknown' ? { is: 'held-by-unknown', path } : { is: 'held', holder: whoHolds(holder), path },
  );
}
