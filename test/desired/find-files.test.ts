import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findFiles, pickFiles } from '../../src/desired/find-files.ts';
import { folderWith } from './support.ts';

const names = [
  'a.yaml',
  'b.yml',
  'users.yaml',
  '.hidden.yaml',
  'users/eu/berlin.yaml',
  'users/eu/paris.yaml',
  'users/us.yaml',
  'users/us.yaml.bak',
  'users/.git/x.yaml',
  'users/eu/.x.yaml',
  'us+rs/(a).yaml',
];
const tree = (): Promise<string> => folderWith(Object.fromEntries(names.map((name) => [name, ''])));

describe('finds', () => {
  test.each<[patterns: string[], expected: string[]]>([
    [['a.yaml'], ['a.yaml']],
    [
      ['./a.yaml', 'a.yaml', '*.yaml'],
      ['a.yaml', 'users.yaml'],
    ],
    [['*.y?ml'], ['a.yaml', 'users.yaml']],
    [['?.y*'], ['a.yaml', 'b.yml']],
    [
      ['**/*.yaml'],
      ['a.yaml', 'us+rs/(a).yaml', 'users.yaml', 'users/eu/berlin.yaml', 'users/eu/paris.yaml', 'users/us.yaml'],
    ],
    [['users/**/*.yaml'], ['users/eu/berlin.yaml', 'users/eu/paris.yaml', 'users/us.yaml']],
    [['users/*.yaml'], ['users/us.yaml']],
    [['users/*/*.yaml'], ['users/eu/berlin.yaml', 'users/eu/paris.yaml']],
    [['users/**/berlin.yaml'], ['users/eu/berlin.yaml']],
    [['users/eu/**'], ['users/eu/berlin.yaml', 'users/eu/paris.yaml']],
    [['**/eu/*.yaml'], ['users/eu/berlin.yaml', 'users/eu/paris.yaml']],
    [['users/../users//us.*ml'], ['users/us.yaml']],
    [['us+rs/(*).yaml'], ['us+rs/(a).yaml']],
    [['.hidden.yaml'], ['.hidden.yaml']],
    [['users/.git/*.yaml'], ['users/.git/x.yaml']],
  ])('by %j what a person expects', async (patterns, expected) => {
    const base = await tree();

    const { files, problems } = await findFiles(patterns, base);

    expect(problems).toEqual([]);
    expect(files).toEqual(expected.map((name) => join(base, name)));
    expect(pickFiles(patterns, names)).toEqual(expected);
  });

  test('by absolute paths and globs of a flag too, and outside the base', async () => {
    const base = await tree();

    const { files } = await findFiles(
      [join(base, 'a.yaml'), join(base, 'users', '*.yaml'), '../../b.*'],
      join(base, 'users', 'eu'),
      true,
    );

    expect(files).toEqual(['a.yaml', 'b.yml', 'users/us.yaml'].map((name) => join(base, name)));
  });

  test('nothing outside a base whose own name looks like a glob', async () => {
    const base = await folderWith({ 'a?c/users.yaml': '', 'abc/users.yaml': '' });

    const { files } = await findFiles(['*.yaml'], join(base, 'a?c'));

    expect(files).toEqual([join(base, 'a?c', 'users.yaml')]);
  });

  test('links to files, and does not walk through links to folders', async () => {
    const base = await folderWith({ 'x/a.yaml': '', 'y/b.txt': '' });
    await symlink('../x/a.yaml', join(base, 'y', 'link.yaml'));
    await symlink('..', join(base, 'y', 'round'));

    const { files } = await findFiles(['y/**/*.yaml'], base);

    expect(files).toEqual([join(base, 'y', 'link.yaml')]);
  });
});

describe('says so, instead of finding fewer people, for', () => {
  test.each([
    ['nobody.yaml', 'file-not-found', 'there is no file nobody.yaml in BASE'],
    ['users', 'file-not-found', 'users is a folder, not a file'],
    ['/nowhere/users.yaml', 'file-not-found', 'there is no file /nowhere/users.yaml'],
    ['*.json', 'no-file-matches', 'no file matches *.json in BASE'],
    ['nowhere/**/*.yaml', 'no-file-matches', 'no file matches nowhere/**/*.yaml in BASE'],
    ['a.yaml/*.yaml', 'no-file-matches', 'no file matches a.yaml/*.yaml in BASE'],
    ['**/.x.yaml', 'no-file-matches', 'no file matches **/.x.yaml in BASE'],
    ['nobody.{yaml,yml}', 'no-file-matches', 'no file matches nobody.{yaml,yml}'],
  ])('%s', async (pattern, code, message) => {
    const base = await tree();

    const { files, problems } = await findFiles([pattern, 'a.yaml'], base);

    expect(files).toEqual([join(base, 'a.yaml')]);
    expect(problems).toMatchObject([{ code, message: message.replace('BASE', base) }]);
  });

  test('a folder that cannot be looked into', async () => {
    const base = await tree();

    const { problems } = await findFiles([`${'x'.repeat(300)}/*.yaml`], base);

    expect(problems.map(({ code }) => code)).toEqual(['folder-unreadable']);
  });
});

test('a pattern and a name that fit each other badly take no time to speak of', async () => {
  const dir = await folderWith({ [`${'a'.repeat(200)}.yaml`]: '' });

  for (const pattern of [
    `${'*a'.repeat(30)}*b.yaml`,
    `${'{a,b,c,d,e}'.repeat(14)}/*.yaml`,
    `${'{a,'.repeat(30)}b${'}'.repeat(30)}*`,
  ])
    expect((await findFiles([pattern], dir)).problems).toMatchObject([{ code: 'no-file-matches' }]);
  expect((await findFiles([`${'*a'.repeat(30)}*.yaml`], dir)).files).toHaveLength(1);
});

test.each([
  ['nobody.yaml', 'check the path'],
  ['users.yaml', 'check the path; muster init writes this file, with the people of the server'],
  ['people.yaml', 'did you mean people.yml?'],
  ['team/ops.yml', 'did you mean team/ops.yaml?'],
])('says of %s, which is not there, what may be meant', async (path, hint) => {
  const base = await folderWith({ 'people.yml': '', 'team/ops.yaml': '' });

  expect((await findFiles([path], base)).problems).toMatchObject([{ code: 'file-not-found', hint }]);
});
