import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { operations } from '../../src/api/index.ts';
import type { AnyOperation } from '../../src/api/operation.ts';
import { routes } from '../../src/sandbox/routes.ts';
import { allCases } from './cases/all-cases.ts';

// Every operation of the reference has a function of the client, a route of the sandbox and cases of the contract.

const names = (await readFile(new URL('operations.txt', import.meta.url), 'utf8')).trim().split('\n');

interface Row {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly reference: string | undefined;
}

/** The calls of the client; pages are the same calls again. */
const rows: readonly Row[] = Object.entries(operations).flatMap(([group, methods]) => {
  const entries: [string, AnyOperation][] = Object.entries(methods);
  return entries.flatMap(([name, row]) =>
    'pagesOf' in row
      ? []
      : [{ name: `${group}.${name}`, method: row.method, path: row.path, reference: row.reference }],
  );
});

/** Gone from the server, so the sandbox must not have it either. */
const gone: ReadonlySet<string> = new Set(['users-mfa-post']);

/** A path with every changing part as a star, so that both notations compare. */
const shapeOf = (path: string): string =>
  path
    .replace(/\?.*$/, '')
    .replace(/\{[a-z_]+\}/g, '*')
    .replace(/:[a-z_]+(?:\{[^}]+\})?/g, '*');

const served: ReadonlySet<string> = new Set(routes.map(({ method, path }) => `${method} ${shapeOf(path)}`));

/** `me` is an id for the sandbox. */
const isServed = ({ method, path }: Row): boolean =>
  [shapeOf(path), shapeOf(path).replace('/users/me', '/users/*')].some((shape) => served.has(`${method} ${shape}`));

/** The name that the reference gives to a method and a path. */
const referenceName = (method: string, path: string): string =>
  `${path
    .replace(/^\/|\?.*$/g, '')
    .replace(/\/me\b/, '/user-id')
    .replace(/[{}]/g, '')
    .replace(/[/_]/g, '-')}-${method.toLowerCase()}`;

test('the list of the reference holds 48 different names, in order', () => {
  expect(new Set(names).size).toBe(48);
  expect(names).toEqual(names.toSorted());
});

describe.each(names)('%s', (name) => {
  const row = rows.find(({ reference }) => reference === name);

  test('has one function of the client, with its method and path', () => {
    expect(rows.filter(({ reference }) => reference === name)).toHaveLength(1);
    expect(referenceName(row?.method ?? '', row?.path ?? '')).toBe(name);
  });

  test('has a route of the sandbox, unless the server has none', () => {
    expect(row !== undefined && isServed(row)).toBe(!gone.has(name));
  });

  test('has cases of the contract', () => {
    expect(allCases[name]?.length ?? 0).toBeGreaterThanOrEqual(gone.has(name) ? 1 : 3);
  });
});

test.each(rows.filter(({ reference }) => reference === undefined))('$name has a route and cases too', (row) => {
  expect(isServed(row)).toBe(true);
  expect(allCases[row.name]?.length ?? 0).toBeGreaterThan(0);
});

test('no case speaks of an operation that no one has', () => {
  const known = new Set([...names, ...rows.map(({ name }) => name)]);

  expect(Object.keys(allCases).filter((name) => !known.has(name))).toEqual([]);
});

test.each(Object.entries(allCases))('the cases of %s have titles of their own', (_, cases) => {
  const titles = cases.map(({ title }) => title);

  expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
});
