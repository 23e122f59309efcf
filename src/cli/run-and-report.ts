/** What commands that write to the server have in common: they show a plan, ask, run, and report. */

import type { ApplyResult, CarryOutOptions, Resumed } from '../app/carry-out.ts';
import { readPlanFile } from '../app/show.ts';
import { refuse, type WhatOfProblem } from '../model/messages/problems.ts';
import type { Plan } from '../model/plan.ts';
import { InputError } from '../model/problem.ts';
import { applyJson } from '../report/apply-json.ts';
import { applyAnnotations, applyMarkdown } from '../report/apply-pipeline.ts';
import { applyText } from '../report/apply-text.ts';
import { printable } from '../report/printable.ts';
import { type Redaction, redactionOf, redactPlan } from '../report/redact-plan.ts';
import { resumedText } from '../report/run-text.ts';
import { leftOutText } from '../report/unusable.ts';
import { count } from '../report/values.ts';
import { codeOfApply, codeOfPlan, type ExitCode, exitCodes, mostSerious } from './exit-codes.ts';
import type { CliIo } from './io.ts';
import type { RunFlags } from './options.ts';
import { renderPlan } from './render-plan.ts';
import { layoutFor, openSession, printJson, printText, type Session } from './session.ts';

type Confirm = CarryOutOptions['confirm'];

/** What would be asked about. */
type Asking = WhatOfProblem<'no-one-to-ask'>['is'];

/**
 * @param planFile - read first where the run ends here: what is wrong with it comes before the question
 * @throws {InputError} where there is no one to confirm
 */
export async function refuseUnlessAsked(
  flags: RunFlags,
  io: CliIo,
  planFile: string | undefined,
  is?: Asking,
): Promise<void> {
  const isAsked = flags.yes === true || io.ask !== undefined;
  if (!isAsked && planFile !== undefined) await readPlanFile(planFile, io);
  refuseWithoutAnswer(flags, io, is);
}

/** @throws {InputError} where there is no one to confirm */
export function refuseWithoutAnswer({ yes }: RunFlags, io: CliIo, is: Asking = 'apply'): void {
  if (yes === true || io.ask !== undefined) return;
  throw new InputError([refuse('no-one-to-ask', { is })]);
}

/** @param run - an exit code stands for a run that said everything by itself */
export async function runAndReport(
  flags: RunFlags,
  io: CliIo,
  run: (confirm: Confirm, session: Session) => Promise<ApplyResult | ExitCode>,
): Promise<ExitCode> {
  let redaction: Redaction | undefined;
  // Progress names people, too. Before there is a plan, no one was named.
  const session = openSession(withStderr(io, (text) => redaction?.text(text) ?? text));
  try {
    const applied = await run((plan, resumed) => {
      if (flags.redact === true) redaction = redactionOf(plan);
      return confirmPlan(plan, resumed, flags, session);
    }, session);
    session.endProgress();
    return typeof applied === 'number' ? applied : report(applied, flags, session, redaction);
  } finally {
    session.endProgress();
  }
}

const nothingHidden: Pick<Redaction, 'text' | 'data'> = { text: (text) => text, data: (value) => value };

function withStderr(io: CliIo, map: (text: string) => string): CliIo {
  return { ...io, stderr: { ...io.stderr, write: (text) => io.stderr.write(map(text)) } };
}

async function confirmPlan(
  plan: Plan,
  resumed: Resumed | undefined,
  flags: RunFlags,
  { io, paint, paintErr, endProgress }: Session,
): Promise<boolean> {
  endProgress();
  // In another format stdout is the report's alone.
  const [out, painted] = flags.format === 'text' ? [io.stdout, paint] : [io.stderr, paintErr];
  if (resumed !== undefined) out.write(`${painted('bold', resumedText(resumed))}\n`);
  out.write(renderPlan(plan, 'text', flags.redact === true, painted, layoutFor(out, flags)));
  if (flags.yes === true) return true;
  const leftOut = leftOutText(plan);
  if (leftOut !== '') io.stderr.write(`\n${paintErr('yellow', leftOut)}\n`);
  const { actions } = plan.summary;
  const work = resumed === undefined ? count(actions, 'action') : `the other ${count(actions, 'action')}`;
  const question = `\n${paintErr('bold', `Apply ${work} to ${printable(plan.server.url)}?`)} Type "yes": `;
  return (await io.ask?.(question))?.trim().toLowerCase() === 'yes';
}

const declinedText: Readonly<Record<Exclude<RunFlags['format'], 'json'>, string>> = {
  text: 'declined; nothing was written\n',
  markdown: '### muster: declined\n\nNothing was written.\n',
  github: '::notice title=muster::declined; nothing was written\n',
};

/** For programs. */
export function appliedJson(
  { plan, result, declined, refused, journal }: ApplyResult,
  redact: boolean,
  { data }: Pick<Redaction, 'data'> = nothingHidden,
): object {
  return {
    plan: redact ? redactPlan(plan) : plan,
    declined,
    ...(refused !== undefined && { refused }),
    ...(result !== undefined && { result: data(applyJson(result)) }),
    ...(journal !== undefined && { journal }),
  };
}

export function codeOfApplied({ plan, result, declined }: ApplyResult): ExitCode {
  const ofPlan = codeOfPlan(plan, false);
  if (result !== undefined) return mostSerious([codeOfApply(result), ofPlan]);
  return declined ? exitCodes.interrupted : ofPlan;
}

function report(
  applied: ApplyResult,
  { format, redact, verbose = false }: RunFlags,
  { io, paint, paintErr }: Session,
  { text, data }: Pick<Redaction, 'text' | 'data'> = nothingHidden,
): ExitCode {
  const { plan, result, declined, refused, journal } = applied;
  const code = codeOfApplied(applied);
  if (format === 'json') printJson(io, appliedJson(applied, redact === true, { data }));
  if (result !== undefined) {
    const shown = redact === true ? redactPlan(plan) : plan;
    if (format === 'markdown') io.stdout.write(text(applyMarkdown(shown, result)));
    if (format === 'github') io.stdout.write(text(applyAnnotations(shown, result)));
    if (format === 'text') printText(io.stdout, text(`\n${applyText(result, paint, journal)}${leftOutLine(plan)}`));
    return code;
  }
  if (declined) {
    if (format !== 'json') io.stdout.write(declinedText[format]);
    return code;
  }
  if (format !== 'json')
    io.stdout.write(renderPlan(plan, format, redact === true, paint, layoutFor(io.stdout, { verbose })));
  if (refused !== undefined)
    printText(
      io.stderr,
      `${paintErr('red', 'error')} ${leftOutText(plan)}: nothing was written\n  ${paintErr('cyan', '→ fix them, or apply the rest with --skip-unusable')}\n`,
    );
  return code;
}

function leftOutLine(plan: Plan): string {
  const text = leftOutText(plan);
  return text === '' ? '' : `${text} (exit code 3)\n`;
}
