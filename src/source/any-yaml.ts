/** The complete reader of YAML, for what is not written as most files are, and for what is wrong in them. Few runs need it. */
import { EVENT_ID, type Event, parseEvents, YAMLException } from 'js-yaml';
import { refuse } from '../model/messages/problems.ts';
import type { Problem } from '../model/problem.ts';
import { DocumentBuilder } from './build-document.ts';
import { findOddSeparator, oddBlankProblem } from './odd-blanks.ts';
import type { ItemReader } from './plain-yaml.ts';
import type { SourceDocument } from './source-document.ts';
import { SourceText } from './source-text.ts';
import { maxDepth, maxValues, signsIn } from './yaml-limits.ts';

const noFields: ReadonlySet<string> = new Set();

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
  const before = source.text.slice(lineStart(source.text, offset), offset + 1);
  // Elsewhere in the line a tab may be a part of a value, and something else is wrong.
  const isTab = /^ *\t|\t.?$/.test(before);
  const problem = isTab
    ? refuse('yaml-syntax', { is: 'tab' })
    : refuse('yaml-syntax', { is: 'syntax', reason: withoutQuotation(error.reason) });
  return source.problemInUnparsed(offset, problem);
}

/** The parser's reasons repeat parts of the file here and there, and those could be parts of a secret. */
const withoutQuotation = (reason: string): string => reason.replace(/(?:: | ").*$/s, '');

/** An item that needs the whole of YAML, if it does not need the rest of its file. */
export const readItem: ItemReader = (text, depth) => {
  // Readers do not agree on what it is.
  if (/\r(?!\n)/.test(text)) return undefined;
  const source = new SourceText('', text, false);
  let events: Event[];
  try {
    events = parseEvents(text, { maxDepth: maxDepth - depth + 1 });
  } catch {
    return undefined;
  }
  if (events.some(isTied)) return undefined;
  const { document, problems } = new DocumentBuilder(source, events, new Set()).build();
  const { value } = document ?? {};
  return problems.length === 0 && Array.isArray(value) && value.length === 1 ? { value: value[0] } : undefined;
};

/** Whether what is read may mean another part of the file, or may not stand in one at all. */
const isTied = (event: Event): boolean =>
  event.type === EVENT_ID.ALIAS || ('anchorStart' in event && (event.anchorStart >= 0 || event.tagStart >= 0));
