/**
 * A value as JSON can say it, so that its digest tells it from every other one: a map as the list of its pairs, a set as the list
 * of its members, both in one order. What is no data, such as a function, is left out.
 */
import { canonicalJson } from './canonical-json.ts';
import { byText } from './compare.ts';

/** @param without - names of properties that are left out, wherever they stand */
export function plainOf(value: unknown, without: ReadonlySet<string> = new Set()): unknown {
  if (value instanceof Map) return { map: inOneOrder([...value].map((pair) => plainOf(pair, without))) };
  if (value instanceof Set) return { set: inOneOrder([...value].map((one) => plainOf(one, without))) };
  if (Array.isArray(value)) return value.map((one) => plainOf(one, without));
  if (typeof value === 'function') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, own]) => (without.has(name) ? [] : [[name, plainOf(own, without)]])),
  );
}

const inOneOrder = (values: readonly unknown[]): readonly unknown[] => values.toSorted(byText(canonicalJson));
