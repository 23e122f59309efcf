/**
 * A plan as a file that somebody signs: canonical JSON with a digest, bound to a server, to the files as they were, to a
 * version of muster, and to 24 hours. Pure: text and time come in.
 */
import { canonicalJson, digestOf } from '../model/canonical-json.ts';
import { MusterError } from '../model/muster-error.ts';
import type { Plan } from '../model/plan.ts';
import type { SchemaFlaw } from '../model/validator.ts';
import { validatePlan } from './generated/validate-plan-file.ts';

const lifetimeMs = 24 * 3_600_000;

/** A plan file is not what was planned, or not for this moment, server or version. Nothing was written. */
export class PlanFileRefusedError extends MusterError {
  override readonly name = 'PlanFileRefusedError';
  readonly code = 'PLAN_FILE_REFUSED';
  readonly blame = 'user';

  constructor(why: string, hint = 'make a new plan') {
    super(`plan file refused: ${why}`, { hint });
  }
}

/** A plan with its expiry and its digest, ready to be written. */
export function sealPlan(plan: Plan, nowMs: number): Plan {
  const { digest: _, ...content } = { ...plan, expires: new Date(nowMs + lifetimeMs).toISOString() };
  return { ...content, digest: digestOf(content) };
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
    throw new PlanFileRefusedError('it is not JSON');
  }
  if (!validatePlan(content))
    throw new PlanFileRefusedError(`it is not a plan of this version: ${firstFlaw(validatePlan.errors)}`);
  const { digest, ...sealed } = content;
  if (digest === undefined || digestOf(sealed) !== digest)
    throw new PlanFileRefusedError('its content does not fit its digest: it was changed');
  // Canonical, so that no byte is free: what a reviewer saw is what is there.
  if (planFileText(content) !== text) throw new PlanFileRefusedError('it was reformatted or changed');
  return content;
}

function firstFlaw(errors: readonly SchemaFlaw[] | null | undefined): string {
  const [error] = errors ?? [];
  return error === undefined ? 'unknown reason' : `${error.instancePath || 'the whole'} ${error.message ?? 'is wrong'}`;
}

/** What a plan file must fit when it is applied. */
export interface PlanFileContext {
  readonly nowMs: number;
  readonly serverKey: string;
  readonly serverUrl: string;
  readonly toolVersion: string;
  /** Digest of the files as they are now, as of the plan's own moment. */
  readonly desiredDigest: string;
}

/** @throws {PlanFileRefusedError} when the plan is too old, or was made for another server, other files or another version */
export function refuseUnfitPlan(
  plan: Plan,
  { nowMs, serverKey, serverUrl, toolVersion, desiredDigest }: PlanFileContext,
): void {
  refuseExpiredPlan(plan, nowMs);
  if (plan.server.key !== serverKey) {
    throw new PlanFileRefusedError(
      `it was made for ${plan.server.url} (key ${plan.server.key}), and ${serverUrl} has the key ${serverKey}`,
      'make a new plan against this server',
    );
  }
  if (minorOf(plan.tool.version) !== minorOf(toolVersion)) {
    throw new PlanFileRefusedError(
      `it was made by muster ${plan.tool.version}, and this is ${toolVersion}`,
      'make a new plan with this version',
    );
  }
  if (plan.desired.digest !== desiredDigest)
    throw new PlanFileRefusedError('the users files have changed since it was made');
}

/** @throws {PlanFileRefusedError} when the plan has expired or never says when it would */
export function refuseExpiredPlan(plan: Plan, nowMs: number): void {
  if (plan.expires === undefined) throw new PlanFileRefusedError('it has no expiry: it was not made with --out');
  if (nowMs > Date.parse(plan.expires)) throw new PlanFileRefusedError(`it expired at ${plan.expires}`);
}

const minorOf = (version: string): string => version.split('.').slice(0, 2).join('.');
