/** Which files of a pull request say how muster works: those of each field that is compared with the base, and those of the forge. */
import { expect, test } from 'vitest';
import { rulesAmong } from '../../src/app/ci/rule-files.ts';
import { type ComparedFile, comparedFiles } from '../../src/config/named-files.ts';
import { resolveSettings, type Settings } from '../../src/config/settings.ts';
import type { ConfigFile } from '../../src/model/generated/config-file.ts';

const names = Object.keys(comparedFiles) as readonly ComparedFile[];

/** A field with a file of no usual name, and the path of that file below the folder of muster.yaml. */
const named: Readonly<Record<ComparedFile, readonly [config: ConfigFile, path: string]>> = {
  approvals: [{ version: 1, approvals: 'lifted/now.yaml' }, 'lifted/now.yaml'],
  bundle_files: [{ version: 1, bundle_files: ['given/**/*.{yaml,yml}'] }, 'given/eu/all.yml'],
  waivers: [{ version: 1, waivers: './accepted.yaml' }, 'accepted.yaml'],
};

const settingsOf = (config: ConfigFile, configDir: string): Settings =>
  resolveSettings({ flags: {}, env: {}, config, configDir, workingDir: configDir });

test.each(names.flatMap((name) => [[name, ''] as const, [name, 'chat/'] as const]))(
  'a file that %s names is one, whatever it is called; in the folder "%s"',
  (name, folder) => {
    const [config, path] = named[name];
    const settings = settingsOf({ files: ['users/*.yaml'], ...config }, `/repository/${folder}`.replace(/\/$/, ''));
    const paths = [`${folder}users/eu.yaml`, `${folder}${path}`, `other/${path}`, 'README.md'];

    expect(rulesAmong(paths, settings, '/repository')).toEqual([`${folder}${path}`]);
    expect(rulesAmong(paths, settingsOf({ version: 1 }, settings.configDir), '/repository')).toEqual([]);
  },
);

test('those of a usual name are, and those of the forge, also where no setting names them', () => {
  const paths = ['muster.yaml', 'a/approvals.yml', 'waivers.yaml', 'bundles.yaml', '.github/workflows/x.yml'];
  const others = ['CODEOWNERS', '.gitlab-ci.yml', '.gitlab/x'];

  expect(
    rulesAmong(['users.yaml', ...paths, ...others], settingsOf({ version: 1 }, '/repository'), '/repository'),
  ).toEqual([
    'muster.yaml',
    'a/approvals.yml',
    'waivers.yaml',
    'CODEOWNERS',
    '.gitlab-ci.yml',
    'bundles.yaml',
    '.gitlab/x',
    '.github/workflows/x.yml',
  ]);
});

test('no number of one kind hides another: the file that settings stand in is first, under any name', () => {
  const settings = settingsOf({ version: 1, approvals: 'z/ok.yaml', bundle_files: ['given/*'] }, '/repository');
  const many = Array.from({ length: 30 }, (_, i) => [
    `.github/${i}`,
    `a${i}/muster.yaml`,
    `a${i}/approvals.yaml`,
  ]).flat();
  const paths = [
    ...many,
    ...many.map((path) => `given/${path}`),
    'muster.yaml',
    'z/ok.yaml',
    'zz/prod.yaml',
    'given/x',
  ];

  const found = rulesAmong(paths.toSorted(), settings, '/repository', '/repository/zz/prod.yaml');

  expect(found.slice(0, 6)).toEqual([
    'zz/prod.yaml',
    'z/ok.yaml',
    'given/x',
    '.github/0',
    'muster.yaml',
    'a0/approvals.yaml',
  ]);
  expect(new Set(found).size).toBe(found.length);
});

test('one that lies above the folder of muster.yaml is', () => {
  const settings = settingsOf({ version: 1, approvals: '../ok.yaml' }, '/repository/chat');

  expect(rulesAmong(['ok.yaml', 'chat/ok.yaml'], settings, '/repository')).toEqual(['ok.yaml']);
});
