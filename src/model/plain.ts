/**
 * A value as JSON can say it, so that its digest tells it from every other one: a map as the list of its pairs, a set as the list
 * of its members, both in one order. What is no data, such as a function, is left out.
 */
import { canonicalJson } from './canonical-json.ts';
import { byText } from './compare.ts';

/** @param inPlaceOf - what counts of an object; by default all of it */
export function plainOf(value: unknown, inPlaceOf: (value: object) => object = asItIs): unknown {
  if (value instanceof Map) return { map: inOneOrder([...value].map((pair) => plainOf(pair, inPlaceOf))) };
  if (value instanceof Set) return { set: inOneOrder([...value].map((one) => plainOf(one, inPlaceOf))) };
  if (Array.isArray(value)) return value.map((one) => plainOf(one, inPlaceOf));
  if (typeof value === 'function') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(inPlaceOf(value)).map(([name, own]) => [name, plainOf(own, inPlaceOf)]));
}

const asItIs = (value: object): object => value;

const inOneOrder = (values: readonly unknown[]): readonly unknown[] => values.toSorted(byText(canonicalJson));
