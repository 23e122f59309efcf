import { describe, expect, test } from 'vitest';
import { SourceText } from '../../src/source/source-text.ts';
import { sampleProblem } from '../support/sample-problem.ts';

describe('a place', () => {
  const source = new SourceText('f.yaml', 'ab\r\ncd\n\nef\rgh');

  test.each([
    [0, 1, 1, 'ab'],
    [1, 1, 2, 'ab'],
    [2, 1, 3, 'ab'],
    [4, 2, 1, 'cd'],
    [7, 3, 1, ''],
    [8, 4, 1, 'ef'],
    [11, 5, 1, 'gh'],
    [13, 5, 3, 'gh'],
  ])('at offset %i is line %i, column %i', (offset, line, column, excerpt) => {
    expect(source.position(offset)).toEqual({ file: 'f.yaml', line, column });
    expect(source.line(offset)).toBe(excerpt);
  });

  test('in an empty text is its beginning', () => {
    const empty = new SourceText('f.yaml', '');

    expect(empty.problem(0, sampleProblem('m'))).toEqual({
      code: 'usage',
      message: 'm',
      at: { file: 'f.yaml', line: 1, column: 1 },
      excerpt: '',
    });
  });
});

test('cuts an excerpt to a readable length', () => {
  const source = new SourceText('f.yaml', `${'x'.repeat(121)}\n${'y'.repeat(120)}`);

  expect(source.line(0)).toBe(`${'x'.repeat(120)}…`);
  expect(source.line(122)).toBe('y'.repeat(120));
});

describe('shows no secret:', () => {
  test.each([
    ['password: hunter2', 'password: ***'],
    ['  initial_password: hunter2 # for ada', '  initial_password: ***'],
    ['- {username: ada, password: "a, b", emial: c}', '- {username: ada, password: ***'],
    ['{"Password":"hunter2"}', '{"Password":***'],
    ['adminPasswd : hunter2', 'adminPasswd : ***'],
    ['token: hunter2', 'token: ***'],
    ['access_token: [hunter2', 'access_token: ***'],
    ['api-key: {a: hunter2}', 'api-key: ***'],
    ['command: [put, token=hunter2]', 'command: [put, token=***'],
    ['# the password: hunter2', '# the password: ***'],
    ['server: https://ada:hunter2@chat.example.com', 'server: https://***'],
    ['server: ada:hunter2@chat.example.com', 'server: ***'],
    ['password:hunter2', 'password:***'],
  ])('%s', (line, shown) => {
    expect(new SourceText('f.yaml', line).line(0)).toBe(shown);
  });

  test.each([
    'tokens: [{name: ci}]',
    'foreign_tokens: report',
    'secrets: {dir: secrets}',
    'password:',
    'compass: north',
    'email: ada@example.com',
    'server: https://chat.example.com:8065/x',
    '{"email":"ada@example.com"}',
  ])('and leaves %s as it is', (line) => {
    expect(new SourceText('f.yaml', line).line(0)).toBe(line);
  });

  test('in a range that is declared hidden, however many lines it has', () => {
    const source = new SourceText('f.yaml', 'a: one\n  two\n  three, b: x\nc: y');
    source.hide(3, 20);

    expect([0, 7, 14, 27].map((offset) => source.line(offset))).toEqual(['a: ***', '***', '***', 'c: y']);
  });

  test.each([
    ['password: |\n  hunter2\n\tx', 20],
    ['password: "hunter\n  two" x', 20],
    ['a: 1\npassword:\n\n  # why not\n  hunter2: x: y', 36],
  ])('in a line that may go on with one, where nothing could be parsed: %j', (text, offset) => {
    const problem = new SourceText('f.yaml', text).problemInUnparsed(offset, sampleProblem('m'));

    expect(problem.excerpt).not.toContain('hunter');
    expect(problem.excerpt).not.toContain('two');
  });

  test('and shows the next field of a text that could not be parsed', () => {
    const source = new SourceText('f.yaml', '- password: hunter2\n  email: a: b');

    expect(source.problemInUnparsed(31, sampleProblem('m')).excerpt).toBe('  email: a: b');
  });
});
