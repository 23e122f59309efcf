import type { Problem } from '../model/problem.ts';
import type { SourcePath } from '../source/node-index.ts';

/** What is wrong with a value of muster.yaml that its schema lets pass. */
export interface Flaw extends Pick<Problem, 'code' | 'message' | 'hint'> {
  readonly path: SourcePath;
}

export function flawOfZone(path: SourcePath, zone: string | undefined): Flaw | undefined {
  if (zone === undefined || isTimeZone(zone)) return undefined;
  return {
    path,
    code: 'unknown-time-zone',
    message: `there is no time zone ${zone}`,
    hint: 'write a name such as Europe/Berlin or UTC',
  };
}

export function isTimeZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
