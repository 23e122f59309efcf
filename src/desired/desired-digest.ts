/** Digests of what files declare. Two desired states with one digest are the same. */
import type { Bundle } from '../model/bundles.ts';
import { digestOf, digestOfText } from '../model/canonical-json.ts';
import type { DesiredUser } from '../model/desired-state.ts';
import { plainOf } from '../model/plain.ts';

/** `sha256:` and 64 hex digits, as all digests here. */
export const peopleDigest = (users: readonly DesiredUser[]): string => digestOf({ users });

/**
 * @param people - what {@link peopleDigest} gives
 * @param unusable - what is left of entries that cannot be used; none, where all can
 */
export function desiredDigest(
  people: string,
  momentMs: number,
  unusable: ReadonlyArray<Readonly<Record<string, unknown>>> = [],
): string {
  return digestOf({ people, moment: momentMs, ...(unusable.length > 0 && { unusable }) });
}

/** A file as it was read; its name is the one that messages show. */
export interface SourceOfPeople {
  readonly name: string;
  readonly text: string;
}

export function sourcesDigest(files: readonly SourceOfPeople[], bundles: ReadonlyMap<string, Bundle>): string {
  return digestOf({ files: files.map(({ name, text }) => [name, digestOfText(text)]), bundles: plainOf(bundles) });
}
