import { resolve } from 'node:path';
import { type Applied, type ApplyOptions, apply } from '../../app/apply.ts';
import { applyPlanFile } from '../../app/apply-plan-file.ts';
import type { Plan } from '../../model/plan.ts';
import { InputError } from '../../model/problem.ts';
import { applyJson } from '../../report/apply-json.ts';
import { applyText } from '../../report/apply-text.ts';
import { printable } from '../../report/printable.ts';
import { type Redaction, redactionOf, redactPlan } from '../../report/redact-plan.ts';
import { count } from '../../report/values.ts';
import { codeOfApply, codeOfPlan, type ExitCode, exitCodes, mostSerious } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { type ApplyFlags, connectionOptions, inputOptions, narrowingOptions } from '../options.ts';
import { renderPlan } from '../render-plan.ts';
import { openSession, printJson, type Session } from '../session.ts';

/** @param planFile - carries out just this plan; without it one is made */
export async function applyCommand(planFile: string | undefined, flags: ApplyFlags, io: CliIo): Promise<ExitCode> {
  if (flags.yes !== true && io.ask === undefined) throw nobodyToAsk();
  if (planFile !== undefined && (flags.user !== undefined || flags.only !== undefined || flags.at !== undefined))
    throw planIsFixed();
  let redaction: Redaction | undefined;
  // Progress names people, too. Before there is a plan, nobody was named.
  const session = openSession(withStderr(io, (text) => redaction?.text(text) ?? text));
  const options: ApplyOptions = {
    ...inputOptions(flags),
    ...connectionOptions(flags),
    ...narrowingOptions(flags),
    signal: io.signal,
    confirm: (plan) => {
      if (flags.redact === true) redaction = redactionOf(plan);
      return confirm(plan, flags, session);
    },
  };
  try {
    const applied = await (planFile === undefined
      ? apply(options, session.ports)
      : applyPlanFile({ ...options, planFile, ...stateDirOption(flags, io) }, session.ports));
    session.endProgress();
    return report(applied, flags, session, redaction);
  } finally {
    session.endProgress();
  }
}

const nothingHidden: Pick<Redaction, 'text' | 'data'> = { text: (text) => text, data: (value) => value };

function withStderr(io: CliIo, map: (text: string) => string): CliIo {
  return { ...io, stderr: { isTTY: io.stderr.isTTY, write: (text) => io.stderr.write(map(text)) } };
}

function nobodyToAsk(): InputError {
  return new InputError([
    {
      code: 'nobody-to-ask',
      message: 'there is no terminal to ask at',
      hint: 'look at muster plan first, then add --yes',
    },
  ]);
}

function planIsFixed(): InputError {
  return new InputError([
    {
      code: 'plan-is-fixed',
      message: 'a plan file is carried out as it is',
      hint: 'give --user, --only and --at to muster plan --out',
    },
  ]);
}

function stateDirOption({ stateDir }: ApplyFlags, io: CliIo): { stateDir?: string } {
  return stateDir === undefined ? {} : { stateDir: resolve(io.workingDir, stateDir) };
}

async function confirm(plan: Plan, flags: ApplyFlags, { io, paint, paintErr, endProgress }: Session): Promise<boolean> {
  endProgress();
  // With --format json stdout is the report's alone.
  if (flags.format === 'json') io.stderr.write(renderPlan(plan, 'text', flags.redact === true, paintErr));
  else io.stdout.write(renderPlan(plan, 'text', flags.redact === true, paint));
  if (flags.yes === true) return true;
  const question = `\n${paintErr('bold', `Make it so: ${count(plan.summary.actions, 'action')} on ${printable(plan.server.url)}?`)} Type yes: `;
  return (await io.ask?.(question))?.trim().toLowerCase() === 'yes';
}

function report(
  { plan, result, declined }: Applied,
  { format, redact }: ApplyFlags,
  { io, paint }: Session,
  { text, data }: Pick<Redaction, 'text' | 'data'> = nothingHidden,
): ExitCode {
  const ofPlan = codeOfPlan(plan, false);
  if (format === 'json') {
    const shown = redact === true ? redactPlan(plan) : plan;
    printJson(io, { plan: shown, declined, ...(result !== undefined && { result: data(applyJson(result)) }) });
  }
  if (result !== undefined) {
    if (format === 'text') io.stdout.write(text(`\n${applyText(result, paint)}`));
    return mostSerious([codeOfApply(result), ofPlan]);
  }
  if (declined) {
    if (format === 'text') io.stdout.write('declined; nothing was written\n');
    return exitCodes.interrupted;
  }
  if (format === 'text') io.stdout.write(renderPlan(plan, 'text', redact === true, paint));
  return ofPlan;
}
