import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { codeOfError } from '../../src/cli/exit-codes.ts';
import { LockedError } from '../../src/journal/errors.ts';
import { InputError, type Problem } from '../../src/model/problem.ts';
import { PlanFileRefusedError } from '../../src/plan/plan-file.ts';
import { errorAnnotations } from '../../src/report/annotations.ts';
import { errorJson } from '../../src/report/error-json.ts';
import { errorMarkdown } from '../../src/report/error-markdown.ts';
import { coloured, plain } from '../../src/report/paint.ts';
import { errorText } from '../../src/report/problems-text.ts';
import { NewTokenError } from '../../src/resources/token/new-token-error.ts';
import { SinkError } from '../../src/secrets/errors.ts';
import { checkDocument } from '../../src/source/check-document.ts';
import { readYaml } from '../../src/source/read-yaml.ts';
import { validateUsersFile } from '../../src/source/validators.ts';
import { sampleProblem } from '../support/sample-problem.ts';

const evil = '\u001b[31m\r\u202e\u0007\u009b';
const harmful = /[\p{Cc}\u202e]/u;
const textOf = (...problems: readonly Problem[]): string => errorText(new InputError(problems), plain);

describe('a problem', () => {
  test('shows its place, its line, a second place and what to do', () => {
    const text = textOf({
      ...sampleProblem('Ada is declared twice', 'keep one entry'),
      at: { file: 'users/b.yaml', line: 12, column: 5 },
      excerpt: '  - username: Ada',
      also: { file: 'users/a.yaml', line: 3, column: 5 },
    });

    expect(text).toBe(`users/b.yaml:12:5 error Ada is declared twice
  12 |   - username: Ada
     |     ^
  also at users/a.yaml:3:5
  → keep one entry
`);
  });

  test('shows what it has: a message alone, or a place without a line', () => {
    expect(textOf(sampleProblem('there is no file'))).toBe('error there is no file\n');
    expect(textOf({ ...sampleProblem('m'), at: { file: 'a', line: 1, column: 1 }, excerpt: ' ' })).toBe(
      'a:1:1 error m\n',
    );
  });

  test('is counted where there are several, with a line between', () => {
    expect(textOf(sampleProblem('one'), sampleProblem('two', 'h'))).toBe(
      'error one\n\nerror two\n  → h\n\n2 problems; nothing was written\n',
    );
  });

  test('is coloured the same', () => {
    const error = new InputError([{ ...sampleProblem('m'), at: { file: 'a', line: 1, column: 2 }, excerpt: 'abc' }]);

    expect(errorText(error, coloured)).toContain('\u001b[31merror\u001b[39m');
    expect(stripVTControlCharacters(errorText(error, coloured))).toBe(errorText(error, plain));
  });
});

describe('the caret stands under the column', () => {
  test.each([
    ['nickname: ', 'x'],
    ['first_name: 漢字, nick: ', 'x'],
    ['first_name: "🙂é", nick: ', 'x'],
    ['\tnick: ', 'x'],
    ['first_name: "\u202e\u001b", nick: ', 'x'],
    ['', 'x'],
  ])('after %j', (before, rest) => {
    const [, shown = '', caret = ''] = textOf({
      ...sampleProblem('m'),
      at: { file: 'f', line: 7, column: before.length + 1 },
      excerpt: before + rest,
    }).split('\n');

    const column = stringWidth(caret.slice(0, caret.indexOf('^')));
    expect(column).toBe(stringWidth(shown.slice(0, shown.lastIndexOf('x'))));
  });

  test('nowhere, if the line was cut before it', () => {
    expect(
      textOf({ ...sampleProblem('m'), at: { file: 'f', line: 1, column: 300 }, excerpt: `${'x'.repeat(120)}…` }),
    ).not.toContain('^');
  });

  test('of a real file', () => {
    const { document } = readYaml(
      'users.yaml',
      'version: 1\nusers:\n  - { username: ada, first_name: 漢字, activ: yes }\n',
    );
    if (document === undefined) throw new Error('unreadable');

    const { problems } = checkDocument(document, validateUsersFile);

    expect(textOf(...problems)).toBe(`users.yaml:3:38 error unknown field activ in users[1] (ada)
  3 |   - { username: ada, first_name: 漢字, activ: yes }
    |                                        ^
  → did you mean active?
`);
  });
});

