/**
 * Of this process, in microseconds: what else the machine is busy with does not count. For ratios within one test.
 */
export async function cpuTimeOf(work: () => unknown): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

/**
 * Of several tries the best counts, since what else the process does (it collects garbage, it compiles) only ever adds.
 *
 * @param enough - a time at or below which no further try is needed
 */
export async function leastCpuTimeOf(work: () => unknown, enough: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 5 && least > enough; tries++) least = Math.min(least, await cpuTimeOf(work));
  return least;
}

/** How many times larger the second of two inputs is that a growth is measured with. */
export const growthFactor = 8;

/**
 * How the cost of a work grows with its input: 1 is linear, 2 quadratic. Of several tries the best counts, since what
 * else the process does (it collects garbage, it compiles) only ever adds.
 *
 * @param workFor - makes the work for an input of a size; making it is not counted
 * @param enough - an exponent at or below which no further try is needed
 */
export async function growthExponent(
  workFor: (size: number) => () => unknown,
  size: number,
  enough: number,
): Promise<number> {
  const small = workFor(size);
  const large = workFor(size * growthFactor);
  await small();
  const least = { small: Number.POSITIVE_INFINITY, large: Number.POSITIVE_INFINITY };
  let exponent = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 5 && exponent > enough; tries++) {
    // So short that a collection of garbage can be most of what is counted.
    for (let i = 0; i < 4; i++) least.small = Math.min(least.small, await cpuTimeOf(small));
    least.large = Math.min(least.large, await cpuTimeOf(large));
    exponent = Math.log(least.large / least.small) / Math.log(growthFactor);
  }
  return exponent;
}
