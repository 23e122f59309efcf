/** Every command that help, messages or documents print is one that muster takes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import type { CommandRow } from '../../src/cli/command-row.ts';
import { commandRows } from '../../src/cli/command-rows.ts';
import { makeProgram, programExamples } from '../../src/cli/program.ts';

const nowhere = { write: () => undefined, isTTY: false };

function program(): Command {
  const io = {
    stdout: nowhere,
    stderr: nowhere,
    ask: undefined,
    env: {},
    workingDir: '/',
    signal: AbortSignal.abort(),
  };
  const made = makeProgram(io, () => undefined);
  const quiet = (command: Command): void => {
    if (command !== made) command.action(() => undefined);
    for (const one of command.commands) quiet(one);
  };
  quiet(made);
  return made;
}

const rowsBelow = (row: CommandRow): readonly CommandRow[] => [row, ...(row.commands ?? []).flatMap(rowsBelow)];
const examples = [...programExamples, ...commandRows.flatMap(rowsBelow).flatMap((row) => row.examples)].map(
  ([line]) => line,
);

/** As a shell would cut it, without what the shell does itself. */
function wordsOf(line: string): readonly string[] {
  const [command = ''] = line.split(/ >>? | \| | && /);
  return (command.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", ''));
}

test.each(examples)('help shows %s, which is taken', (line) => {
  const [muster, ...words] = wordsOf(line);

  expect(muster).toBe('muster');
  expect(() => program().parse(words, { from: 'user' })).not.toThrow();
});

/** What a text says to run: the command, and the options that follow it. */
function printed(text: string): readonly (readonly string[])[] {
  const lines = text.matchAll(/\bmuster ((?:[a-z]+\b)(?: (?:[a-z]+\b|<[a-z.]+>|[a-z]+\.json|--?[a-z-]+))*)/g);
  return [...lines].map(([, words = '']) => words.split(' '));
}

const names = commandRows.map(({ name }) => name);

/** `muster plan shows …` is prose after its first word; an option is one wherever it stands. */
function unknownIn(words: readonly string[]): readonly string[] {
  const [first = '', ...rest] = words;
  if (!names.includes(first)) return [];
  let command = program().commands.find((one) => one.name() === first);
  const inner = command?.commands.find((one) => one.name() === rest[0]);
  if (inner !== undefined) command = inner;
  const flags = new Set([...(command?.options ?? []).flatMap(({ long, short }) => [long, short]), '--help']);
  return rest.filter((word) => word.startsWith('-') && !flags.has(word)).map((word) => `muster ${first} … ${word}`);
}

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join('src', name));
const documents = [
  'README.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

/** Printed by what is built already, and not taken yet by the command line. */
const announced: ReadonlySet<string> = new Set(['muster undo … --plan']);

test('no message, comment or document names an option that its command does not have', () => {
  const found = [...sources, ...documents].flatMap((path) =>
    printed(readFileSync(path, 'utf8'))
      .flatMap(unknownIn)
      .filter((flaw) => !announced.has(flaw))
      .map((flaw) => `${path}: ${flaw}`),
  );

  expect(found).toEqual([]);
});

test('every command that is printed as code exists', () => {
  const found = [...sources, ...documents].flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/(?:`|\$ )muster ([a-z]+)/g)]
      .filter(([, name = '']) => ![...names, 'help'].includes(name))
      .map(([line]) => `${path}: ${line}`),
  );

  expect(found).toEqual([]);
});
