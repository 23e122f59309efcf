/** From this version on, personal access tokens may expire. */
export const tokenExpirySince = '11.9';

/** Whether a version such as `11.6.0` is `wanted` or later; missing parts count as 0. */
export function isAtLeast(version: string, wanted: string): boolean {
  const left = parts(version);
  const right = parts(wanted);
  for (let index = 0; index < 3; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

const parts = (version: string): readonly number[] => version.split('.').map((part) => Number.parseInt(part, 10) || 0);
