import { createHash } from 'node:crypto';
import { compareText } from '../../model/compare.ts';
import type { ChainSample } from '../../model/generated/chain-report.ts';

export interface Drawn<One> {
  readonly people: readonly One[];
  readonly sample: ChainSample;
}

/** Draws so that anyone can draw the same again, with no more than the list of ids and `sha256sum`. */
export function drawSample<One extends { readonly id: string }>(
  population: readonly One[],
  { size, seed, of }: { readonly size: number; readonly seed: string; readonly of: string },
): Drawn<One> {
  const rank = ({ id }: One): string => createHash('sha256').update(`${seed}:${id}`).digest('hex');
  const ranked = population
    .map((one) => ({ one, rank: rank(one) }))
    .toSorted((one, other) => compareText(one.rank, other.rank));
  const people = ranked.slice(0, size).map(({ one }) => one);
  const how = `the ids of accounts, ordered by the SHA-256 of "${seed}:<id>" in hexadecimal; the first ${size}`;
  return { people, sample: { of, population: population.length, drawn: people.length, seed, how } };
}
