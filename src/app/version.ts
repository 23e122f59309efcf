import { readFileSync } from 'node:fs';

/** The version of this package; its `package.json` stands two folders above, in the sources as in the build. */
export function toolVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const [, version] = /"version":\s*"([^"]+)"/.exec(text) ?? [];
  return version ?? 'unknown';
}
