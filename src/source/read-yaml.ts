import { refuse } from '../model/messages/problems.ts';
import type { Problem } from '../model/problem.ts';
import { readAnyYaml } from './any-yaml.ts';
import { indexOf } from './node-index.ts';
import { readPlain } from './read-plain.ts';
import { documentOf, type SourceDocument } from './source-document.ts';
import { SourceText } from './source-text.ts';

const noFields: ReadonlySet<string> = new Set();

export interface ReadYamlOptions {
  /** False: no problem shows a line of the text. */
  readonly isQuoted?: boolean;
  /** Fields that an empty text clears. */
  readonly cleared?: ReadonlySet<string>;
}

/**
 * Reads YAML safely: bounded depth and expansion; no tags, no duplicate or prototype keys, no null. The size of a file
 * is bounded where it is read from the disk.
 *
 * Everything that is wrong comes back as problems, all at once but for syntax errors, which end a file's reading.
 */
export function readYaml(
  file: string,
  text: string,
  { isQuoted = true, cleared = noFields }: ReadYamlOptions = {},
): { document?: SourceDocument; problems: readonly Problem[] } {
  const source = new SourceText(file, text.replace(/^\ufeff/, ''), isQuoted);
  // What stands after it is a line of its own to YAML, and to git and many editors a part of the line before, such as a comment.
  const loneReturn = source.text.search(/\r(?!\n)/);
  if (loneReturn !== -1) return { problems: [source.problemInUnparsed(loneReturn, refuse('hidden-line-end', {}))] };
  const plain = readPlain(source.text);
  if (plain === undefined) return readAnyYaml(source, cleared);
  source.hideLater(() => {
    const again = new SourceText(file, source.text, false);
    readAnyYaml(again, cleared);
    return again.hidden();
  });
  return { document: documentOf(source, plain, indexOf), problems: [] };
}
