import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../src', import.meta.url));

/** Who else opens files, and why these are none that a pull request could bring. */
const others: Readonly<Record<string, string>> = {
  'cli/version.ts': 'the package itself',
  'cli/rows/ci.ts': 'the option --open, no file',
  'journal/state-dir.ts': 'the state directory',
  'journal/declared-memory.ts': 'the state directory',
  'journal/lock.ts': 'the state directory, and what the system says of processes',
  'journal/journal-store.ts': 'the state directory',
  'secrets/caller-token.ts': 'the token file of the environment, with rules of its own',
  'secrets/secret-dir.ts': 'the secrets directory, with rules of its own',
  'secrets/secret-store.ts': 'the secrets directory, with rules of its own',
  'sandbox/state-file.ts': 'the sandbox keeps to itself: the state that it wrote',
  'app/users-file.ts': 'writes a new file',
  'disk/durable-files.ts': 'writes what muster itself keeps',
  'secrets/checked-file.ts': 'token and secret files, by rules of their own: an open descriptor, its mode, its size',
  'app/version.ts': 'reads the version of this package, beside its own code',
  'config/git-base.ts': 'reads through git, never a path of a person',
  'app/ci/state.ts': 'opens what was sealed, no file',
  'app/read-warmly.ts': 'opens a reader of the server, no file',
  'secrets/state-seal.ts': 'opens what was sealed, no file',
  'config/folder-base.ts': 'the base of a comparison, with the same limits',
};

const opens =
  /\b(?:readFile|readFileSync|createReadStream|openSync|openAsBlob|readlinkSync)\b|\bopen\(|\{[^}]*\bopen\b[^}]*\} from 'node:fs/;

test('files that people name are read in one place alone', () => {
  const found = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('generated'))
    .filter((name) => opens.test(readFileSync(join(root, name), 'utf8')))
    .filter((name) => !Object.hasOwn(others, name));

  expect(found).toEqual(['source/read-file.ts']);
});

test('what they hold is understood in one place alone', () => {
  const found = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .filter((name) => /\b(?:readYaml|checkDocument)\(/.test(readFileSync(join(root, name), 'utf8')));

  expect(found.toSorted()).toEqual(['source/read-document.ts', 'source/read-yaml.ts']);
});
