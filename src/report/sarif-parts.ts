/** What every SARIF of muster's has in common. */
import type { ArtifactLocation } from 'sarif';
import { printable } from './printable.ts';

export const sarifSchema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** A path as a reference that means the same file, whatever its name is made of. */
export function artifactOf(file: string): ArtifactLocation {
  const uri = printable(file).split('/').map(encodeURIComponent).join('/');
  return file.startsWith('/') ? { uri: `file://${uri}` } : { uri, uriBaseId: '%SRCROOT%' };
}

/** A message of SARIF knows links, `[text](address)`, and places for arguments, `{0}`: here neither is meant. */
export const dead = (text: string): string =>
  printable(text)
    .replaceAll('](', '] (')
    .replaceAll(/\{(?=\d)/g, '{ ');
