import { errorAnnotations } from '../report/annotations.ts';
import { errorJson } from '../report/error-json.ts';
import { errorText } from '../report/problems-text.ts';
import type { CliIo } from './io.ts';
import { paintFor, printJson } from './session.ts';

/** Tells a person on stderr, and a program, if it asked for JSON, on stdout too. */
export function reportError(error: unknown, args: readonly string[], io: CliIo): void {
  const asksFor = (format: string): boolean =>
    args.some((arg, i) => arg === `--format=${format}` || (arg === '--format' && args[i + 1] === format));
  if (asksFor('json')) printJson(io, errorJson(error));
  if (asksFor('github')) io.stdout.write(errorAnnotations(error));
  io.stderr.write(errorText(error, paintFor(io.stderr, io.env)));
}
