import { resolve } from 'node:path';
import { readSandboxSeed } from '../../app/read-sandbox-seed.ts';
import { refuse, type WhatOfProblem } from '../../model/messages/problems.ts';
import { InputError } from '../../model/problem.ts';
import type { Paint } from '../../report/paint.ts';
import { printable } from '../../report/printable.ts';
import {
  defaultConfig,
  type LicenceOption,
  type RequestRecord,
  type Sandbox,
  type SandboxConfig,
  startSandbox,
} from '../../sandbox/index.ts';
import { calledAs } from '../called-as.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import type { SandboxFlags } from '../options.ts';
import { openSession } from '../session.ts';

/** Runs the embedded server until it is interrupted. */
export async function sandboxCommand(flags: SandboxFlags, io: CliIo): Promise<ExitCode> {
  const { paint, paintErr, ports } = openSession(io);
  const seed =
    flags.seed === undefined ? undefined : await readSandboxSeed(resolve(io.workingDir, flags.seed), flags.seed);
  const sandbox = await start(
    flags,
    io,
    seed,
    flags.quiet === true ? undefined : (line) => io.stderr.write(`${requestText(line, paintErr)}\n`),
  );
  io.stdout.write(welcome(sandbox, calledAs(io.env), paint));
  const { letFinish } = ports;
  // Its end takes as long as it takes to save the state.
  await (letFinish ?? ((work) => work()))(async () => {
    await untilAborted(io.signal);
    await sandbox.close();
  });
  return exitCodes.done;
}

async function start(
  flags: SandboxFlags,
  io: CliIo,
  seed: Awaited<ReturnType<typeof readSandboxSeed>> | undefined,
  log: ((line: RequestRecord) => void) | undefined,
): Promise<Sandbox> {
  const licence = flags.licence === undefined ? undefined : parseLicence(flags.licence);
  try {
    return await startSandbox({
      port: parsePort(flags.port),
      // The seed's own words come first, then what the flags say; a sandbox to try things on has tokens switched on.
      seed: {
        ...seed,
        licence: seed?.licence ?? 'enterprise',
        config: { 'ServiceSettings.EnableUserAccessTokens': true, ...seed?.config },
      },
      config: parseSwitches(flags.set ?? []),
      ...(licence !== undefined && { licence }),
      ...(flags.state !== undefined && { stateFile: resolve(io.workingDir, flags.state) }),
      ...(log !== undefined && { log }),
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw refused({ is: 'port-taken', port: flags.port });
    }
    if (error instanceof Error && error.name.endsWith('RefusedError'))
      throw refused({ is: 'data', why: error.message });
    throw error;
  }
}

const refused = (what: WhatOfProblem<'sandbox-refused'>): InputError =>
  new InputError([refuse('sandbox-refused', what)]);

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw refused({ is: 'no-port', port: text });
}

function parseLicence(text: string): LicenceOption {
  if (text === 'none' || text === 'professional' || text === 'enterprise') return text;
  throw refused({ is: 'licence', licence: text });
}

/** `Name=value`, the value read as the type that the switch has. */
function parseSwitches(texts: readonly string[]): Partial<SandboxConfig> {
  return Object.fromEntries(texts.map(parseSwitch));
}

function parseSwitch(text: string): readonly [string, boolean | number | string] {
  const [, name = '', value = ''] = /^([^=]+)=(.*)$/.exec(text) ?? [];
  const known = Object.entries(defaultConfig).find(([key]) => key === name)?.[1];
  if (known === undefined) throw refused({ is: 'no-switch', set: text, known: Object.keys(defaultConfig).join(', ') });
  if (typeof known === 'boolean' && value !== 'true' && value !== 'false')
    throw refused({ is: 'no-boolean', set: text, name });
  if (typeof known === 'number' && !/^\d+$/.test(value)) throw refused({ is: 'no-number', set: text, name });
  return [name, typeof known === 'boolean' ? value === 'true' : typeof known === 'number' ? Number(value) : value];
}

function welcome({ url, adminToken }: Sandbox, muster: string, paint: Paint): string {
  return `${paint('green', 'sandbox')} at ${paint('bold', url)}

In another terminal:
  export MUSTER_SERVER=${url} MUSTER_TOKEN=${adminToken}
  ${muster} doctor

The token is of this sandbox alone. Ctrl-C ends it.
`;
}

function requestText({ method, path, query, status, durationMs }: RequestRecord, paint: Paint): string {
  const colour = status >= 500 || status === 0 ? 'red' : status >= 400 ? 'yellow' : 'dim';
  return paint(colour, printable(`${status} ${method} ${path}${query} ${durationMs.toFixed(0)} ms`));
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener('abort', () => done(), { once: true });
  });
}