describe('other errors', () => {
  test('of muster show message and hint, and name the section of their code', () => {
    expect(errorText(new LockedError({ is: 'contended' }), plain)).toBe(
      'error other runs of muster keep taking the lock\n  → try again\n  LOCKED, see muster help LOCKED\n',
    );
    expect(errorText(new NewTokenError({ is: 'other-account' }), plain)).toBe(
      'error the new token signs in as another account\n  NEW_TOKEN, see muster help NEW_TOKEN\n',
    );
  });

  test.each(['ENOSPC', 'EACCES', 'EROFS', 'EDQUOT', 'EMFILE'])('of this machine (%s) are no bugs', (code) => {
    const error = Object.assign(new Error(`${code}: refused, open '/x'`), { code, syscall: 'open' });

    expect(errorText(error, plain)).toBe(
      `error this machine refused: ${code}: refused, open '/x'\n` +
        '  → make room, or check the path, the rights and the limits there; then run it again\n' +
        '  MACHINE_FAILED, see muster help MACHINE_FAILED\n',
    );
    expect(errorJson(error)).toMatchObject({ error: { code: 'MACHINE_FAILED', blame: 'user' } });
    expect(errorAnnotations(error)).toContain('(make room, ');
    expect(errorMarkdown(error, '### muster audit')).toMatch(/^### muster audit: failed\n/);
    expect(codeOfError(error)).toBe(1);
  });

  test.each([new TypeError('x is undefined'), 'thrown text'])('are bugs, and ask for a report', (error) => {
    expect(errorText(error, plain)).toMatch(/^bug (x is undefined|thrown text)\n {2}→ this should not happen/);
  });
});

test('lets nothing through to the terminal', () => {
  const place = { file: evil, line: 1, column: 3 };
  const texts = [
    textOf({ ...sampleProblem(evil, evil), at: place, excerpt: `a${evil}`, also: place }),
    errorText(new PlanFileRefusedError({ is: 'unreadable', path: evil, why: evil, todo: evil }), plain),
    errorText(new Error(evil), plain),
    errorText(evil, plain),
  ];

  for (const text of texts) expect(text.replaceAll('\n', '')).not.toMatch(harmful);
});

describe('for programs', () => {
  test('an input tells its problems', () => {
    const problem = { ...sampleProblem('m', 'h'), at: { file: 'f', line: 1, column: 2 } };

    expect(errorJson(new InputError([problem]))).toEqual({
      error: {
        code: 'INPUT_REFUSED',
        blame: 'user',
        message: 'f:1:2: m',
        docs: 'docs/reference/errors.md#input_refused',
        problems: [{ ...problem, docs: 'docs/reference/errors.md#usage' }],
      },
    });
  });

  test('an error of muster tells its code, and no cause', () => {
    expect(errorJson(new SinkError({ is: 'no-such-sink', name: 'vault' }, { cause: new Error('inner') }))).toEqual({
      error: {
        code: 'SINK_FAILED',
        blame: 'user',
        message: 'there is no sink vault',
        hint: 'define it in secrets.sinks of muster.yaml',
        docs: 'docs/reference/errors.md#sink_failed',
      },
    });
  });

  test.each([new TypeError('m'), 'm'])('anything else is a bug', (error) => {
    const docs = 'docs/reference/errors.md#unexpected';
    expect(errorJson(error)).toEqual({ error: { code: 'UNEXPECTED', blame: 'bug', message: 'm', docs } });
  });
});
