import { type Applied, apply } from '../../app/apply.ts';
import type { Planned } from '../../app/plan.ts';
import { InputError } from '../../model/problem.ts';
import { applyJson } from '../../report/apply-json.ts';
import { applyText } from '../../report/apply-text.ts';
import { planText } from '../../report/plan-text.ts';
import { printable } from '../../report/printable.ts';
import { count } from '../../report/values.ts';
import { codeOfApply, codeOfPlan, type ExitCode, exitCodes, mostSerious } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { type CommonFlags, connectionOptions, inputOptions } from '../options.ts';
import { openSession, printJson, type Session } from '../session.ts';

export async function applyCommand(flags: CommonFlags & { readonly yes?: boolean }, io: CliIo): Promise<ExitCode> {
  if (flags.yes !== true && io.ask === undefined) {
    throw new InputError([
      {
        code: 'nobody-to-ask',
        message: 'there is no terminal to ask at',
        hint: 'look at muster plan first, then add --yes',
      },
    ]);
  }
  const session = openSession(io);
  try {
    const applied = await apply(
      {
        ...inputOptions(flags),
        ...connectionOptions(flags),
        signal: io.signal,
        confirm: (planned) => confirm(planned, flags, session),
      },
      session.ports,
    );
    session.endProgress();
    return report(applied, flags, session);
  } finally {
    session.endProgress();
  }
}

async function confirm(
  planned: Planned,
  flags: CommonFlags & { readonly yes?: boolean },
  { io, paint, paintErr, endProgress }: Session,
): Promise<boolean> {
  endProgress();
  const { plan } = planned;
  const text = planText(plan, flags.format === 'json' ? paintErr : paint);
  // With --format json stdout is the report's alone.
  if (flags.format === 'json') io.stderr.write(text);
  else io.stdout.write(text);
  if (flags.yes === true) return true;
  const question = `\n${paintErr('bold', `Make it so: ${count(plan.summary.actions, 'action')} on ${printable(plan.server.url)}?`)} Type yes: `;
  return (await io.ask?.(question))?.trim().toLowerCase() === 'yes';
}

function report({ planned, result, declined }: Applied, { format }: CommonFlags, { io, paint }: Session): ExitCode {
  const ofPlan = codeOfPlan(planned.plan, false);
  if (format === 'json')
    printJson(io, { plan: planned.plan, declined, ...(result !== undefined && { result: applyJson(result) }) });
  if (result !== undefined) {
    if (format === 'text') io.stdout.write(`\n${applyText(result, paint)}`);
    return mostSerious([codeOfApply(result), ofPlan]);
  }
  if (declined) {
    if (format === 'text') io.stdout.write('declined; nothing was written\n');
    return exitCodes.interrupted;
  }
  if (format === 'text') io.stdout.write(planText(planned.plan, paint));
  return ofPlan;
}
