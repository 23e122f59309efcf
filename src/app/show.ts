import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Plan } from '../model/plan.ts';
import { PlanFileRefusedError, parsePlanFile, planFileText, sealPlan } from '../plan/plan-file.ts';
import type { AppPorts } from './ports.ts';

/**
 * Reads a plan file as it was written; needs no server.
 *
 * @throws {PlanFileRefusedError} when it cannot be read, or is not what was planned
 */
export async function readPlanFile(path: string, ports: Pick<AppPorts, 'workingDir'>): Promise<Plan> {
  let text: string;
  try {
    text = await readFile(resolve(ports.workingDir, path), 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new PlanFileRefusedError(`${path} cannot be read (${why})`, 'check the path');
  }
  return parsePlanFile(text);
}

/** The text of a plan file, with the moment until which it holds. */
export function sealedPlanText(plan: Plan, ports: Pick<AppPorts, 'clock'>): string {
  return planFileText(sealPlan(plan, ports.clock.now()));
}
