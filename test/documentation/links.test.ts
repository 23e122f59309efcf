/** Every link of a page leads to a file or a heading that is there. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { pages } from './fences.ts';

const withoutCode = (text: string): string =>
  text.replaceAll(/^( *)```[^]*?^\1```$/gm, '').replaceAll(/`[^`\n]*`/g, 'code');

/** The anchors of a page, as GitHub and the site make them. */
function anchorsOf(path: string): ReadonlySet<string> {
  const text = readFileSync(path, 'utf8').replaceAll(/^( *)```[^]*?^\1```$/gm, '');
  const seen = new Map<string, number>();
  return new Set(
    [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => {
      const slug = heading
        .toLowerCase()
        .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-');
      const before = seen.get(slug);
      seen.set(slug, (before ?? 0) + 1);
      return before === undefined ? slug : `${slug}-${before}`;
    }),
  );
}

const links = pages.flatMap((path) =>
  [...withoutCode(readFileSync(path, 'utf8')).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => ({
    path,
    target,
  })),
);

test('no link of a page leads nowhere', () => {
  const flaws = links
    .filter(({ target }) => !/^[a-z]+:/.test(target))
    .filter(({ path, target }) => {
      const [name = '', anchor] = target.split('#');
      const file = name === '' ? path : normalize(join(dirname(path), name));
      if (!existsSync(file)) return true;
      return anchor !== undefined && (statSync(file).isDirectory() || !anchorsOf(file).has(anchor));
    })
    .map(({ path, target }) => `${path}: ${target}`);

  expect(flaws).toEqual([]);
  expect(links.length).toBeGreaterThan(200);
});
