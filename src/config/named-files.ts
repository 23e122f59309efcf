/**
 * Every field of muster.yaml that names files, and what a comparison with a base makes of what stands in them. A test holds the two
 * tables beside the schema, so that a field that names a new file has its row.
 */
import { relative, sep } from 'node:path';
import type { Settings } from './settings.ts';

/** What stands in these decides what may be done, or what is told: it is compared, as muster.yaml is. */
export type ComparedFile = 'approvals' | 'bundle_files' | 'waivers';

type NamingSettings = Pick<Settings, 'approvals' | 'waivers' | 'bundles' | 'configDir'>;

/** Which files each of them names: paths and globs below the folder of muster.yaml. A pull request that changes one says so. */
export const comparedFiles: Readonly<Record<ComparedFile, (settings: NamingSettings) => readonly string[]>> = {
  approvals: ({ approvals, configDir }) => below(configDir, approvals),
  bundle_files: ({ bundles }) => bundles.files,
  waivers: ({ waivers, configDir }) => below(configDir, waivers),
};

const below = (dir: string, path: string | undefined): readonly string[] =>
  path === undefined ? [] : [relative(dir, path).split(sep).join('/')];

/** Fields of which only the names are compared, and why that is enough. */
export const filesNotCompared: Readonly<Record<string, string>> = {
  files: 'what they change of people the plan shows; of what it cannot show the entries are compared, one by one',
  'evidence.sign_key': 'a private key: a run only signs with it, and the person who checks knows the public one',
  'secrets.dir': 'secrets, which are no part of a repository',
  'secrets.sinks.*.dir': 'secrets, which are no part of a repository',
  'secrets.sources.*.file': 'secrets, which are no part of a repository',
  'secrets.sinks.*.command': 'a program may run any other: who may change one in the repository is for its code owners',
  'secrets.sources.*.command':
    'a program may run any other: who may change one in the repository is for its code owners',
  'reconcile.git.path': 'the folder of a branch from which everything is taken, that file among it',
};
