/** Finds words that our texts do without: what people read is plain English, titles of tests included. Part of `npm run lint`. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { titlesIn } from './test-titles.ts';

/** What we don't write, and what to write instead. */
const words: Readonly<Record<string, string>> = {
  whoever: 'the user who, the person who, anyone who',
  somebody: 'someone, or who it is',
  nobody: 'no one, or what is missing',
  whereof: 'of which',
  former: 'previous',
  'as wanted': 'already match',
  'gone on with': 'resumed',
  'comes to its end': 'finishes',
  'made so': 'changed, applied',
  shall: 'must, should, will',
  mend: 'fix',
  mended: 'fixed',
  besides: 'also, in addition',
};

/** What people read: sources with their messages and docstrings, documentation, schemas. */
const places = [
  'src',
  'docs',
  'schemas',
  'examples',
  'scripts/demo.mjs',
  'README.md',
  'CHANGELOG.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
];

/** A phrase may break over a line, or over the star of a comment. "Made so far" is plain English. */
const pattern = new RegExp(`\\b(${Object.keys(words).join('|').replaceAll(' ', '[\\s*]+')})\\b(?! far\\b)`, 'gi');

const tracked = (from: readonly string[], names: RegExp): readonly string[] =>
  spawnSync('git', ['ls-files', '-z', ...from], { encoding: 'utf8' })
    .stdout.split('\0')
    .filter((file) => names.test(file));

/** What to write instead of each such word in a text. */
function wordsIn(text: string): readonly (readonly [index: number, advice: string])[] {
  return [...text.matchAll(pattern)].map((match) => {
    const word = match[0].replaceAll(/[\s*]+/g, ' ').toLowerCase();
    return [match.index, `"${word}": write ${words[word] ?? 'something plainer'}`];
  });
}

const files = tracked(places, /\.(ts|mjs|md|json|yaml)$/);
const inFiles = files.flatMap((file) => {
  const text = readFileSync(file, 'utf8');
  return wordsIn(text).map(([index, advice]) => `${file}:${text.slice(0, index).split('\n').length}: ${advice}`);
});

/** A title with those of its blocks says what is so: a sentence, or a table's rows make one of it. */
function isSentence(whole: string): boolean {
  const rows = whole.match(/%[a-z]|\$\{?\w+/g)?.length ?? 0;
  const own = whole.match(/(?<![%$\w])[a-z]+/gi)?.length ?? 0;
  return own > 0 && own + 2 * rows > 2;
}

const titles = tracked(['test'], /\.ts$/).flatMap(titlesIn);
const inTitles = titles.flatMap(({ file, line, text, whole, isBlock }) => [
  ...wordsIn(text).map(([, advice]) => `${file}:${line}: ${advice}`),
  ...(isBlock || isSentence(whole) ? [] : [`${file}:${line}: "${whole}": say in a sentence what is so`]),
]);

const found = [...inFiles, ...inTitles];
for (const line of found) process.stderr.write(`${line}\n`);
process.stderr.write(`${found.length} texts to change in ${files.length} files and ${titles.length} titles of tests\n`);
process.exitCode = found.length === 0 && files.length > 0 && titles.length > 0 ? 0 : 1;
