/** The quick way into a file: what is written as most files are is read without a list of its events. */
import { EVENT_ID, type Event, parseEvents } from 'js-yaml';
import type { BareMap } from './bare-map.ts';
import { DocumentBuilder, maxDepth, maxKeyLength, maxScalarLength } from './build-document.ts';
import { readPlainJson } from './plain-json.ts';
import { type ItemReader, type PlainLimits, readPlainYaml } from './plain-yaml.ts';
import { SourceText } from './source-text.ts';

/** Each takes some hundred bytes of memory, which a small file could exhaust. */
export const maxValues = 6_000_000;
/** Each value needs one of these before it. */
const signs: ReadonlySet<number> = new Set(Array.from(',:-?[{', (sign) => sign.charCodeAt(0)));

/** How many values a text may hold at most. */
export function signsIn(text: string): number {
  // A shorter text cannot have so many that they are counted.
  if (text.length <= maxValues) return 0;
  let count = 0;
  for (let i = 0; i < text.length; i++) if (signs.has(text.charCodeAt(i))) count++;
  return count;
}

/** @returns what a text holds, just as the reader of all YAML would say; `undefined` where only that one knows */
export function readPlain(text: string): BareMap | undefined {
  const read = readPlainYaml(text, limits, readItem);
  return read !== undefined || signsIn(text) > maxValues ? read : readPlainJson(text, limits);
}

const limits: PlainLimits = { maxDepth, maxKeyLength, maxScalarLength, maxValues };

/** An item that needs the whole of YAML, if it does not need the rest of its file. */
const readItem: ItemReader = (text, depth) => {
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
