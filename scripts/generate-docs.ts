/**
 * Makes the pages and pictures of the documentation that come from code: `npm run docs` writes them, and
 * `npm run docs:check` fails when what is there is stale.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { apiPage } from './api-page.ts';
import { planPicture } from './plan-picture.ts';
import { referencePages } from './reference-pages.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const readme = await readFile(join(root, 'README.md'), 'utf8');
const wanted = new Map([
  ...(await referencePages(root)),
  ['docs/api.md', await apiPage()] as const,
  ['docs/images/plan.svg', await planPicture(readme)] as const,
]);

const stale: string[] = [];
for (const [name, text] of wanted) {
  const path = join(root, name);
  if ((await readFile(path, 'utf8').catch(() => '')) === text) continue;
  stale.push(name);
  if (process.argv.includes('--check')) continue;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
if (process.argv.includes('--check') && stale.length > 0) {
  console.error(`stale: ${stale.join(', ')}; run npm run docs`);
  process.exitCode = 1;
}
