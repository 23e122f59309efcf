/** Copies what people read into `pages/`, with links that fit there, and writes the reference of the library. */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const target = join(here, 'pages');

/** Pages by the file that they come from. */
const ofRoot = {
  'README.md': 'index.md',
  'CHANGELOG.md': 'changes.md',
  'CONTRIBUTING.md': 'contributing.md',
  'ARCHITECTURE.md': 'architecture.md',
  'SECURITY.md': 'security-reports.md',
};
const files = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md') && !name.startsWith('site/'))
  .map((name) => [`docs/${name}`, name.replace(/(^|\/)README\.md$/, '$1index.md')]);
const pages = new Map([...Object.entries(ofRoot), ...files]);

/** Files of the repository that a page links to, and that are no page: they are shown as they are. */
const shown = new Set();
/** Folders that a page links to. */
const folders = new Map([
  ['examples', 'source/examples.md'],
  ['schemas', 'source/schemas.md'],
]);

function write(name, text) {
  mkdirSync(dirname(join(target, name)), { recursive: true });
  writeFileSync(join(target, name), text);
}

const shownAs = (path) => `/source/${path}${/\.(json|svg)$/.test(path) ? '' : '.txt'}`;

/** Where a link of one page leads on the site; nothing where the site has no place for it. */
function linkTo(from, link) {
  if (/^[a-z]+:|^#/.test(link)) return link;
  const [name, anchor] = link.split('#');
  const path = normalize(join(dirname(from), name)).replace(/\/$/, '');
  const hash = anchor === undefined ? '' : `#${anchor}`;
  const page = pages.get(path) ?? pages.get(join(path, 'README.md')) ?? folders.get(path);
  if (page !== undefined) return `/${page.replace(/\.md$/, '').replace(/(^|\/)index$/, '$1')}${hash}`;
  if (path.startsWith('docs/images/')) return `/${path.replace('docs/', '')}`;
  if (!existsSync(join(root, path))) throw new Error(`${from} links to ${link}, which is not there`);
  if (statSync(join(root, path)).isDirectory()) return undefined;
  shown.add(path);
  return shownAs(path);
}

const outsideCode = (text, change) =>
  text
    .split(/(^ *```[^]*?^ *```$|`[^`\n]*`)/m)
    .map((part, index) => (index % 2 === 0 ? change(part) : part))
    .join('');

function linksOf(from, text) {
  return text.replaceAll(/(!?)\[((?:[^\][]|`[^`]*`|\[[^\]]*\])*)\]\(([^)\s]+)\)/g, (_, image, words, link) => {
    const to = linkTo(from, link);
    return to === undefined ? words : `${image}[${words}](${to})`;
  });
}

/** The marks of a block are for the tests; a reason not to run it is for readers, too. */
function marksOf(text) {
  return text.replaceAll(/^( *)```(\w*) (.*)\n([^]*?)^\1```$/gm, (_, indent, language, marks, body) => {
    const [, reason] = /not-run="([^"]*)"/.exec(marks) ?? [];
    const note = reason === undefined ? '' : `\n\n${indent}*No test runs this block: ${reason}.*\n`;
    return `${indent}\`\`\`${language}\n${body}${indent}\`\`\`${note}`;
  });
}

/** No text of ours is a template or a tag. */
const harmless = (text) => text.replaceAll('{{', '&#123;&#123;').replaceAll(/<!--[^]*?-->\n*/g, '');

rmSync(target, { recursive: true, force: true });
for (const [path, name] of pages) {
  const text = readFileSync(join(root, path), 'utf8');
  write(name, outsideCode(marksOf(linksOf(path, text)), harmless));
}

for (const [folder, page] of folders) {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => !statSync(join(root, name)).isDirectory())
    .toSorted((one, other) => one.localeCompare(other));
  for (const name of names) shown.add(name);
  const list = names.map((name) => `- [${relative(folder, name)}](${shownAs(name)})`).join('\n');
  write(page, `# ${folder === 'examples' ? 'Examples' : 'JSON Schemas'}\n\n${list}\n`);
}
for (const path of shown) {
  const to = join(target, 'public', shownAs(path));
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(join(root, path), to);
}
cpSync(join(root, 'docs/images'), join(target, 'public/images'), { recursive: true });

execFileSync(join(here, 'node_modules/.bin/typedoc'), ['--options', join(here, 'typedoc.json')], {
  cwd: root,
  stdio: 'inherit',
});
for (const name of readdirSync(join(target, 'reference/library'), { recursive: true, encoding: 'utf8' })) {
  const path = join(target, 'reference/library', name);
  if (!name.endsWith('.md')) continue;
  // Modules are called as they are imported.
  const text = readFileSync(path, 'utf8')
    .replace(/^# index$/m, '# mattermuster')
    .replace(/^# sandbox$/m, '# mattermuster/sandbox')
    .replace('[index](', '[mattermuster](')
    .replace('[sandbox](', '[mattermuster/sandbox](');
  writeFileSync(path, outsideCode(text, harmless));
}
console.log(`${pages.size} pages, ${shown.size} files shown`);
