import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Problem } from '../model/problem.ts';

const wildcard = /[*?]/;

/**
 * The users files that a list of paths and globs means, sorted, each once.
 *
 * `*` and `?` stay inside a folder's name, `**` crosses folders; names that begin with a dot are never matched by them.
 * A path that does not exist and a glob that matches nothing are problems, never fewer people.
 *
 * @param base - absolute folder to which relative patterns belong
 */
export async function findFiles(
  patterns: readonly string[],
  base: string,
): Promise<{ files: readonly string[]; problems: readonly Problem[] }> {
  const files = new Set<string>();
  const problems: Problem[] = [];
  for (const pattern of patterns) {
    const found = wildcard.test(pattern) ? await expand(pattern, base) : await single(pattern, base);
    if (found.length === 0) problems.push(nothingFound(pattern, base));
    for (const file of found) files.add(file);
  }
  return { files: [...files].sort(), problems };
}

function nothingFound(pattern: string, base: string): Problem {
  const where = isAbsolute(pattern) ? '' : ` in ${base}`;
  return wildcard.test(pattern)
    ? {
        code: 'no-file-matches',
        message: `no file matches ${pattern}${where}`,
        hint: 'check the pattern; nothing found is never "nobody"',
      }
    : { code: 'file-not-found', message: `there is no file ${pattern}${where}`, hint: 'check the path' };
}

async function single(path: string, base: string): Promise<readonly string[]> {
  const file = resolve(base, path);
  const entry = await stat(file).catch(() => undefined);
  return entry?.isFile() ? [file] : [];
}

async function expand(pattern: string, base: string): Promise<readonly string[]> {
  const full = resolve(base, pattern).split(sep);
  const firstWild = full.findIndex((part) => wildcard.test(part));
  const root = full.slice(0, firstWild).join(sep) || sep;
  const rest = full.slice(firstWild);
  const expression = globExpression(rest);
  const depth = rest.includes('**') ? Number.POSITIVE_INFINITY : rest.length;
  const found: string[] = [];
  for (const file of await filesBelow(root, depth)) {
    if (expression.test(relative(root, file).split(sep).join('/'))) found.push(file);
  }
  return found;
}

async function filesBelow(folder: string, depth: number): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory() && depth > 1) found.push(...(await filesBelow(path, depth - 1)));
    else if (entry.isFile() || entry.isSymbolicLink()) found.push(path);
  }
  return found;
}

function globExpression(parts: readonly string[]): RegExp {
  const source = parts
    .map((part, i) => {
      const isLast = i === parts.length - 1;
      if (part === '**') return isLast ? '.*' : '(?:[^/]+/)*';
      const text = part
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '[^/]*')
        .replaceAll('?', '[^/]');
      return isLast ? text : `${text}/`;
    })
    .join('');
  return new RegExp(`^${source}$`);
}
