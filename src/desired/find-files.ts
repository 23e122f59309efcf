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
    problems.push(...found.problems);
    for (const file of found.files) files.add(file);
  }
  return { files: [...files].toSorted(), problems };
}

interface Found {
  readonly files: readonly string[];
  readonly problems: readonly Problem[];
}

const within = (pattern: string, base: string): string => (isAbsolute(pattern) ? '' : ` in ${base}`);

async function single(path: string, base: string): Promise<Found> {
  const file = resolve(base, path);
  const entry = await stat(file).catch(() => undefined);
  if (entry?.isFile() === true) return { files: [file], problems: [] };
  const problem: Problem =
    entry?.isDirectory() === true
      ? {
          code: 'file-not-found',
          message: `${path} is a folder, not a file`,
          hint: `write ${join(path, '**', '*.yaml')}`,
        }
      : {
          code: 'file-not-found',
          message: `there is no file ${path}${within(path, base)}`,
          hint: 'check the path',
        };
  return { files: [], problems: [problem] };
}

async function expand(pattern: string, base: string): Promise<Found> {
  const parts = pattern.split(sep);
  const firstWild = parts.findIndex((part) => wildcard.test(part));
  const root = resolve(base, parts.slice(0, firstWild).join(sep) || (isAbsolute(pattern) ? sep : '.'));
  const rest = parts.slice(firstWild).filter((part) => part !== '' && part !== '.');
  const expression = globExpression(rest);
  const depth = rest.includes('**') ? Number.POSITIVE_INFINITY : rest.length;
  const below = await filesBelow(root, depth);
  const files = below.files.filter((file) => expression.test(relative(root, file).split(sep).join('/')));
  if (files.length + below.problems.length > 0) return { files, problems: below.problems };
  return {
    files,
    problems: [
      {
        code: 'no-file-matches',
        message: `no file matches ${pattern}${within(pattern, base)}`,
        hint: 'check the pattern; nothing found is never "nobody"',
      },
    ],
  };
}

async function filesBelow(folder: string, depth: number): Promise<Found> {
  const files: string[] = [];
  const problems: Problem[] = [];
  try {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.name.startsWith('.')) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory() && depth > 1) {
        const inner = await filesBelow(path, depth - 1);
        files.push(...inner.files);
        problems.push(...inner.problems);
      } else if (entry.isFile() || entry.isSymbolicLink()) files.push(path);
    }
  } catch (error) {
    // A folder that is not there holds nothing; one that cannot be read may hold people.
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (code !== 'ENOENT' && code !== 'ENOTDIR') {
      problems.push({
        code: 'folder-unreadable',
        message: `cannot look into ${folder}: ${code}`,
        hint: 'let muster read it, or name fewer folders',
      });
    }
  }
  return { files, problems };
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
