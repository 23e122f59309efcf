import { randomBytes } from 'node:crypto';
import type { WriteClient } from '../api/index.ts';
import { applyPlan } from '../apply/apply-plan.ts';
import type { Settings } from '../config/settings.ts';
import type { ServerFacts } from '../model/live-state.ts';
import type { ApplyResult } from '../model/outcome.ts';
import type { Plan } from '../model/plan.ts';
import { createActionRunner } from '../resources/index.ts';
import { createSecretStore, type SecretStore } from '../secrets/secret-store.ts';
import { connect } from './connect.ts';
import { loadDesired, loadSettings } from './load.ts';
import { type PlanOptions, planWith } from './plan.ts';
import type { AppPorts } from './ports.ts';

export interface ApplyOptions extends PlanOptions {
  /** Asked with the plan in hand, before the first write; `false` ends the run with nothing written. */
  readonly confirm: (plan: Plan) => Promise<boolean>;
  readonly signal?: AbortSignal;
}

export interface Applied {
  readonly plan: Plan;
  /** Absent: there was nothing to do, or the plan was declined. */
  readonly result?: ApplyResult;
  readonly declined: boolean;
}

/** Plans, asks, and makes it so. */
export async function apply(options: ApplyOptions, ports: AppPorts): Promise<Applied> {
  const settings = await loadSettings(options, ports);
  const desired = await loadDesired(settings, options, ports);
  const { client, requests } = await connect(settings, options, ports);
  try {
    const { plan, live } = await planWith({ settings, desired, options, client: client.readOnly(), requests }, ports);
    return await carryOut({ plan, facts: live.facts, settings, client }, options, ports);
  } finally {
    await client.close();
  }
}

/** A plan with what it is carried out by. */
export interface PlanToApply {
  readonly plan: Plan;
  readonly facts: ServerFacts;
  readonly settings: Settings;
  readonly client: WriteClient;
  /** Called once, right before the first write. */
  readonly begin?: () => Promise<void>;
}

/** Prepares, asks, runs. Nothing is written before the answer is yes. */
export async function carryOut(todo: PlanToApply, options: ApplyOptions, ports: AppPorts): Promise<Applied> {
  const { plan, settings, begin } = todo;
  if (plan.actions.length === 0) return { plan, declined: false };
  const secrets = createSecretStore(settings.secrets, ports.env);
  await prepareSecrets(plan, secrets);
  if (!(await options.confirm(plan))) return { plan, declined: true };
  await begin?.();
  return { plan, declined: false, result: await run(todo, secrets, options, ports) };
}

/** Every sink that will take a secret, and every source that will give one, is tried before the first write. */
async function prepareSecrets(plan: Plan, secrets: SecretStore): Promise<void> {
  const sinks = new Set<string | undefined>();
  const sources = new Set<string>();
  for (const { call } of plan.actions) {
    if (call.operation === 'create-token') sinks.add(call.sink);
    if ('password' in call && call.password !== undefined && 'source' in call.password)
      sources.add(call.password.source);
  }
  await secrets.prepare(sinks, sources);
}

/** Proxies and servers give a request up after 30 s at the latest: what was not carried out by then never will be. */
const settleMs = 35_000;

function run(
  { plan, facts, settings, client }: PlanToApply,
  secrets: SecretStore,
  options: ApplyOptions,
  ports: AppPorts,
): Promise<ApplyResult> {
  const settle = async (): Promise<void> => {
    ports.emit({ type: 'waiting', because: 'what became of a call whose answer was lost', ms: settleMs });
    // An interrupt ends the waiting, not the looking after it.
    await ports.clock.sleep(settleMs, options.signal).catch(() => undefined);
  };
  return applyPlan(plan, {
    runner: createActionRunner(client, secrets, settle),
    clock: ports.clock,
    emit: ports.emit,
    ...(options.signal !== undefined && { signal: options.signal }),
    concurrency: options.concurrency ?? 4,
    runKey: `${plan.digest ?? ''}/${randomBytes(8).toString('hex')}`,
    callerId: facts.caller.id,
    minAdmins: settings.policy.minAdmins,
    signInServices: facts.signInServices,
  });
}
