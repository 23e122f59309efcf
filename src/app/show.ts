import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { writeWholeFile } from '../disk/durable-files.ts';
import { say, type WhatOfError } from '../model/messages/message.ts';
import { MusterError } from '../model/muster-error.ts';
import type { Plan } from '../model/plan.ts';
import { systemCodeOf } from '../model/system-error.ts';
import { PlanFileRefusedError, parsePlanFile, planFileText } from '../plan/plan-file.ts';
import { isNestedTooDeep } from '../source/json-depth.ts';
import { fileLimits, isRefusal, readTextFile } from '../source/read-file.ts';
import type { AppPorts } from './ports.ts';

/**
 * Reads a plan file as it was written; needs no server.
 *
 * @throws {PlanFileRefusedError} when it cannot be read, or is not what was planned
 */
export async function readPlanFile(path: string, ports: Pick<AppPorts, 'workingDir'>): Promise<Plan> {
  const read = await readTextFile({
    path: resolve(ports.workingDir, path),
    place: { namedFrom: ports.workingDir },
    maxBytes: fileLimits.plan,
  });
  if (isRefusal(read)) throw new PlanFileRefusedError({ is: 'unreadable', path, why: read.why, todo: read.hint });
  if (/\.ya?ml$/i.test(path)) throw new PlanFileRefusedError({ is: 'yaml', path });
  if (isNestedTooDeep(read.text)) throw new PlanFileRefusedError({ is: 'too-deep', path });
  return parsePlanFile(read.text);
}

/** A plan file cannot be written where it was wanted. */
export class PlanFileNotWrittenError extends MusterError {
  override readonly name = 'PlanFileNotWrittenError';

  constructor(what: WhatOfError<'PLAN_FILE_NOT_WRITTEN'>, options?: ErrorOptions) {
    super(say('PLAN_FILE_NOT_WRITTEN', what), options);
  }
}

/**
 * Writes a plan file with the moment until which it holds: whole or not at all, its owner's alone whatever was there.
 *
 * @throws {PlanFileNotWrittenError} when it cannot be written
 */
export async function writePlanFile(
  path: string,
  plan: Plan,
  ports: Pick<AppPorts, 'clock' | 'workingDir'>,
): Promise<void> {
  const target = resolve(ports.workingDir, path);
  const name = basename(target);
  const text = planFileText(plan);
  const found = await stat(target).catch(() => undefined);
  // What is there is replaced: a terminal, a pipe or a device would be gone for everybody else. /dev/shm holds plain files.
  if ((found !== undefined && !found.isFile()) || /^\/(?:dev(?!\/shm\/)|proc|sys)\//.test(target))
    throw new PlanFileNotWrittenError({ is: 'no-file', path });
  try {
    // Two processes may write the same file: each has a draft of its own.
    await writeWholeFile(dirname(target), name, text, `${name}.${process.pid}.tmp`);
  } catch (error) {
    throw new PlanFileNotWrittenError({ is: 'failed', path, why: systemCodeOf(error) }, { cause: error });
  }
}
