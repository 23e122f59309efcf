import type { AppPorts } from '../app/ports.ts';
import { systemClock } from '../app/system.ts';
import { toolVersion } from '../app/version.ts';
import { fitText } from '../report/fit-text.ts';
import { jsonText } from '../report/json-text.ts';
import { coloured, type Paint, plain } from '../report/paint.ts';
import { createProgress } from '../report/progress.ts';
import { type Layout, unlimited } from '../report/wrap.ts';
import { collectEarlier } from './collect-earlier.ts';
import type { CliIo, OutputStream } from './io.ts';
import { clockUntil, Shutdown } from './shutdown.ts';

/** What a command works with: ports for the use case, and how to print. */
export interface Session {
  readonly io: CliIo;
  readonly ports: AppPorts;
  /** For stdout. */
  readonly paint: Paint;
  /** For stderr. */
  readonly paintErr: Paint;
  readonly endProgress: () => void;
}

export function openSession(io: CliIo): Session {
  const { signal, letFinish } = io.shutdown ?? new Shutdown(io.signal);
  const paintErr = paintFor(io.stderr, io.env);
  // A dumb terminal cannot clear a line.
  const sink = {
    isTerminal: io.stderr.isTTY && io.env['TERM'] !== 'dumb',
    write: (text: string) => io.stderr.write(text),
  };
  const progress = createProgress(sink, paintErr, () => systemClock.now(), io.requests);
  return {
    io,
    paint: paintFor(io.stdout, io.env),
    paintErr,
    ports: {
      workingDir: io.workingDir,
      env: io.env,
      clock: clockUntil(systemClock, signal),
      emit: progress.emit,
      toolVersion: toolVersion(),
      signal,
      letFinish,
      expectMuch: collectEarlier,
    },
    endProgress: progress.end,
  };
}

/** As wide as the terminal; where there is none, no line is broken: a program that reads the output may search it. */
export function layoutFor({ isTTY, columns }: OutputStream, { verbose }: { readonly verbose?: boolean } = {}): Layout {
  const width = isTTY ? columns?.() : undefined;
  return { width: width ?? unlimited.width, isVerbose: verbose === true };
}

/** NO_COLOR before FORCE_COLOR before the terminal. */
export function paintFor(stream: OutputStream, env: NodeJS.ProcessEnv): Paint {
  if ((env['NO_COLOR'] ?? '') !== '') return plain;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced === '0' || forced === 'false' ? plain : coloured;
  return stream.isTTY && env['TERM'] !== 'dumb' ? coloured : plain;
}

/** For people: lines of a terminal are broken at words. */
export function printText(stream: OutputStream, text: string): void {
  stream.write(fitText(text, layoutFor(stream)));
}

/** What is in a format for programs, or for a page, stays as it is. */
export function printAs(format: string, { stdout }: CliIo, text: string): void {
  if (format === 'text') printText(stdout, text);
  else stdout.write(text);
}

export function printJson(io: CliIo, value: unknown): void {
  io.stdout.write(jsonText(value));
}
