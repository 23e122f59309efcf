import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { wordFor } from '../model/count.ts';
import type { WhatOfError } from '../model/messages/message.ts';
import type { SecretSettings } from '../model/settings.ts';

/** A command of muster.yaml, and what of it stands in its way here. */
export interface CommandCheck {
  /** `the sink vault` */
  readonly what: string;
  readonly program: string;
  /** Absent: nothing does. */
  readonly flaw?: CommandFlaw;
}

export type CommandFlaw = Extract<WhatOfError<'SINK_FAILED'>, { readonly is: 'no-program' | 'variables-not-set' }>;

/** Looks at every command of sinks and sources, without running any: is its program there, is what it is given set? */
export async function checkCommands(
  { sinks, sources }: SecretSettings,
  env: NodeJS.ProcessEnv,
): Promise<readonly CommandCheck[]> {
  const commands = [
    ...Object.entries(sinks).map(([name, { command, env: names }]) => ({ what: `the sink ${name}`, command, names })),
    ...Object.entries(sources).map(([name, { command, command_env: names }]) => ({
      what: `the source ${name}`,
      command,
      names,
    })),
  ];
  const checks: CommandCheck[] = [];
  for (const { what, command, names } of commands) {
    if (command === undefined) continue;
    const flaw = await flawOfCommand(what, command, names, env);
    checks.push({ what, program: command[0] ?? '', ...(flaw !== undefined && { flaw }) });
  }
  return checks;
}

/** What stands in the way of a command; `undefined`: nothing. */
export async function flawOfCommand(
  what: string,
  command: readonly string[],
  names: readonly string[] | undefined,
  env: NodeJS.ProcessEnv,
): Promise<CommandFlaw | undefined> {
  const [program = ''] = command;
  if (!(await canRun(program, env))) return { is: 'no-program', program, what };
  const missing = (names ?? []).filter((name) => env[name] === undefined);
  if (missing.length === 0) return undefined;
  return { is: 'variables-not-set', what, variables: missing.join(', '), are: wordFor(missing.length, 'is', 'are') };
}

/** Whether a program is there to be started, as a shell would look for it. */
async function canRun(program: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const folders = program.includes('/') ? [''] : (env['PATH'] ?? '/usr/bin:/bin').split(':');
  for (const folder of folders) {
    const isThere = await access(join(folder, program), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return true;
  }
  return false;
}
