/**
 * The short suite on other versions of Node, whose binaries come from the registry of npm: `npm run test:node`, or with
 * versions and what vitest takes: `npm run test:node -- 22 24 -- test/plan`. Versions lie in a folder of their own, which
 * stays (`MUSTER_NODE_CACHE`, else in the temporary folder of the machine).
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = process.env.MUSTER_NODE_CACHE ?? join(tmpdir(), 'muster-node');
const given = process.argv.slice(2);
const cut = given.includes('--') ? given.indexOf('--') : given.length;
const versions = cut === 0 ? ['20.19', '22', '24', '26'] : given.slice(0, cut);
const forVitest = given.slice(cut + 1);
const binaries = `node-${process.platform}-${process.arch}`;

/** The folder of the binary, which is fetched where it is not there yet. */
function folderOf(version) {
  const folder = join(cache, version);
  const bin = join(folder, 'node_modules', binaries, 'bin');
  if (existsSync(join(bin, 'node'))) return bin;
  mkdirSync(folder, { recursive: true });
  const args = ['install', '--prefix', folder, '--no-save', '--ignore-scripts', '--no-audit', `${binaries}@${version}`];
  const { status } = spawnSync('npm', args, { cwd: folder, stdio: 'inherit' });
  if (status !== 0) throw new Error(`${binaries}@${version} cannot be fetched`);
  return bin;
}

const failed = [];
for (const version of versions) {
  const bin = folderOf(version);
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
  const node = join(bin, 'node');
  const found = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
  console.log(`\n== Node ${found}`);
  const args = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'short', ...forVitest];
  const { status } = spawnSync(node, args, { cwd: root, env, stdio: 'inherit' });
  if (status !== 0) failed.push(found);
}
console.log(
  failed.length === 0 ? `\npassed on ${versions.length} versions of Node` : `\nfailed on ${failed.join(', ')}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
