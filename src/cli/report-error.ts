import { errorJson } from '../report/error-json.ts';
import { errorText } from '../report/problems-text.ts';
import type { CliIo } from './io.ts';
import { paintFor, printJson } from './session.ts';

/** Tells a person on stderr, and a program, if it asked for JSON, on stdout too. */
export function reportError(error: unknown, args: readonly string[], io: CliIo): void {
  const asksForJson = args.some((arg, i) => arg === '--format=json' || (arg === '--format' && args[i + 1] === 'json'));
  if (asksForJson) printJson(io, errorJson(error));
  io.stderr.write(errorText(error, paintFor(io.stderr, io.env)));
}
