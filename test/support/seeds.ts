import process from 'node:process';

export interface Seeds {
  readonly first: number;
  readonly count: number;
  /** One seed was asked for, to see it fail again: what holds for many of them is not looked at. */
  readonly isOne: boolean;
}

/**
 * The seeds of a campaign: the same each time, so that a run that fails fails again. `PROPERTY_RUNS_FACTOR` tries that many
 * times as many, `MUSTER_TEST_FIRST` others, and `MUSTER_TEST_SEED` one alone.
 */
export function seedsOf(usual: number): Seeds {
  const one = process.env['MUSTER_TEST_SEED'];
  if (one !== undefined) return { first: Number(one), count: 1, isOne: true };
  const factor = Number(process.env['PROPERTY_RUNS_FACTOR'] ?? 1);
  return { first: Number(process.env['MUSTER_TEST_FIRST'] ?? 1), count: usual * factor, isOne: false };
}
