/**
 * How far muster believes what it finds in a state directory. One in the caller's own state home was written by the
 * caller. Any other may have come from elsewhere, as an artefact or with a branch: there only the signature counts.
 */
import type { Stats } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import type { JournalKey, Signature } from '../model/journal-key.ts';
import { type Warning, type WhatOfWarning, warning } from '../model/messages/warning-rows.ts';
import { isInPipeline, type Owners } from '../model/pipeline.ts';
import { NotBelievedError, StateEndMissingError, StateNotSignedError, StateTamperedError } from './errors.ts';
import type { JournalStore, KeyedStore } from './journal-store.ts';
import { stateHomeOf } from './state-dir.ts';

export interface Trust {
  readonly key: JournalKey;
  /** Whether the directory is the caller's own: then what lies there is believed without a signature that fits. */
  readonly isOwn: boolean;
  /** Who may own the folders above; by default the caller and root. */
  readonly owners?: Owners;
  /** Tells a person, once. */
  readonly warn: (warning: Warning) => void;
}

/** Journals, and how far they are believed. */
export interface TrustedStore extends KeyedStore {
  readonly trust: Trust;
  /** Whether the server knows that a run did not come to its end. */
  readonly isLeftOpen: LeftOpen;
}

export type LeftOpen = (run: string) => Promise<boolean>;

/** @param env - with `CI` set no directory counts as the caller's own: what lies on a runner was put there */
export async function isOwnStateDir(dir: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  if (isInPipeline(env)) return false;
  try {
    const [real, home] = await Promise.all([realpath(dir), realpath(stateHomeOf(undefined, env))]);
    return real.startsWith(`${home}${sep}`) && isOwnersAlone(await lstat(dir));
  } catch {
    // Where nothing is there is nothing to believe.
    return false;
  }
}

const isOwnersAlone = (found: Stats): boolean =>
  found.isDirectory() && (found.mode & 0o077) === 0 && [0, process.getuid?.() ?? found.uid].includes(found.uid);

/** The same store, for those who ask how far it is believed. */
export function trusting(store: JournalStore, trust: Trust, isLeftOpen: LeftOpen): TrustedStore {
  return {
    list: () => store.list(),
    read: (name) => store.read(name),
    writeWhole: (name, bytes) => store.writeWhole(name, bytes),
    openForAppend: (name) => store.openForAppend(name),
    key: trust.key,
    trust,
    isLeftOpen,
  };
}

/**
 * Whether a file of the state directory may be believed. Everything that acts on such a file asks here.
 *
 * @param file - its name
 * @throws {StateTamperedError} where another person wrote or changed it
 * @throws {StateNotSignedError} where nothing tells who wrote it
 */
export function refuseUnlessBelieved({ isOwn, warn }: Trust, file: string, signature: Signature): void {
  switch (signature) {
    case 'fits':
      return;
    case 'none':
      if (!isOwn) throw new StateNotSignedError({ is: 'no-signature', file });
      return;
    case 'another key':
      if (!isOwn) throw new StateNotSignedError({ is: 'other-token', file });
      // After a new token of muster all of them are: each by itself would hide what else is told.
      warn(warning('signature-differs', { is: 'another-key' }));
      return;
    case 'wrong':
      if (!isOwn) throw new StateTamperedError({ is: 'wrong-signature', file });
      warn(warning('signature-differs', { is: 'wrong', file }));
  }
}

/**
 * Whether a run is believed to have no end. No signature shows that lines are missing after the last one; but a run that was cut
 * short left a note on the server, and one that finished took it away.
 *
 * @throws {StateEndMissingError} where nothing on the server speaks for it
 */
export async function refuseUnlessLeftOpen(
  { trust, isLeftOpen }: TrustedStore,
  run: string,
  file: string,
): Promise<void> {
  if (trust.isOwn || (await isLeftOpen(run))) return;
  throw new StateEndMissingError({ file });
}

/**
 * For those who can do without: what is not believed is left out, and a person is told.
 *
 * @param without - what that means
 */
export async function unlessNotBelieved<Result>(
  { warn }: Trust,
  without: WhatOfWarning<'not-believed'>['is'],
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NotBelievedError)) throw error;
    // As above.
    const why =
      error instanceof StateNotSignedError && error.is === 'other-token'
        ? 'what is signed with another token than this one'
        : error.message;
    warn(warning('not-believed', { is: without, why }));
    return undefined;
  }
}
