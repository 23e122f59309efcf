import type { ReconcileMode } from '../model/reconcile-settings.ts';
import { apply } from './apply.ts';
import type { ApplyResult, CarryOutOptions } from './carry-out.ts';
import { type PlanOptions, planAlone } from './plan.ts';
import type { AppPorts } from './ports.ts';

export interface CycleOptions extends PlanOptions, Omit<CarryOutOptions, 'confirm' | 'skipUnusable' | 'isUnattended'> {
  readonly mode: ReconcileMode;
  /** Shown each plan that is to be carried out; by default no one is. */
  readonly confirm?: CarryOutOptions['confirm'];
}

/** What one look found, and what was made of it. */
export type Cycle = Pick<ApplyResult, 'plan' | 'result' | 'journal' | 'read'>;

const noQuestion: CarryOutOptions['confirm'] = () => Promise.resolve(true);

/**
 * One cycle: the use case `plan`, or the use case `apply` with no question. Entries that cannot be used are left out, and
 * every rail holds.
 */
export async function reconcile(
  { mode, confirm = noQuestion, ...options }: CycleOptions,
  ports: AppPorts,
): Promise<Cycle> {
  if (mode === 'observe') {
    const { plan: made, read } = await planAlone(options, ports);
    return { plan: made, ...(read !== undefined && { read }) };
  }
  return await apply({ ...options, skipUnusable: true, isUnattended: true, confirm }, ports);
}
