import { isTimeZone } from '../model/civil-time.ts';
import { type ProblemText, refuse } from '../model/messages/problems.ts';
import type { SourcePath } from '../source/node-index.ts';

/** What is wrong with a value of muster.yaml that its schema lets pass. */
export interface Flaw extends ProblemText {
  readonly path: SourcePath;
}

export function flawOfZone(path: SourcePath, zone: string | undefined): Flaw | undefined {
  if (zone === undefined || isTimeZone(zone)) return undefined;
  return { path, ...refuse('unknown-time-zone', { zone }) };
}
