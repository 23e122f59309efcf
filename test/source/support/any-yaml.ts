/** Texts as people and programs write them, and what becomes of them by a slip or by ill will. */
import type { Draw } from '../../app/support/any-pull-request.ts';

function oneOf<Value>(pick: Draw, values: readonly Value[]): Value {
  const at = pick(values.length);
  for (const value of values.slice(at, at + 1)) return value;
  throw new Error('nothing to pick from');
}

const keys = [
  'username',
  'email',
  'a',
  'b-c',
  'd.e',
  'initial_password',
  'tokens',
  'roles',
  'k1',
  'x_y',
  'true',
  '"q"',
  "'s'",
];
const words = [
  'ada',
  'Ada Love',
  'a,b',
  'x:y',
  'x#y',
  'p@q.r',
  'true',
  'False',
  '1',
  '007',
  '1e3',
  '0x1f',
  '-5',
  '2027-01-01',
  'null',
  '~',
  '',
];
const odd = [
  '- x',
  '? y',
  'a: b',
  'a #b',
  '"q"',
  "'it''s'",
  '"a\\nb"',
  '[a, b]',
  '{a: b}',
  '[]',
  '{}',
  '[1,2]',
  '{a: {b: [c]}}',
  '&x a',
  '*x',
  '!t a',
];
const far = [
  'é',
  'Zoë',
  '日本',
  '\u00a0',
  '\u200b',
  '😀',
  'İ',
  '\u2028',
  '\u0085',
  '[x',
  'x]',
  '{',
  '}',
  '%',
  '@',
  '`',
  '|',
  '>-',
  '<<',
  '...',
  '---',
];

/** Block YAML with some of every style. */
export function anyYaml(pick: Draw): string {
  const lines: string[] = [];
  if (pick(6) === 0) lines.push(oneOf(pick, ['---', '# comment', '', '%YAML 1.2', '--- # c']));
  writeMap(lines, pick, 0, 1 + pick(3), '');
  const end = oneOf(pick, ['\n', '\n', '\n', '\r\n', '']);
  const text = lines.join(end === '\r\n' ? '\r\n' : '\n') + end;
  return spoil(text, pick);
}

function scalar(pick: Draw): string {
  const kind = pick(20);
  if (kind < 13) return oneOf(pick, words);
  if (kind < 18) return oneOf(pick, odd);
  return oneOf(pick, far);
}

function writeMap(lines: string[], pick: Draw, indent: number, depth: number, first: string): void {
  const blanks = ' '.repeat(indent);
  for (let i = 0, count = 1 + pick(3); i < count; i++) {
    const start = i === 0 && first !== '' ? first : blanks;
    const key = `${start}${oneOf(pick, keys)}:`;
    const kind = depth === 0 ? 0 : pick(5);
    if (kind === 1) {
      lines.push(key);
      writeMap(lines, pick, indent + 1 + pick(4), depth - 1, '');
    } else if (kind === 2) {
      lines.push(key);
      writeList(lines, pick, indent + 2 * pick(2), depth - 1);
    } else lines.push(`${key} ${scalar(pick)}${pick(8) === 0 ? ' # why' : ''}${pick(12) === 0 ? ' ' : ''}`);
    if (pick(15) === 0) lines.push(oneOf(pick, ['', '  ', `${blanks}# note`, '# note', '\t']));
  }
}

function writeList(lines: string[], pick: Draw, indent: number, depth: number): void {
  for (let i = 0, count = 1 + pick(3); i < count; i++) {
    const start = `${' '.repeat(indent)}-${' '.repeat(1 + pick(2))}`;
    const kind = depth === 0 ? 0 : pick(3);
    if (kind === 1) writeMap(lines, pick, start.length, depth - 1, start);
    else lines.push(start + scalar(pick));
  }
}

const signs = Array.from(' \n:-#,[]{}"\'\\\t\r&*!|>%@');

/** A slip: a sign more, a sign less, a line twice, gone, elsewhere or further in. */
function spoil(text: string, pick: Draw): string {
  if (pick(5) < 2) return text;
  let spoilt = text;
  for (let slips = 1 + pick(2); slips > 0; slips--) {
    const at = pick(spoilt.length + 1);
    const lines = spoilt.split('\n');
    const line = pick(lines.length);
    const slip: ReadonlyArray<() => string> = [
      () => spoilt.slice(0, at) + spoilt.slice(at + 1),
      () => spoilt.slice(0, at) + oneOf(pick, [...signs, ...far]) + spoilt.slice(at),
      () => lines.toSpliced(line, 0, lines[line] ?? '').join('\n'),
      () => lines.toSpliced(line, 1).join('\n'),
      () => lines.toSpliced(line, 1, ` ${lines[line] ?? ''}`).join('\n'),
      () => lines.toSpliced(line, 1, (lines[line] ?? '').slice(1)).join('\n'),
      () => lines.toSpliced(line, 0, '---').join('\n'),
    ];
    spoilt = oneOf(pick, slip)();
  }
  return spoilt;
}

/** JSON, some of it with a slip. */
export function anyJson(pick: Draw): string {
  const text = JSON.stringify(anyObject(pick, 1 + pick(3)), undefined, oneOf(pick, [0, 1, 2, '\t']));
  if (pick(3) > 0) return text;
  const at = pick(text.length + 1);
  return (
    text.slice(0, at) +
    oneOf(pick, ['', ',', '"', '"a":1,', ' ', '\\u0000', '\\ud800', '{', '1', '#', ...far]) +
    text.slice(at + pick(2))
  );
}

function anyObject(pick: Draw, depth: number): object {
  return Object.fromEntries(Array.from({ length: pick(4) }, () => [oneOf(pick, jsonKeys), anyValue(pick, depth)]));
}

const jsonKeys = ['a', 'username', 'b c', '"', '\\', 'é', '__proto__x', '<<', '1', '', 'tokens'];

function anyValue(pick: Draw, depth: number): unknown {
  const kind = pick(depth === 0 ? 4 : 6);
  if (kind === 4) return anyObject(pick, depth - 1);
  if (kind === 5) return Array.from({ length: pick(4) }, () => anyValue(pick, depth - 1));
  if (kind === 3) return oneOf(pick, [true, false, 0, -0, 1.5, 1e21, -7, 1e-7]);
  return oneOf(pick, [...words, ...odd, ...far, 'a\nb', '\ud83d\ude00', '\u0007']);
}
