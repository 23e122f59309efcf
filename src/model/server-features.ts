/** What only newer servers have. */
export type Feature = 'token-expiry' | 'token-rotation';

/** The first version that has it, as `[major, minor]`. */
const since: Readonly<Record<Feature, readonly [number, number]>> = {
  'token-expiry': [11, 9],
  'token-rotation': [11, 10],
};

/**
 * Tells whether a server of this version has a feature.
 *
 * @param version - `11.9.0`; anything that is not a version has no feature
 */
export function supports(version: string, feature: Feature): boolean {
  const [major, minor] = since[feature];
  const found = /^(\d+)\.(\d+)/.exec(version);
  if (found === null) return false;
  const [foundMajor, foundMinor] = [Number(found[1]), Number(found[2])];
  return foundMajor > major || (foundMajor === major && foundMinor >= minor);
}

/** The first version with a feature, for messages. */
export function sinceVersion(feature: Feature): string {
  return since[feature].join('.');
}
