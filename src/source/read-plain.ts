/** The quick way into a file: what is written as most files are is read without a list of its events. */
import { readItem } from './any-yaml.ts';
import type { BareMap } from './bare-map.ts';
import { readPlainJson } from './plain-json.ts';
import { type PlainLimits, readPlainYaml } from './plain-yaml.ts';
import { maxDepth, maxKeyLength, maxScalarLength, maxValues, signsIn } from './yaml-limits.ts';

/** @returns what a text holds, just as the reader of all YAML would say; `undefined` where only that one knows */
export function readPlain(text: string): BareMap | undefined {
  const read = readPlainYaml(text, limits, readItem);
  return read !== undefined || signsIn(text) > maxValues ? read : readPlainJson(text, limits);
}

const limits: PlainLimits = { maxDepth, maxKeyLength, maxScalarLength, maxValues };
