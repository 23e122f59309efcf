import { isAbsolute, relative } from 'node:path';
import { loadApprovals } from '../config/load-approvals.ts';
import { loadWaivers } from '../config/load-waivers.ts';
import type { Settings } from '../config/settings.ts';
import type { Approval } from '../model/approval.ts';
import type { Waiver } from '../model/audit.ts';
import type { AppPorts } from './ports.ts';

/** The approvals that the settings name, as of a moment. */
export async function readApprovals(
  { approvals, configDir, policy }: Pick<Settings, 'approvals' | 'configDir' | 'policy'>,
  momentMs: number,
  ports: Pick<AppPorts, 'workingDir'>,
): Promise<readonly Approval[]> {
  if (approvals === undefined) return [];
  const today = dayOf(momentMs, policy.timeZone);
  const place = { path: approvals, name: shownPath(approvals, ports.workingDir), below: configDir };
  return loadApprovals(place, today);
}

/** The waivers that the settings name, as of a moment. */
export async function readWaivers(
  { waivers, configDir, policy }: Pick<Settings, 'waivers' | 'configDir' | 'policy'>,
  momentMs: number,
  ports: Pick<AppPorts, 'workingDir'>,
): Promise<readonly Waiver[]> {
  if (waivers === undefined) return [];
  const place = { path: waivers, name: shownPath(waivers, ports.workingDir), below: configDir };
  return loadWaivers(place, dayOf(momentMs, policy.timeZone));
}

/** `YYYY-MM-DD`: a day is a day where the people are, as everywhere in the files. */
export function dayOf(momentMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone }).format(momentMs);
}

/** From the working directory, if it lies below. */
export function shownPath(path: string, workingDir: string): string {
  const name = isAbsolute(path) ? relative(workingDir, path) : path;
  return name.startsWith('..') || isAbsolute(name) ? path : name;
}
