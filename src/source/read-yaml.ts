import { type Event, parseEvents, YAMLException } from 'js-yaml';
import { refuse } from '../model/messages/problems.ts';
import type { Problem } from '../model/problem.ts';
import { DocumentBuilder, documentOf, maxDepth, type SourceDocument } from './build-document.ts';
import { findOddSeparator, oddBlankProblem } from './odd-blanks.ts';
import { maxValues, readPlain, signsIn } from './read-plain.ts';
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
  return { document: documentOf(source, plain), problems: [] };
}

/** Reads what is not plain, or finds what is wrong with it. */
export function readAnyYaml(
  source: SourceText,
  cleared: ReadonlySet<string> = noFields,
): { document?: SourceDocument; problems: readonly Problem[] } {
  if (signsIn(source.text) > maxValues) {
    const problem = refuse('too-many-values', { millions: maxValues / 1e6 });
    return { problems: [{ ...problem, at: source.position(0) }] };
  }
  let events: Event[];
  try {
    events = parseEvents(source.text, { maxDepth });
  } catch (error) {
    return { problems: [syntaxProblem(source, error)] };
  }
  return new DocumentBuilder(source, events, cleared).build();
}

/** How many lines a parser may go on before it sees that something is wrong. */
const linesLookedBack = 2;
const maxLineLength = 1000;

function oddBlankNear(source: SourceText, offset: number): Problem | undefined {
  const { text } = source;
  let start = lineStart(text, offset);
  for (let back = 0; back <= linesLookedBack; back++) {
    const [line = ''] = text.slice(start, start + maxLineLength).split('\n', 1);
    const found = findOddSeparator(line);
    if (found !== undefined) return source.problemInUnparsed(start + found.column, oddBlankProblem(found.name));
    start = lineStart(text, start - 1);
  }
  return undefined;
}

const lineStart = (text: string, at: number): number => (at <= 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1);

function syntaxProblem(source: SourceText, error: unknown): Problem {
  if (!(error instanceof YAMLException)) throw error;
  const offset = error.mark?.position ?? 0;
  if (error.reason.includes('maxDepth')) {
    return source.problemInUnparsed(offset, refuse('yaml-too-deep', { levels: maxDepth }));
  }
  const odd = oddBlankNear(source, offset);
  if (odd !== undefined) return odd;
  return source.problemInUnparsed(offset, refuse('yaml-syntax', { reason: withoutQuotation(error.reason) }));
}

/** The parser's reasons repeat parts of the file here and there, and those could be parts of a secret. */
const withoutQuotation = (reason: string): string => reason.replace(/(?:: | ").*$/s, '');
