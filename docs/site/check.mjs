/** Every link, image and anchor of the built site leads somewhere, and no page loads anything from elsewhere. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('dist', import.meta.url));
const names = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.html'));
const texts = new Map(names.map((name) => [name, readFileSync(join(dist, name), 'utf8')]));
const idsOf = (name) => new Set([...texts.get(name).matchAll(/\bid="([^"]+)"/g)].map(([, id]) => decode(id)));
const decode = (text) => text.replaceAll('&amp;', '&').replaceAll('&quot;', '"');
const ids = new Map(names.map((name) => [name, idsOf(name)]));

function flawOf(from, link) {
  const [path, anchor] = decode(link).split('#');
  const at = path === '' ? `/${from}` : path.startsWith('/') ? path : `/${join(dirname(from), path)}`;
  const file = (at.endsWith('/') ? `${at}index.html` : at).slice(1);
  if (!existsSync(join(dist, file))) return `${from}: ${link} is not there`;
  if (anchor !== undefined && anchor !== '' && ids.has(file) && !ids.get(file).has(decodeURIComponent(anchor)))
    return `${from}: ${link} has no such anchor`;
}

let count = 0;
const flaws = [];
for (const [name, text] of texts) {
  for (const [, attribute, link] of text.matchAll(/\b(href|src)="([^"]*)"/g)) {
    count += 1;
    if (/^(https?:|\/\/)/.test(link)) {
      if (attribute === 'src' || /<link[^>]+href="(https?:)?\/\//.test(text)) flaws.push(`${name}: loads ${link}`);
    } else if (!/^(mailto|data):/.test(link)) {
      const flaw = flawOf(name, link);
      if (flaw !== undefined) flaws.push(flaw);
    }
  }
}
for (const flaw of new Set(flaws)) console.error(flaw);
console.log(`${names.length} pages, ${count} links, ${flaws.length} flaws`);
process.exitCode = flaws.length === 0 && names.length > 20 ? 0 : 1;
