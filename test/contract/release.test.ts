/** What a release promises about the package itself. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Installed {
  readonly license?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
};
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  readonly packages: Readonly<Record<string, Installed>>;
};
const forUsers = Object.entries(lock.packages).filter(([path, { dev }]) => path !== '' && dev !== true);

test('nothing that users install runs a script', () => {
  const own = ['preinstall', 'install', 'postinstall', 'prepare'].filter((name) => name in manifest.scripts);

  expect(own).toEqual([]);
  expect(forUsers.filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([]);
  expect(forUsers.length).toBeGreaterThan(30);
});

test('every package that users install has a licence that allows it', () => {
  const allowed = ['MIT', 'ISC', 'BSD-3-Clause', 'Apache-2.0', 'PSF-2.0', '(MIT OR CC0-1.0)'];

  expect(forUsers.filter(([, { license = 'none' }]) => !allowed.includes(license))).toEqual([]);
});

test('the package depends on no more than sixteen others directly', () => {
  const direct = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.optionalDependencies)];

  expect(direct.length).toBeLessThanOrEqual(16);
});

test('the changelog begins with what is not released yet, and then with the version of the package', () => {
  const versions = [...readFileSync('CHANGELOG.md', 'utf8').matchAll(/^## (\S+)/gm)].map(([, version]) => version);

  expect(versions.slice(0, 2)).toEqual(['Unreleased', manifest.version]);
});
