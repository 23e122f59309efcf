/** A quick reader for users files in JSON: by the engine's own parser, held to the rules that YAML is held to here. */
import { BareMap, forbiddenKeys } from './bare-map.ts';
import type { PlainLimits } from './plain-yaml.ts';

/** @returns what the text holds; `undefined` where it is no JSON, or has anything that is refused or needs a closer look */
export function readPlainJson(text: string, limits: PlainLimits): BareMap | undefined {
  // A tab, and what is not printed, may stand in JSON where it may not stand in YAML.
  if (!/^\s*\{/.test(text) || oddSign.test(text)) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const copier = new Copier(limits);
  const value = copier.copy(parsed, 0);
  // Of two keys of one name the parser keeps the last without a word.
  if (!copier.isFit || copier.keys !== keysIn(text)) return undefined;
  return value instanceof BareMap ? value : undefined;
}

// oxlint-disable-next-line no-control-regex
const oddSign = /[^\n\r\x20-\x7e\u00a1-\u167f\u1681-\u1fff\u3040-\ud7ff]/;

/** Counts them in a text that is JSON: texts that have a colon after them. */
function keysIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at)) {
    at = endOfText(text, at);
    let next = at;
    while (isBlank(text.charCodeAt(next))) next++;
    if (text[next] === ':') count++;
  }
  return count;
}

const isBlank = (sign: number): boolean => sign === 0x20 || sign === 0x0a || sign === 0x0d;

/** After the quote that closes the text which begins at `start`. */
function endOfText(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end + 1;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text[at - 1 - slashes] === '\\') slashes++;
  return slashes % 2 === 1;
}

class Copier {
  readonly #limits: PlainLimits;
  keys = 0;
  isFit = true;

  constructor(limits: PlainLimits) {
    this.#limits = limits;
  }

  copy(value: unknown, depth: number): unknown {
    if (typeof value === 'string') {
      this.isFit &&= value.length <= this.#limits.maxScalarLength && !unusable.test(value);
      return value;
    }
    if (typeof value !== 'object') return value;
    this.isFit &&= value !== null && depth < this.#limits.maxDepth;
    if (value === null || !this.isFit) return undefined;
    if (Array.isArray(value)) return value.map((item: unknown) => this.copy(item, depth + 1));
    const copy = new BareMap();
    for (const [key, part] of Object.entries(value)) {
      this.keys++;
      this.isFit &&= key.length <= this.#limits.maxKeyLength && !forbiddenKeys.has(key) && !unusable.test(key);
      copy[key] = this.copy(part, depth + 1);
    }
    return copy;
  }
}

/** What an escape can bring in that no server can keep. */
// oxlint-disable-next-line no-control-regex
const unusable = /[\0\p{Surrogate}]/u;
