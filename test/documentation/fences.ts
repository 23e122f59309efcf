/** The code blocks of Markdown, and the marks beside their language that say how each is checked. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A mark stands after the language: `sh exit="9"`.
 *
 * - `file="users.yaml"`: the block is written under this name, for the commands that follow it on its page
 * - `as="muster.yaml"`: the block is checked as such a file, or a part of one
 * - `exit="9"`: a command of the block ends with this exit code
 * - `from="examples/x.ts"`: the block stands word for word in this file, which a test runs
 * - `run-by="test/x.test.ts"`: the test that runs the block instead
 * - `not-run="why"`: nothing runs the block
 */
export interface Fence {
  readonly path: string;
  /** Of the line that opens it, from 1. */
  readonly line: number;
  /** The last one of the second level above it. */
  readonly heading: string;
  readonly language: string;
  readonly marks: Readonly<Record<string, string>>;
  readonly text: string;
}

/** The files that people read, generated ones too. */
export const pages: readonly string[] = execFileSync(
  'git',
  ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '*.md'],
  { encoding: 'utf8' },
)
  .split('\0')
  .filter((path) => /^(?:[^/]+\.md|(?:docs|examples)\/.+\.md)$/.test(path))
  .toSorted();

export const fences: readonly Fence[] = pages.flatMap((path) => fencesIn(path, readFileSync(path, 'utf8')));

export function fencesIn(path: string, text: string): readonly Fence[] {
  const lines = text.split('\n');
  const found: Fence[] = [];
  let heading = '';
  for (let i = 0; i < lines.length; i++) {
    heading = /^## (.*)$/.exec(lines[i] ?? '')?.[1] ?? heading;
    const [, indent = '', ticks, info = ''] = /^( *)(`{3,})(.*)$/.exec(lines[i] ?? '') ?? [];
    if (ticks === undefined) continue;
    const end = lines.findIndex((line, at) => at > i && line.trimEnd() === indent + ticks);
    if (end < 0) throw new Error(`${path}:${i + 1}: the code block does not end`);
    const body = lines.slice(i + 1, end).map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
    found.push({ path, line: i + 1, heading, ...parseInfo(info), text: body.map((line) => `${line}\n`).join('') });
    i = end;
  }
  return found;
}

function parseInfo(info: string): Pick<Fence, 'language' | 'marks'> {
  const [, language = '', rest = ''] = /^(\w*)(.*)$/.exec(info.trim()) ?? [];
  const marks = Object.fromEntries([...rest.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
  return { language, marks };
}
