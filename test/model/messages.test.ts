/** The register of messages: what each code says stands there, in the documentation, and nowhere else. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { blockedRows } from '../../src/model/messages/blocked-rows.ts';
import type { ErrorRow } from '../../src/model/messages/error-row.ts';
import { errorRows } from '../../src/model/messages/errors.ts';
import { heldRows } from '../../src/model/messages/held-rows.ts';
import { say } from '../../src/model/messages/message.ts';
import { noticeRows } from '../../src/model/messages/notice-rows.ts';
import type { ProblemRow } from '../../src/model/messages/problem-row.ts';
import { problemRows } from '../../src/model/messages/problems.ts';
import { warningRows } from '../../src/model/messages/warning-rows.ts';
import { MusterError } from '../../src/model/muster-error.ts';
import { InputError, type Problem } from '../../src/model/problem.ts';

const root = join(import.meta.dirname, '../..');

async function sourcesBelow(folder: string, isWanted: (path: string) => boolean): Promise<string> {
  const names = await readdir(join(root, folder), { recursive: true });
  const wanted = names.filter((name) => name.endsWith('.ts') && isWanted(name));
  const texts = await Promise.all(wanted.map((name) => readFile(join(root, folder, name), 'utf8')));
  return texts.join('\n');
}

const isQuotedIn = (source: string, word: string): boolean => source.includes(`'${word}'`);

const registers = [errorRows, heldRows, blockedRows, problemRows, noticeRows, warningRows];
const codes = registers.flatMap((rows) => Object.keys(rows));
const rowsOfTexts: ReadonlyArray<readonly [string, ErrorRow | ProblemRow]> = [
  ...Object.entries(errorRows),
  ...Object.entries(blockedRows),
  ...Object.entries(problemRows),
  ...Object.entries(noticeRows),
  ...Object.entries(warningRows),
];

describe('each code of an error, a problem, a held or blocked change, or a notice', () => {
  test('is used for one thing', () => {
    expect(codes.filter((code, i) => codes.indexOf(code) !== i)).toEqual([]);
  });

  test('has a section in the documentation', async () => {
    const page = await readFile(join(root, 'docs/reference/errors.md'), 'utf8');

    expect(codes.filter((code) => !page.includes(`\n### ${code}\n`))).toEqual([]);
  });

  test('is expected by a test that reaches it', async () => {
    const tests = await sourcesBelow('test', (name) => name !== 'model/messages.test.ts');

    expect(codes.filter((code) => !new RegExp(`\\b${code}\\b`).test(tests))).toEqual([]);
  });

  test('is said somewhere, with each of its texts', async () => {
    const source = await sourcesBelow('src', (name) => !name.startsWith('model/messages/'));
    const texts = rowsOfTexts.flatMap(([, row]) => ('texts' in row ? Object.keys(row.texts) : []));

    expect([...codes, ...texts].filter((word) => !isQuotedIn(source, word))).toEqual([]);
  });
});

describe('the words of an error', () => {
  test('come from the register alone: its class takes no text', () => {
    class FreeError extends MusterError {
      constructor() {
        // @ts-expect-error -- a text is no message of the register
        super('what I like');
      }
    }

    expect(new FreeError()).toBeInstanceOf(MusterError);
  });

  test('are plain errors nowhere that a user could meet them', async () => {
    const source = await sourcesBelow('src', (name) => !name.startsWith('sandbox/'));
    const thrown = [...source.matchAll(/new (?:Type|Range)?Error\(([^)]*)\)/g)].map(([, words]) => words);

    // The reason of an abort; what is caught where it is thrown; what only a change of muster itself could bring about.
    expect(new Set(thrown)).toEqual(
      new Set([
        "'the facts come first'",
        "'not as it was written'",
        "'interrupted'",
        "'the bytes end too early'",
        "'not plain'",
        "'the client is closed'",
        "'markup cannot wait'",
      ]),
    );
  });

  test('and of a problem come from the register alone: no other text has the type of one', () => {
    // @ts-expect-error -- a text is no message of the register
    const free: Problem = { code: 'usage', message: 'what I like' };

    expect(new InputError([free])).toBeInstanceOf(InputError);
  });

  test('and of what holds a change are no texts of their own elsewhere', async () => {
    const source = await sourcesBelow('src', (name) => !/^(sandbox|model\/messages)\//.test(name));

    expect(source.match(/code: '[a-z-]+',\s+owner(: |,)/g)).toBeNull();
    expect(source.match(/rail: '[a-z-]+',\s+(?:\w+,\s+)*(?:reason|hint)\b/g)).toBeNull();
    expect(source.match(/\breason(: | = )`/g)).toEqual(['reason: `']); // The name of a class in quarantine.
    // Nor of a notice, or of what else has a code and words.
    expect(source.match(/code: '[a-z-]+',\s+(?:person|holder|text|message|hint)\b/g)).toBeNull();
  });

  test('hold what fills them, which is not read as a text again', () => {
    const { text, todo } = say('SECRET_PLACE', { is: 'others-may-read', path: '{root}' });

    expect([text, todo]).toEqual(['others may read {root}', 'chmod 600 {root}']);
  });

  test.each(rowsOfTexts)('of %s are sentences in lower case without a full stop', (_code, row) => {
    const texts = 'texts' in row ? Object.values(row.texts) : [row];

    for (const { text, todo = 'x' } of texts) {
      expect(text).not.toMatch(/\.$/);
      expect(todo).not.toMatch(/^[A-Z][a-z]|\.$/);
    }
    expect(row.when).toMatch(/^[A-Z`].*\.$/);
  });
});

test('what to do about a warning names no one, since logs without names keep it', () => {
  const advice = Object.values(warningRows).flatMap((row) => [
    row.todo,
    ...('texts' in row ? Object.values(row.texts).map(({ todo }) => todo) : []),
  ]);

  expect(advice.filter((todo) => todo?.includes('{') === true)).toEqual([]);
});
