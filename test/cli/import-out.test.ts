/** Where `import` writes: never over a file of anybody's, and what stands in the way is said before the server is read. */
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { openFront } from '../support/front.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';

let sandbox: Sandbox;
let place: Workplace;

beforeEach(async () => {
  sandbox = await startSandbox({ seed: { users: [{ username: 'ada' }] } });
  place = await makeWorkplace(
    { 'mine.yaml': 'mine', 'folder/x': '' },
    { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken },
  );
});
afterEach(() => sandbox.close());

test('a file that is not there yet', async () => {
  const { code, stdout, stderr } = await place.muster(['import', '--out', 'all.yaml']);

  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(stderr).toContain('2 people written to all.yaml');
  expect(await readFile(join(place.dir, 'all.yaml'), 'utf8')).toContain('username: ada');
});

test.each<[what: string, path: string, code: number, says: RegExp]>([
  ['a file that is there', 'mine.yaml', 3, /mine\.yaml is there already[^]*choose another name/],
  ['a folder', 'folder', 3, /folder is there already/],
  [
    'a folder that is not there',
    'no/such/all.yaml',
    3,
    /no\/such\/all\.yaml cannot be written \(no such file or folder, ENOENT\)[^]*check the path/,
  ],
  [
    'below a file',
    'mine.yaml/all.yaml',
    3,
    /mine\.yaml\/all\.yaml cannot be written \(a part of the path is no folder, ENOTDIR\)/,
  ],
  ['a name that is too long', `${'a'.repeat(300)}.yaml`, 3, /cannot be written \(the name is too long, ENAMETOOLONG\)/],
])('%s is refused before anything is read', async (_, path, expected, says) => {
  const { code, stdout, stderr } = await place.muster(['import', '--out', path]);

  expect(code).toBe(expected);
  expect(stdout).toBe('');
  expect(stderr).toMatch(says);
  expect(sandbox.requests).toEqual([]);
  expect(await readFile(join(place.dir, 'mine.yaml'), 'utf8')).toBe('mine');
});

test('a file that comes up meanwhile is left as it is', async () => {
  const path = join(place.dir, 'all.yaml');
  const front = await openFront(sandbox.url, () => writeFileSync(path, 'theirs'));
  onTestFinished(() => front.close());

  const { code, stderr } = await place.muster(['import', '--out', 'all.yaml'], { env: { MUSTER_SERVER: front.url } });

  expect(code).toBe(3);
  expect(stderr).toContain('all.yaml is there already');
  expect(await readFile(path, 'utf8')).toBe('theirs');
});
