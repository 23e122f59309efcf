import { errorAnnotations } from '../report/annotations.ts';
import { errorJson } from '../report/error-json.ts';
import { errorMarkdown } from '../report/error-markdown.ts';
import { errorText } from '../report/problems-text.ts';
import { commandNamedBy } from './command-rows.ts';
import type { CliIo } from './io.ts';
import { type Format, formats } from './options.ts';
import { paintFor, printJson, printText } from './session.ts';

/** Tells a person on stderr, and on stdout, in the format that was asked for, the program or the pull request. */
export function reportError(error: unknown, args: readonly string[], io: CliIo): void {
  reportOnStdout(error, args, io);
  reportOnStderr(error, io);
}

export function reportOnStderr(error: unknown, io: Pick<CliIo, 'stderr' | 'env'>): void {
  printText(io.stderr, errorText(error, paintFor(io.stderr, io.env)));
}

function reportOnStdout(error: unknown, args: readonly string[], io: CliIo): void {
  const format = formatAskedFor(args);
  if (format !== undefined) reports[format](error, args, io);
}

type Report = (error: unknown, args: readonly string[], io: CliIo) => void;

const onStderrAlone: Report = () => undefined;

const reports: Readonly<Record<Format, Report>> = {
  text: onStderrAlone,
  diff: onStderrAlone,
  csv: onStderrAlone,
  sarif: onStderrAlone,
  html: onStderrAlone,
  junit: onStderrAlone,
  json: (error, _args, io) => printJson(io, errorJson(error)),
  github: (error, _args, io) => io.stdout.write(errorAnnotations(error)),
  markdown: (error, args, io) => io.stdout.write(errorMarkdown(error, `### ${commandNamedBy(args)}`)),
};

/** Read from the words themselves, since what is wrong may be one of them. */
function formatAskedFor(args: readonly string[]): Format | undefined {
  const asked = args.flatMap((arg, i) => {
    if (arg.startsWith('--format=')) return [arg.slice('--format='.length)];
    return arg === '--format' ? args.slice(i + 1, i + 2) : [];
  });
  return formats.find((format) => format === asked.at(-1));
}
