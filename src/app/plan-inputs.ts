/** What a plan is made from beside the people of the files and of the server: settings, approvals, and what earlier runs left. */
import { relative } from 'node:path';
import { approvalKey, believeBaseAlone, standingsOf } from '../config/compare-approvals.ts';
import type { Settings } from '../config/settings.ts';
import type { Approval } from '../model/approval.ts';
import { digestOf } from '../model/canonical-json.ts';
import { type DeclaredMemory, whoIsIn } from '../model/declared-memory.ts';
import type { OwedByRun } from '../model/first-roles.ts';
import type { IssuedTokens } from '../model/issued-tokens.ts';
import type { LiveState } from '../model/live-state.ts';
import { isInPipeline } from '../model/pipeline.ts';
import { plainOf } from '../model/plain.ts';
import type { ChangeClass } from '../model/plan.ts';
import type { Delivery } from '../model/resource-definition.ts';
import type { AccountId } from '../model/user-values.ts';
import type { WindowUse } from '../model/window-use.ts';
import type { Withheld } from '../model/withheld.ts';
import type { PastRuns } from '../runs/window.ts';
import { attested } from './authorship.ts';
import { insteadOf } from './bundles.ts';
import { recallDeclaredIn } from './declared-memory.ts';
import { type EarlierPlans, readEarlierPlans } from './earlier-plans.ts';
import { readIssued } from './issued-tokens.ts';
import { readOwedRoles } from './owed-roles.ts';
import type { AppPorts, ConnectionOptions, InputOptions, ServerPorts, UsersFrom } from './ports.ts';
import { readApprovals } from './read-approvals.ts';
import type { WarmOptions } from './read-warmly.ts';
import type { RecordOptions } from './record-observation.ts';
import { lookAtState } from './run-state.ts';
import { readPastRuns } from './window.ts';

export interface PlanOptions extends InputOptions, ConnectionOptions, RecordOptions {
  /** Usernames to which the plan is limited, after the rails have seen everything. */
  readonly users?: readonly string[];
  /** Classes to which the plan is limited, likewise. */
  readonly classes?: readonly ChangeClass[];
  /** Absolute; where muster remembers things about servers. A plan only looks there. */
  readonly stateDir?: string;
  /** A person looks at the plan and decides before anything is written. */
  readonly isAskedFor?: boolean;
  /** What earlier cycles of muster reconcile leave to others. */
  readonly withheld?: Withheld;
  /** Read only what has changed since the last full read, where that is as exact, and keep what full reads see; by default everything is read. */
  readonly warm?: WarmOptions;
}

/** How a plan is made. */
export interface PlannedBy {
  readonly settings: Settings;
  readonly options: Pick<PlanOptions, 'isAskedFor' | 'withheld' | 'usersFrom'>;
  /** Whether the plan is carried out right away, rather than looked at. */
  readonly isToApply?: boolean | undefined;
}

/** What earlier runs left in the state directory. */
export interface Remembered extends EarlierPlans {
  /** Who was declared before. */
  readonly declared: DeclaredMemory;
  readonly owedRoles: readonly OwedByRun[];
  /** The runs of the last 24 hours. */
  readonly past?: PastRuns;
  /** Tokens of administrators that applied plans made. */
  readonly issuedIn?: (live: LiveState) => Promise<IssuedTokens>;
}

/** By the key of the server. */
export type Recall = (serverKey: string) => Promise<Remembered>;

/**
 * @param stateDir - absolute; without it the one in the state home
 * @param readDeclared - who was declared before
 */
export function recallFrom(
  stateDir: string | undefined,
  ports: ServerPorts,
  readDeclared: typeof recallDeclaredIn = recallDeclaredIn,
): Recall {
  return async (serverKey) => {
    const state = await lookAtState({ stateDir, serverKey }, ports);
    return {
      declared: await readDeclared(state),
      owedRoles: await readOwedRoles(state),
      ...(await readEarlierPlans(state)),
      past: await readPastRuns(state, ports.clock.now()),
      issuedIn: (live) => readIssued(state, live),
    };
  };
}

export const recallNothing: Recall = () =>
  Promise.resolve({ declared: new Map(), owedRoles: [], shown: [], borne: [] });

/** Under `CI` what is written to this machine is gone after the job, unless a person looks on. */
export function deliveryOf({ settings, isToApply, options }: PlannedBy, { env }: AppPorts): Delivery {
  const { defaultSink, isDirExplicit = false, sinks, dir } = settings.secrets;
  const definitions: ReadonlyArray<readonly [string | undefined, unknown]> = [
    ...Object.entries(sinks),
    [undefined, relative(settings.configDir, dir)],
  ];
  return {
    places: new Map(definitions.map(([name, definition]) => [name, digestOf(definition)])),
    ...(defaultSink !== undefined && { defaultSink }),
    isFolderNamed: isDirExplicit,
    isMachineTemporary: isToApply === true && options.isAskedFor !== true && isInPipeline(env),
  };
}

/** On an apply, what the base does not hold lifts nothing; a plan shows what it would lift. */
export async function approvalsOf(
  { settings, isToApply, options }: PlannedBy,
  momentMs: number,
  ports: AppPorts,
): Promise<readonly Approval[]> {
  const read = await readApprovals(settings, momentMs, ports);
  const merged = settings.approvals === undefined ? read : await attested(read, settings.approvals, settings, ports);
  const own = [...merged, ...(await approvalsToMerge(merged, settings, momentMs, options.usersFrom, ports))];
  const inBase = settings.compared?.approvals;
  if (inBase === undefined) return own;
  const standing = standingsOf(own, inBase);
  return isToApply === true ? believeBaseAlone(standing) : standing;
}

/** Those of a pull request whose users files are planned: nothing proves yet who gave them. */
async function approvalsToMerge(
  merged: readonly Approval[],
  settings: Settings,
  momentMs: number,
  usersFrom: UsersFrom | undefined,
  ports: AppPorts,
): Promise<readonly Approval[]> {
  if (usersFrom === undefined || settings.approvals === undefined) return [];
  const approvals = insteadOf(settings.approvals, usersFrom);
  const place = { approvals, configDir: insteadOf(settings.configDir, usersFrom), policy: settings.policy };
  const known = new Set(merged.map(approvalKey));
  const added = (await readApprovals(place, momentMs, ports)).filter((one) => !known.has(approvalKey(one)));
  return added.length === 0 ? [] : await attested(added, approvals, place, ports);
}

/** What was brought by this machine. */
export interface LocalInputs {
  readonly approvals: readonly Approval[];
  readonly delivery: Delivery;
  readonly remembered: Remembered;
  readonly window: Pick<WindowUse, 'state'>;
}

/**
 * Tells whether a plan that finds nothing to do was made from the same. What only decides over changes is left out: what earlier runs used of
 * budgets, and which tokens they made; and when people were declared last, which is said of those alone who no longer are.
 *
 * @param previous - accounts that are remembered as declared, and that no entry means any more
 */
export function inputsDigest(
  { settings, options, isToApply = false }: PlannedBy,
  local: LocalInputs,
  previous: ReadonlySet<AccountId>,
): string {
  const { approvals, delivery, window, remembered } = local;
  const { owedRoles, shown, borne } = remembered;
  const { isAskedFor = false, withheld } = options;
  const declared = whoIsIn(remembered.declared, previous);
  return digestOf(
    plainOf({
      settings,
      isToApply,
      isAskedFor,
      withheld,
      approvals,
      delivery,
      window: window.state,
      declared,
      owedRoles,
      shown,
      borne,
    }),
  );
}
