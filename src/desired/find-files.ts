import { readdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, posix, relative, resolve, sep } from 'node:path';
import { refuse, type WhatOfProblem } from '../model/messages/problems.ts';
import type { Problem, SourcePosition } from '../model/problem.ts';
import { systemCodeOf } from '../model/system-error.ts';
import { type FilePlace, liesBelow } from '../source/read-file.ts';

/** The users file where none is named: beside `muster.yaml`, or in the working directory without one. */
export const usersFileName = 'users.yaml';

const wildcard = /[*?]/;
/** Several words of which each is meant: `{yaml,yml}`. */
const braces = /^(.*?)\{([^{}]*,[^{}]*)\}(.*)$/s;

export interface FoundFiles {
  /** Absolute, sorted, each once. */
  readonly files: readonly string[];
  /** Where each of them may lie when it is read. */
  readonly places: ReadonlyMap<string, FilePlace>;
  readonly problems: readonly Problem[];
}

/**
 * The users files that a list of paths and globs means.
 *
 * `*` and `?` stay inside a folder's name, `**` crosses folders, `{a,b}` stands for two patterns; names that begin with a dot are never matched by them.
 * A path that does not exist and a glob that matches nothing are problems, never fewer people. What is found by a
 * pattern lies below the base, or below the folder that a flag's pattern names: links out of it are not followed.
 *
 * @param base - absolute folder to which relative patterns belong
 * @param at - where the nth pattern stands, if it stands in a file
 * @param areNamedByFlag - a path of a flag may lead anywhere; those of a config stay below the base
 */
export async function findFiles(
  patterns: readonly string[],
  base: string,
  areNamedByFlag = false,
  at?: (nth: number) => SourcePosition,
): Promise<FoundFiles> {
  const places = new Map<string, FilePlace>();
  const problems: Problem[] = [];
  const find = async (pattern: string): Promise<Found & { readonly place: FilePlace }> => {
    if (!wildcard.test(pattern))
      return { ...(await single(pattern, base)), place: areNamedByFlag ? { namedFrom: base } : { below: base } };
    const root = rootOf(pattern, base);
    const below = areNamedByFlag && !liesBelow(root, base) ? root : base;
    return { ...(await expand(pattern, base, below)), place: { below } };
  };
  for (const [i, written] of patterns.entries()) {
    const found: (Found & { readonly place: FilePlace })[] = [];
    // One of too many is taken as it is written: it matches nothing, and says so.
    const alternatives = countOf(written) > maxAlternatives ? [written] : alternativesOf(written);
    for (const pattern of alternatives) found.push(await find(pattern));
    for (const { files, place } of found) for (const file of files) if (!places.has(file)) places.set(file, place);
    // A place is only asked for where something is wrong: to know one takes another reader of YAML.
    for (const problem of problemsOf(found, written))
      problems.push(at === undefined ? problem : { ...problem, at: at(i) });
  }
  return { files: [...places.keys()].toSorted(), places, problems };
}

/**
 * Chooses among names as `findFiles` would find them on a disk.
 *
 * @param names - of files below the folder that the patterns belong to, with `/`
 */
export function pickFiles(patterns: readonly string[], names: readonly string[]): readonly string[] {
  const tests = patterns
    .flatMap((written) => (countOf(written) > maxAlternatives ? [written] : alternativesOf(written)))
    .map(nameTest);
  return names.filter((name) => tests.some((isMeant) => isMeant(name))).toSorted();
}

function nameTest(pattern: string): (name: string) => boolean {
  if (!wildcard.test(pattern)) {
    const path = posix.normalize(pattern);
    return (name) => name === path;
  }
  const parts = pattern.split('/');
  const firstWild = parts.findIndex((part) => wildcard.test(part));
  const folder = posix.normalize(parts.slice(0, firstWild).join('/'));
  const root = folder === '.' ? '' : `${folder.replace(/\/$/, '')}/`;
  const glob = globMatcher(wildPartsOf(parts, firstWild));
  return (name) => {
    if (!name.startsWith(root)) return false;
    const rest = name.slice(root.length);
    return !rest.split('/').some((part) => part.startsWith('.')) && glob.test(rest);
  };
}

