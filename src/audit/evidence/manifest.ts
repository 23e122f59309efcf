/** The list of a pack's files with their SHA-256, as `sha256sum` writes and checks it. Pure. */
import { createHash } from 'node:crypto';
import { byText } from '../../model/compare.ts';

export const manifestName = 'manifest.sha256';
export const signatureName = 'manifest.sha256.sig';

/** What the signature of a manifest is for: one that was made for anything else does not count. */
export const signatureNamespace = 'muster-evidence';

export const sha256 = (content: Uint8Array | string): string => createHash('sha256').update(content).digest('hex');

/** @param files - by their paths in the pack, with slashes */
export function manifestText(files: ReadonlyMap<string, Uint8Array | string>): string {
  return [...files]
    .toSorted(byText(([path]) => path))
    .map(([path, content]) => `${sha256(content)}  ${path}\n`)
    .join('');
}

/** @returns hashes by path; `undefined` where a line is none of ours */
export function parseManifest(text: string): ReadonlyMap<string, string> | undefined {
  const lines = text.split('\n');
  if (lines.pop() !== '') return undefined;
  const rows = lines.map((line) => /^([0-9a-f]{64}) {2}([A-Za-z0-9][A-Za-z0-9._/~@+-]*)$/.exec(line));
  const found = new Map<string, string>();
  for (const row of rows) {
    const [, hash, path] = row ?? [];
    if (hash === undefined || path === undefined || found.has(path)) return undefined;
    found.set(path, hash);
  }
  return found;
}
