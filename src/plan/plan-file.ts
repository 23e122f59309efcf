/**
 * A plan as a file: canonical JSON with a digest, bound to a server, to a version of muster and to a time. It is a selection,
 * not an order: the digest finds accidents, and what it says is carried out only where a plan made afresh says it, too.
 * Pure: text and time come in.
 */
import { canonicalJson, digestOf } from '../model/canonical-json.ts';
import { say, type WhatOfError } from '../model/messages/message.ts';
import { MusterError } from '../model/muster-error.ts';
import type { Plan } from '../model/plan.ts';
import { defaultLifetimeMs, longestLifetimeMs } from '../model/plan-lifetime.ts';
import type { SchemaFlaw } from '../model/validator.ts';
import { validatePlan } from './generated/validate-plan-file.ts';

/** Clocks of two runners may differ by so much. */
const maxSkewMs = 300_000;

/** A plan file is not what was planned, or not for this moment, server or version. Nothing was written. */
export class PlanFileRefusedError extends MusterError {
  override readonly name = 'PlanFileRefusedError';
  readonly why: WhatOfError<'PLAN_FILE_REFUSED'>['is'];

  constructor(what: WhatOfError<'PLAN_FILE_REFUSED'>) {
    super(say('PLAN_FILE_REFUSED', what));
    this.why = what.is;
  }
}

/** The text of a plan file: equal plans give equal bytes. */
export function planFileText(plan: Plan): string {
  return `${canonicalJson(plan)}\n`;
}

/**
 * Reads a plan file back.
 *
 * @throws {PlanFileRefusedError} when it is no plan, or one byte of it is not as it was written
 */
export function parsePlanFile(text: string): Plan {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new PlanFileRefusedError({ is: 'no-json' });
  }
  if (!validatePlan(content)) throw new PlanFileRefusedError({ is: 'no-plan', flaw: firstFlaw(validatePlan.errors) });
  const { digest, ...sealed } = content;
  if (digest === undefined || digestOf(sealed) !== digest) throw new PlanFileRefusedError({ is: 'changed' });
  // Canonical, so that no byte is free: what a reviewer saw is what is there.
  if (planFileText(content) !== text) throw new PlanFileRefusedError({ is: 'reformatted' });
  return content;
}

function firstFlaw(errors: readonly SchemaFlaw[] | null | undefined): string {
  const [error] = errors ?? [];
  return error === undefined ? 'unknown reason' : `${error.instancePath || 'the whole'} ${error.message ?? 'is wrong'}`;
}

/** What a plan file must fit when it is applied. */
export interface PlanFileContext {
  readonly nowMs: number;
  /** How old it may be, in milliseconds; {@link defaultLifetimeMs} unless the one who applies it says otherwise. */
  readonly lifetimeMs?: number;
  readonly serverKey: string;
  readonly serverUrl: string;
  readonly toolVersion: string;
}

/** @throws {PlanFileRefusedError} when the plan was made at another time, for another server, or by another version */
export function refuseUnfitPlan(
  plan: Plan,
  { nowMs, lifetimeMs, serverKey, serverUrl, toolVersion }: PlanFileContext,
): void {
  refuseUntimelyPlan(plan, nowMs, lifetimeMs);
  if (plan.server.key !== serverKey) {
    throw new PlanFileRefusedError({
      is: 'other-server',
      url: plan.server.url,
      key: plan.server.key,
      server: serverUrl,
      serverKey,
    });
  }
  if (isOfOtherVersion(plan, toolVersion)) {
    throw new PlanFileRefusedError({ is: 'other-version', version: plan.tool.version, own: toolVersion });
  }
}

/**
 * Goes by the moment of the plan and by nothing else that the file says of its life.
 *
 * @throws {PlanFileRefusedError} when the moment lies in the future, or longer ago than the lifetime
 */
export function refuseUntimelyPlan(plan: Plan, nowMs: number, lifetimeMs: number = defaultLifetimeMs): void {
  const madeMs = Date.parse(plan.desired.moment);
  if (madeMs > nowMs + maxSkewMs) {
    throw new PlanFileRefusedError({ is: 'of-future', moment: plan.desired.moment });
  }
  if (isOlder(plan, nowMs, lifetimeMs)) {
    throw new PlanFileRefusedError({ is: 'expired', moment: new Date(madeMs + lifetimeMs).toISOString() });
  }
}

/** Whether no one can apply it any more: it is older than any plan may be, or this version did not make it. */
export const isOutdated = (plan: Plan, nowMs: number, toolVersion: string): boolean =>
  isOlder(plan, nowMs, longestLifetimeMs) || isOfOtherVersion(plan, toolVersion);

const isOlder = (plan: Plan, nowMs: number, lifetimeMs: number): boolean =>
  nowMs > Date.parse(plan.desired.moment) + lifetimeMs;

const isOfOtherVersion = (plan: Plan, toolVersion: string): boolean =>
  minorOf(plan.tool.version) !== minorOf(toolVersion);

const minorOf = (version: string): string => version.split('.').slice(0, 2).join('.');
