import type { ApplyResult } from '../../app/apply.ts';
import { applyToEach, type ConfirmAll, defaultParallel, fleetNames } from '../../app/fleet.ts';
import type { Plan } from '../../model/plan.ts';
import { annotationsOfPlan } from '../../report/annotations.ts';
import { annotationsOfApply, applyMarkdown } from '../../report/apply-pipeline.ts';
import { applyText } from '../../report/apply-text.ts';
import { applyLine, fleetHeading, fleetTable, planLine } from '../../report/fleet-text.ts';
import { nameList } from '../../report/names.ts';
import { planMarkdown } from '../../report/plan-markdown.ts';
import { type Redaction, redactionOf, redactPlan } from '../../report/redact-plan.ts';
import { leftOutText } from '../../report/unusable.ts';
import { count } from '../../report/values.ts';
import { type ExitCode } from '../exit-codes.ts';
import { countServers, fleetPorts, type PipelineView, reportFleetAs } from '../fleet.ts';
import type { CliIo } from '../io.ts';
import {
  type ApplyFlags,
  connectionOptions,
  inputOptions,
  narrowingOptions,
  recordOptions,
  runOptions,
  warmOptions,
} from '../options.ts';
import { renderPlan } from '../render-plan.ts';
import { appliedJson, codeOfApplied, refuseWithoutAnswer } from '../run-and-report.ts';
import { layoutFor, openSession, type Session } from '../session.ts';

/** Plans all servers, shows all plans, asks once, and carries them out. */
export async function applyAllCommand(flags: ApplyFlags, io: CliIo): Promise<ExitCode> {
  refuseWithoutAnswer(flags, io, 'apply-all');
  const session = openSession(io);
  const names = await fleetNames(inputOptions(flags), session.ports);
  const progress = countServers(session, names.length);
  const redactions = new Map<string, Redaction>();
  const shared = {
    ...inputOptions(flags),
    ...connectionOptions(flags),
    ...narrowingOptions(flags),
    ...runOptions(flags, io, session.ports.clock.now()),
    ...recordOptions(flags, io),
    ...warmOptions(flags),
    isAskedFor: flags.yes !== true && io.ask !== undefined,
  };
  const optionsOf = (server: string) => ({
    ...shared,
    server,
    confirm: (plan: Plan): Promise<boolean> => {
      if (flags.redact === true) redactions.set(server, redactionOf(plan));
      return Promise.resolve(true);
    },
  });
  const confirm = flags.yes === true ? undefined : askOnce(flags, session, progress.end);
  const parallel = flags.parallel ?? defaultParallel;
  const ports = fleetPorts(session, redactions);
  const ended = await applyToEach(names, parallel, optionsOf, confirm, progress.told, ports);
  progress.end();
  return reportFleetAs(ended, applyView(flags, session, redactions), flags.format, session);
}

/** One question about all plans, which stand above it. */
function askOnce(flags: ApplyFlags, session: Session, before: () => void): ConfirmAll {
  const { io, paint, paintErr } = session;
  return async (plans) => {
    before();
    const [out, painted] = flags.format === 'text' ? [io.stdout, paint] : [io.stderr, paintErr];
    const all = [...plans];
    out.write(
      fleetTable(
        all.map(([name, plan]) => planLine(name, plan)),
        painted,
      ),
    );
    for (const [name, plan] of all) {
      out.write(fleetHeading(name, plan.server.url, painted));
      out.write(renderPlan(plan, 'text', flags.redact === true, painted, layoutFor(out, flags)));
    }
    const leftOut = all
      .filter(([, plan]) => leftOutText(plan) !== '')
      .map(([name, plan]) => `${name}: ${leftOutText(plan)}`);
    for (const text of leftOut) io.stderr.write(`\n${paintErr('yellow', text)}\n`);
    const actions = all.reduce((sum, [, plan]) => sum + plan.summary.actions, 0);
    const where = `${count(all.length, 'server')} (${nameList(all.map(([name]) => name))})`;
    const question = `\n${paintErr('bold', `Apply ${count(actions, 'action')} to ${where}?`)} Type "yes": `;
    const isAgreed = (await io.ask?.(question))?.trim().toLowerCase() === 'yes';
    if (flags.format === 'text') io.stdout.write('\n');
    return isAgreed;
  };
}

/** Whether the line of a server says everything. */
const isQuiet = ({ plan, result, declined, refused }: ApplyResult): boolean =>
  result === undefined &&
  (declined || (refused === undefined && plan.summary.blocked + (plan.summary.unusable ?? 0) === 0));

export function applyView(
  flags: Pick<ApplyFlags, 'redact' | 'verbose'>,
  { paint, io }: Pick<Session, 'paint' | 'io'>,
  redactions: ReadonlyMap<string, Redaction>,
): PipelineView<ApplyResult> {
  const redact = flags.redact === true;
  const shown = (plan: Plan): Plan => (redact ? redactPlan(plan) : plan);
  return {
    about: 'muster apply',
    line: (name, applied) => applyLine(name, applied),
    details: (name, applied) => {
      if (isQuiet(applied)) return undefined;
      const { plan, result, journal } = applied;
      const url = plan.server.url;
      const { text = same } = redactions.get(name) ?? {};
      if (result !== undefined) return { url, text: text(applyText(result, paint, journal)) };
      return { url, text: renderPlan(plan, 'text', redact, paint, layoutFor(io.stdout, flags)) };
    },
    json: (name, applied) => appliedJson(applied, redact, redactions.get(name)),
    markdown: (name, applied, part) => {
      if (isQuiet(applied)) return undefined;
      const { text = same } = redactions.get(name) ?? {};
      const { plan, result } = applied;
      return result === undefined ? planMarkdown(shown(plan), part) : text(applyMarkdown(shown(plan), result, part));
    },
    annotations: (name, applied) => {
      if (isQuiet(applied)) return [];
      const { text = same } = redactions.get(name) ?? {};
      const { plan, result } = applied;
      if (result === undefined) return annotationsOfPlan(shown(plan));
      return annotationsOfApply(shown(plan), result).map((one) => ({ ...one, text: text(one.text) }));
    },
    code: codeOfApplied,
  };
}

const same = (text: string): string => text;
