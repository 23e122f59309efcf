/** Checks a pack by itself; needs neither server nor files. */

import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type CheckedPack, checkPack, type Pack } from '../audit/evidence/check-pack.ts';
import { manifestName, sha256, signatureName } from '../audit/evidence/manifest.ts';
import { readRegularFile } from '../disk/durable-files.ts';
import { refuse, type WhatOfProblem } from '../model/messages/problems.ts';
import { InputError } from '../model/problem.ts';
import { publicKeysIn } from '../model/ssh-keys.ts';
import { systemCodeOf } from '../model/system-error.ts';
import type { AppPorts } from './ports.ts';

export interface VerifyEvidenceOptions {
  readonly dir: string;
  /** A file of allowed signers, or of public keys: one of them must have signed. */
  readonly allowedSigners?: string;
}

/**
 * Whether every file of a pack is as it was packed, and who signed.
 *
 * @throws {InputError} when there is no pack, or no key to check with
 */
export async function verifyEvidence(
  { dir, allowedSigners }: VerifyEvidenceOptions,
  { workingDir }: Pick<AppPorts, 'workingDir'>,
): Promise<CheckedPack> {
  const allowed =
    allowedSigners === undefined ? undefined : await readKeys(resolve(workingDir, allowedSigners), allowedSigners);
  const root = resolve(workingDir, dir);
  const paths = await pathsIn(root).catch((error: unknown) => {
    throw noPack({ is: 'not-read', folder: dir, why: systemCodeOf(error) });
  });
  if (!paths.some((path) => path === manifestName || path === signatureName || path === 'evidence.json'))
    throw noPack({ is: 'no-manifest', folder: dir });
  const hashes = new Map<string, string>();
  for (const path of paths) {
    if (path !== manifestName && path !== signatureName) hashes.set(path, await hashOf(join(root, path)));
  }
  const [manifest, signature] = [await bytesOf(root, manifestName, paths), await bytesOf(root, signatureName, paths)];
  const pack: Pack = {
    hashes,
    ...(manifest !== undefined && { manifest }),
    ...(signature !== undefined && { signature: Buffer.from(signature).toString('latin1') }),
  };
  return checkPack(pack, allowed);
}

const maxBytes = 2 ** 31 - 1;

/** What is no regular file is never as it was packed. */
async function hashOf(path: string): Promise<string> {
  const read = await readRegularFile(path, maxBytes).catch(systemCodeOf);
  return typeof read === 'string' ? read : sha256(read);
}

async function bytesOf(root: string, name: string, paths: readonly string[]): Promise<Uint8Array | undefined> {
  if (!paths.includes(name)) return undefined;
  const read = await readRegularFile(join(root, name), maxBytes).catch(systemCodeOf);
  return typeof read === 'string' ? new Uint8Array() : read;
}

/** Of everything but folders, with slashes. */
async function pathsIn(root: string, folder = ''): Promise<readonly string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  const paths: string[] = [];
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) paths.push(...(await pathsIn(root, path)));
    else paths.push(path);
  }
  return paths;
}

async function readKeys(path: string, name: string): Promise<readonly Uint8Array[]> {
  const read = await readRegularFile(path, 1024 * 1024).catch((error: unknown) => systemCodeOf(error));
  const keys = typeof read === 'string' ? [] : publicKeysIn(Buffer.from(read).toString('utf8'));
  if (keys.length > 0) return keys;
  throw new InputError([
    refuse('no-signers', typeof read === 'string' ? { is: 'not-read', name, why: read } : { is: 'none', name }),
  ]);
}

const noPack = (what: WhatOfProblem<'no-evidence'>): InputError => new InputError([refuse('no-evidence', what)]);
