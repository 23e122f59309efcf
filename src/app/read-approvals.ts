import { isAbsolute, relative } from 'node:path';
import { loadApprovals } from '../config/load-approvals.ts';
import type { Settings } from '../config/settings.ts';
import type { Approval } from '../model/approval.ts';
import type { AppPorts } from './ports.ts';

/** The approvals that the settings name, as of a moment. */
export async function readApprovals(
  { approvals, policy }: Pick<Settings, 'approvals' | 'policy'>,
  momentMs: number,
  ports: Pick<AppPorts, 'workingDir'>,
): Promise<readonly Approval[]> {
  if (approvals === undefined) return [];
  const name = relative(ports.workingDir, approvals);
  const today = dayOf(momentMs, policy.timeZone);
  return loadApprovals(approvals, name.startsWith('..') || isAbsolute(name) ? approvals : name, today);
}

/** `YYYY-MM-DD`: a day is a day where the people are, as everywhere in the files. */
export function dayOf(momentMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone }).format(momentMs);
}
