import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { writeWholeFile } from '../disk/durable-files.ts';
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
  if (isRefusal(read)) throw new PlanFileRefusedError(`${path} cannot be read (${read.why})`, read.hint);
  if (/\.ya?ml$/i.test(path))
    throw new PlanFileRefusedError(
      `${path} is YAML, expected a plan file`,
      `muster apply -f ${path} plans and applies a users file`,
    );
  if (isNestedTooDeep(read.text)) throw new PlanFileRefusedError(`${path} is nested too deep`, 'make a new plan');
  return parsePlanFile(read.text);
}

/** A plan file cannot be written where it was wanted. */
export class PlanFileNotWrittenError extends MusterError {
  override readonly name = 'PlanFileNotWrittenError';
  readonly code = 'PLAN_FILE_NOT_WRITTEN';
  readonly blame = 'user';
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
  // What is there is replaced: a terminal, a pipe or a device would be gone for everybody else.
  if ((found !== undefined && !found.isFile()) || /^\/(?:dev|proc|sys)\//.test(target))
    throw new PlanFileNotWrittenError(`the plan cannot be written to ${path} (it is no regular file)`, {
      hint: 'name a file; --format json writes the plan to the standard output',
    });
  try {
    // Two processes may write the same file: each has a draft of its own.
    await writeWholeFile(dirname(target), name, text, `${name}.${process.pid}.tmp`);
  } catch (error) {
    const why = systemCodeOf(error);
    throw new PlanFileNotWrittenError(`the plan cannot be written to ${path} (${why})`, {
      hint: 'check the path, and whether you may write there',
      cause: error,
    });
  }
}
