/** Finds words that our texts do without: what people read is plain English. Part of `npm run lint`. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

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
  'README.md',
  'CHANGELOG.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
];

/** A phrase may break over a line, or over the star of a comment. "Made so far" is plain English. */
const pattern = new RegExp(`\\b(${Object.keys(words).join('|').replaceAll(' ', '[\\s*]+')})\\b(?! far\\b)`, 'gi');

const files = spawnSync('git', ['ls-files', '-z', ...places], { encoding: 'utf8' })
  .stdout.split('\0')
  .filter((file) => /\.(ts|md|json|yaml)$/.test(file));

const found = files.flatMap((file) => {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(pattern)].map((match) => {
    const line = text.slice(0, match.index).split('\n').length;
    const word = match[0].replaceAll(/[\s*]+/g, ' ').toLowerCase();
    return `${file}:${line}: "${word}": write ${words[word] ?? 'something plainer'}`;
  });
});

for (const line of found) process.stderr.write(`${line}\n`);
process.stderr.write(`${found.length} words to replace in ${files.length} files\n`);
process.exitCode = found.length === 0 && files.length > 0 ? 0 : 1;
