/** A process that runs a command, and exits as soon as that has written to a file: its arguments are the file and the command. */
import { stat } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { runCommand } from '../../../src/secrets/run-command.ts';

const [, , file = '', ...argv] = process.argv;
const ended = runCommand(argv, { input: 'secret', env: process.env, timeoutMs: 60_000 });
ended.catch(() => undefined);
while (((await stat(file).catch(() => undefined))?.size ?? 0) < 2) await turn();
process.exit(130); // oxlint-disable-line unicorn/no-process-exit -- as the second signal does
