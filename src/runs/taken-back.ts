/** Which runs were taken back. */
import type { Plan } from '../model/plan.ts';
import type { RunHistory } from './replay.ts';
import { countsOf } from './summary.ts';

/** Whether a run that takes another one back left nothing of it: no action, no blocked change, no person who was not asked for. */
export function tookAllBack({ blocked, narrowed }: Pick<Plan, 'blocked' | 'narrowed'>, history: RunHistory): boolean {
  const isWhole = blocked.length === 0 && (narrowed?.left_out ?? 0) === 0;
  return isWhole && history.ended?.how === 'complete' && countsOf(history).left === 0;
}
