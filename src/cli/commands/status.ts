import { resolve } from 'node:path';
import { lookAtReconcile } from '../../app/reconcile-place.ts';
import { InputError } from '../../model/problem.ts';
import { type Health, type HealthReport, healthOf } from '../../model/reconcile-health.ts';
import { statusJson, statusText } from '../../report/status-text.ts';
import { type ExitCode, exitCodes, mostSerious } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import type { StatusFlags } from '../options.ts';
import { openSession, printJson } from '../session.ts';

const codes: Readonly<Record<Health, ExitCode>> = {
  ok: exitCodes.done,
  paused: exitCodes.done,
  quarantined: exitCodes.unreadable,
  failing: exitCodes.failed,
  stale: exitCodes.unreadable,
};

export async function statusCommand(flags: StatusFlags, io: CliIo): Promise<ExitCode> {
  const { ports, paint } = openSession(io);
  const stateDir = flags.stateDir === undefined ? undefined : resolve(io.workingDir, flags.stateDir);
  const seen = await lookAtReconcile(stateDir, ports);
  if (seen.length === 0)
    throw new InputError([
      {
        code: 'nothing-reconciled',
        message: 'muster reconcile has left nothing here',
        hint: 'start it first; --state-dir names another place',
      },
    ]);
  const nowMs = ports.clock.now();
  if (flags.format === 'json') printJson(io, statusJson(seen, nowMs));
  else io.stdout.write(statusText(seen, nowMs, paint));
  return mostSerious(
    seen.flatMap(({ state }) => [
      codeOf(healthOf(state, nowMs)),
      ...(state.contested.some(({ told }) => told !== undefined) ? [exitCodes.blocked] : []),
    ]),
  );
}

const codeOf = ({ is, budget }: HealthReport): ExitCode => (budget === undefined ? codes[is] : exitCodes.blocked);