/** What a pattern says from its first wildcard on. */
const wildPartsOf = (parts: readonly string[], firstWild: number): readonly string[] =>
  withoutRepeats(parts.slice(firstWild).filter((part) => part !== '' && part !== '.'));

/** The patterns that one with braces stands for; itself where it has none. */
function alternativesOf(pattern: string): readonly string[] {
  const [, before = '', words, after = ''] = braces.exec(pattern) ?? [];
  return words === undefined
    ? [pattern]
    : words.split(',').flatMap((word) => alternativesOf(`${before}${word}${after}`));
}

/** How many patterns one with braces stands for: each brace multiplies them, within another one, too. */
function countOf(pattern: string): number {
  let product = 1;
  const open: number[] = [];
  for (const sign of pattern) {
    const words = open.at(-1) ?? 0;
    if (sign === '{') open.push(1);
    else if (sign === ',' && open.length > 0) open.splice(-1, 1, words + 1);
    else if (sign === '}') product *= open.pop() ?? 1;
  }
  return product;
}

/** No list of files needs more. */
const maxAlternatives = 1000;

/** That one of several patterns matches nothing is no problem as long as another one does. */
function problemsOf(found: readonly Found[], written: string): readonly Problem[] {
  const all = found.flatMap(({ problems }) => problems);
  if (found.length === 1) return all;
  if (found.some(({ files }) => files.length > 0)) return all.filter(({ code }) => code !== 'no-file-matches');
  const [first] = all;
  const missed = found.find(({ missed: one }) => one !== undefined)?.missed;
  const isNothingThere = all.every(({ code }) => code === 'no-file-matches' || code === 'file-not-found');
  return first === undefined || !isNothingThere
    ? all
    : [refuse('no-file-matches', { ...(missed ?? { is: 'any' }), pattern: written })];
}

interface Found {
  readonly files: readonly string[];
  readonly problems: readonly Problem[];
  /** Of a pattern without a match. */
  readonly missed?: NoMatch;
}

type NoMatch = WhatOfProblem<'no-file-matches'>;

/** How a path is shown that belongs to a folder. */
const placed = (pattern: string, base: string): string => (isAbsolute(pattern) ? pattern : `${pattern} in ${base}`);

async function single(path: string, base: string): Promise<Found> {
  const file = resolve(base, path);
  const entry = await stat(file).catch(() => undefined);
  // What else it may be but a file is told where it is read.
  if (entry?.isDirectory() === false) return { files: [file], problems: [] };
  const problem =
    entry === undefined
      ? refuse('file-not-found', await whatIsThere(path, base))
      : refuse('file-not-found', { is: 'folder', path, pattern: join(path, '**', '*.yaml') });
  return { files: [], problems: [problem] };
}

/** Beside a file that is not there: one with the other ending, or nothing yet, before the first import. */
async function whatIsThere(path: string, base: string): Promise<WhatOfProblem<'file-not-found'>> {
  const shown = placed(path, base);
  const other = path.replace(/\.(yaml|yml)$/, (ending) => (ending === '.yml' ? '.yaml' : '.yml'));
  const found = other === path ? undefined : await stat(resolve(base, other)).catch(() => undefined);
  if (found?.isFile() === true) return { is: 'ending', path: shown, other };
  return { is: path === 'users.yaml' ? 'first' : 'file', path: shown };
}

/** The folder that a pattern names before its first wildcard. */
function rootOf(pattern: string, base: string): string {
  const parts = pattern.split(sep);
  const firstWild = parts.findIndex((part) => wildcard.test(part));
  return resolve(base, parts.slice(0, firstWild).join(sep) || (isAbsolute(pattern) ? sep : '.'));
}

async function expand(pattern: string, base: string, below: string): Promise<Found> {
  const root = rootOf(pattern, base);
  // The names in a folder elsewhere are private, too.
  const real = await realpath(root).catch(() => undefined);
  if (real !== undefined && !liesBelow(real, await realpath(below)))
    return { files: [], problems: [refuse('folder-outside', { pattern, folder: below })] };
  const parts = pattern.split(sep);
  const firstWild = parts.findIndex((part) => wildcard.test(part));
  const rest = wildPartsOf(parts, firstWild);
  const expression = globMatcher(rest);
  const depth = rest.includes('**') ? Number.POSITIVE_INFINITY : rest.length;
  const found = await filesBelow(root, depth);
  const files = found.files.filter((file) => expression.test(relative(root, file).split(sep).join('/')));
  if (files.length + found.problems.length > 0) return { files, problems: found.problems };
  const names = found.files.map((file) => relative(root, file).split(sep).join('/'));
  const missed = { ...whyNoMatch(pattern, names, rest), pattern: placed(pattern, base) };
  return { files, problems: [refuse('no-file-matches', missed)], missed };
}

