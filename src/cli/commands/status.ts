import { resolve } from 'node:path';
import { lookAtFleet, lookAtServer } from '../../app/fleet-status.ts';
import { lookAtReconcile, type SeenReconcile } from '../../app/reconcile-place.ts';
import { refuse } from '../../model/messages/problems.ts';
import { InputError } from '../../model/problem.ts';
import { type Health, type HealthReport, healthOf } from '../../model/reconcile-health.ts';
import { fleetStatusJson, fleetStatusText } from '../../report/fleet-status.ts';
import { statusJson, statusText } from '../../report/status-text.ts';
import { type ExitCode, exitCodes, mostSerious } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import type { StatusFlags } from '../options.ts';
import { openSession, printJson, printText } from '../session.ts';

const codes: Readonly<Record<Health, ExitCode>> = {
  ok: exitCodes.done,
  paused: exitCodes.done,
  quarantined: exitCodes.unreadable,
  failing: exitCodes.failed,
  stale: exitCodes.unreadable,
};

export async function statusCommand(flags: StatusFlags, io: CliIo): Promise<ExitCode> {
  const { ports, paint } = openSession(io);
  const { config, server, all = false } = flags;
  const options = {
    ...(config !== undefined && { config }),
    ...(flags.stateDir !== undefined && { stateDir: resolve(io.workingDir, flags.stateDir) }),
  };
  const nowMs = ports.clock.now();
  if (all) {
    const standings = await lookAtFleet(options, ports);
    if (flags.format === 'json') printJson(io, fleetStatusJson(standings, nowMs));
    else printText(io.stdout, fleetStatusText(standings, nowMs, paint));
    return mostSerious(standings.map(({ seen }) => (seen === undefined ? exitCodes.input : codeOfSeen(seen, nowMs))));
  }
  const seen =
    server === undefined
      ? await lookAtReconcile(options.stateDir, ports)
      : [await lookAtServer({ ...options, server }, ports)].filter((one) => one !== undefined);
  if (seen.length === 0) throw nothingKnown();
  if (flags.format === 'json') printJson(io, statusJson(seen, nowMs));
  else printText(io.stdout, statusText(seen, nowMs, paint));
  return mostSerious(seen.map((one) => codeOfSeen(one, nowMs)));
}

const nothingKnown = (): InputError => new InputError([refuse('nothing-reconciled', {})]);

const codeOfSeen = ({ state }: SeenReconcile, nowMs: number): ExitCode =>
  mostSerious([
    codeOfHealth(healthOf(state, nowMs)),
    ...(state.contested.some(({ told }) => told !== undefined) ? [exitCodes.blocked] : []),
  ]);

export const codeOfHealth = ({ is, budget }: HealthReport): ExitCode =>
  budget === undefined ? codes[is] : exitCodes.blocked;
