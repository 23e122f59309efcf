export { type Feature, sinceVersion, supports } from '../model/server-features.ts';

/**
 * Reads the version out of an `X-Version-Id` header.
 *
 * @param versionId - `<version>.<build number>.<hash of the client configuration>.<licensed>`
 */
export function readServerVersion(versionId: string | undefined): string | undefined {
  return versionId === undefined ? undefined : /^\d{1,6}\.\d{1,6}\.\d{1,6}(?=\.|$)/.exec(versionId)?.[0];
}