/** @param files - below the folder that the pattern names */
function whyNoMatch(pattern: string, files: readonly string[], parts: readonly string[]): NoMatch {
  const instead = otherEnding(pattern);
  if (instead !== undefined) {
    const expression = globMatcher([...parts.slice(0, -1), otherEnding(parts.at(-1) ?? '') ?? '']);
    if (files.some((file) => expression.test(file))) return { is: 'other-ending', pattern, instead };
  }
  return { is: /[[\](){}!]/.test(pattern) ? 'signs' : 'any', pattern };
}

function otherEnding(pattern: string): string | undefined {
  if (pattern.endsWith('.yaml')) return pattern.replace(/yaml$/, 'yml');
  return pattern.endsWith('.yml') ? pattern.replace(/yml$/, 'yaml') : undefined;
}

/** `**` after `**` says nothing more, and would make a pattern slow. */
const withoutRepeats = (parts: readonly string[]): readonly string[] =>
  parts.filter((part, i) => part !== '**' || parts[i - 1] !== '**');

async function filesBelow(root: string, maxDepth: number): Promise<Found> {
  const files: string[] = [];
  const problems: Problem[] = [];
  const folders = [{ path: root, depth: maxDepth }];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const { path: parent, depth } = folder;
    try {
      for (const entry of await readdir(parent, { withFileTypes: true })) {
        if (entry.name.startsWith('.')) continue;
        const path = join(parent, entry.name);
        if (entry.isDirectory()) {
          if (depth > 1) folders.push({ path, depth: depth - 1 });
        } else files.push(path);
      }
    } catch (error) {
      // A folder that is not there holds nothing; one that cannot be read may hold people.
      const code = systemCodeOf(error);
      if (code !== 'ENOENT' && code !== 'ENOTDIR')
        problems.push(refuse('folder-unreadable', { folder: parent, why: code }));
    }
  }
  return { files, problems };
}

/** Looks at each name once for each part of the pattern, whatever stands in the two: a pull request may have written both. */
function globMatcher(parts: readonly string[]): { readonly test: (path: string) => boolean } {
  return {
    test: (path) => matches(parts, path.split('/'), (part, name) => (part === '**' ? 'any' : nameMatches(part, name))),
  };
}

/** Which beginnings of the parts fit the names so far; `**` stands for any number of folders, and at the end for a name, too. */
function matches(
  parts: readonly string[],
  names: readonly string[],
  fits: (part: string, name: string) => boolean | 'any',
): boolean {
  const skip = (at: ReadonlySet<number>): ReadonlySet<number> => {
    const all = new Set(at);
    for (const i of all) if (parts[i] === '**' && i + 1 < parts.length) all.add(i + 1);
    return all;
  };
  let at = skip(new Set([0]));
  for (const [n, name] of names.entries()) {
    const next = new Set<number>();
    for (const i of at) {
      const part = parts[i];
      if (part === undefined) continue;
      const fit = fits(part, name);
      if (fit === 'any') next.add(i);
      if (fit === true) next.add(i + 1);
      if (fit === 'any' && i + 1 === parts.length && n + 1 === names.length) return true;
    }
    at = skip(next);
  }
  return at.has(parts.length);
}

/** `*` for any signs, `?` for one: goes back to the last star alone. */
function nameMatches(pattern: string, name: string): boolean {
  let [p, n, star, from] = [0, 0, -1, 0];
  while (n < name.length) {
    if (pattern[p] === '*') [star, from, p] = [p, n, p + 1];
    else if (pattern[p] === '?' || (p < pattern.length && pattern[p] === name[n])) [p, n] = [p + 1, n + 1];
    else if (star !== -1) [p, n, from] = [star + 1, from + 1, from + 1];
    else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
