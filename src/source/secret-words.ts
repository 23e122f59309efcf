/**
 * Secrets never stand in a file; where one was written all the same, no message and no excerpt may repeat it.
 */

const secretName =
  /pas+(?:w(?:or)?[dt]|phrase)|(?:^|[_-])pass$|pwd|secret|credential|bearer|(?:api|private|access)[_-]?key|token/i;
/** Fields of our own that only sound like it. */
const harmlessName = /^(?:secrets|tokens|foreign_tokens?)$/i;

/** Whether a field of this name would hold a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name) && !harmlessName.test(name);
}

const namedValue = /([\w-]+)["']?\s*[:=]\s*/g;
const userAndPassword = /(?<=\/\/)[^\s"']*@|[^\s"'/@]+:(?!\/\/)[^\s"'@]+@/;

/** Stands for what is not shown. */
export const hidden = '***';

/** The part of a line up to the first secret in it. What comes after is dropped too, so that columns stay true. */
export function hideSecrets(line: string): string {
  const ends = [...line.matchAll(namedValue)]
    .filter(([, name = '']) => isSecretName(name))
    .map((match) => match.index + match[0].length);
  const address = userAndPassword.exec(line);
  if (address !== null) ends.push(address.index);
  const end = Math.min(...ends);
  return end < line.length ? `${line.slice(0, end)}${hidden}` : line;
}

/** Whether a line may be the rest of a secret that a line before it began: for text that could not be parsed. */
export function mayContinueSecret(line: string, linesBefore: readonly string[]): boolean {
  const beginsField = /^[\s-]*["']?[\w-]+["']?\s*:(?:\s|$)/.test(line);
  if (!beginsField) return isSecretName(linesBefore.flatMap(namesIn).at(-1) ?? '');
  const above = linesBefore.findLast((before) => /^\s*[^\s#]/.test(before) && indentOf(before) < indentOf(line)) ?? '';
  return /:\s*(?:[|>][-+\d]*\s*)?(?:#.*)?$/.test(above) && isSecretName(namesIn(above).at(-1) ?? '');
}

const indentOf = (line: string): number => /^[\s-]*/.exec(line)?.[0].length ?? 0;
const namesIn = (line: string): readonly string[] => [...line.matchAll(namedValue)].map(([, name = '']) => name);
