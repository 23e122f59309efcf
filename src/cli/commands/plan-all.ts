import { defaultParallel, fleetNames, onEach } from '../../app/fleet.ts';
import { type PlanAlone, planAlone } from '../../app/plan.ts';
import { Slots } from '../../app/slots.ts';
import { refuse } from '../../model/messages/problems.ts';
import type { Plan } from '../../model/plan.ts';
import { InputError } from '../../model/problem.ts';
import { annotationsOfPlan } from '../../report/annotations.ts';
import { differencesIn, planLine } from '../../report/fleet-text.ts';
import { planMarkdown } from '../../report/plan-markdown.ts';
import { redactPlan } from '../../report/redact-plan.ts';
import { codeOfPlan, type ExitCode } from '../exit-codes.ts';
import { countServers, fleetPorts, type PipelineView, reportDiffs, reportFleetAs } from '../fleet.ts';
import type { CliIo } from '../io.ts';
import {
  connectionOptions,
  inputOptions,
  type MakePlanFlags,
  narrowingOptions,
  type PlanFormat,
  recordOptions,
  warmOptions,
} from '../options.ts';
import { renderPlan } from '../render-plan.ts';
import { layoutFor, openSession, type Session } from '../session.ts';

/** The plans of all servers. */
export async function planAllCommand(flags: MakePlanFlags, io: CliIo): Promise<ExitCode> {
  const { format, redact = false } = flags;
  if (isPage(format)) throw new InputError([refuse('format-for-one-server', { format })]);
  const session = openSession(io);
  const names = await fleetNames(inputOptions(flags), session.ports);
  const progress = countServers(session, names.length);
  const options = {
    ...inputOptions(flags),
    ...connectionOptions(flags),
    ...narrowingOptions(flags),
    ...recordOptions(flags, io),
    ...warmOptions(flags),
  };
  const ports = fleetPorts(session);
  const slots = new Slots(flags.parallel ?? defaultParallel);
  const ended = await onEach(names, slots, (server) => planAlone({ ...options, server }, ports), progress.told);
  progress.end();
  const view = planView(flags, session);
  if (format !== 'diff') return reportFleetAs(ended, view, format, session);
  return reportDiffs(ended, view, ({ plan: made }) => renderPlan(made, format, redact, session.paint), session);
}

/** A file that is about one server. */
const isPage = (format: PlanFormat): format is 'html' | 'junit' | 'sarif' =>
  ['html', 'junit', 'sarif'].includes(format);

type Made = Pick<PlanAlone, 'plan'>;

export function planView(
  flags: Pick<MakePlanFlags, 'redact' | 'verbose' | 'detailedExitcode'>,
  { io, paint }: Session,
): PipelineView<Made> {
  const { redact = false, verbose = false, detailedExitcode = false } = flags;
  const shown = (made: Plan): Plan => (redact ? redactPlan(made) : made);
  const isQuiet = ({ plan: { summary, compared } }: Made): boolean => {
    const { actions, blocked, unusable = 0 } = summary;
    return !verbose && actions + blocked + unusable + differencesIn(compared) === 0;
  };
  return {
    about: 'muster plan',
    line: (name, { plan: made }) => planLine(name, made),
    details: (_, made) => {
      if (isQuiet(made)) return undefined;
      const text = renderPlan(made.plan, 'text', redact, paint, layoutFor(io.stdout, flags));
      return { url: made.plan.server.url, text };
    },
    json: (_, { plan: made }) => ({ plan: shown(made) }),
    markdown: (_, made, part) => (isQuiet(made) ? undefined : planMarkdown(shown(made.plan), part)),
    annotations: (_, made) => (isQuiet(made) ? [] : annotationsOfPlan(shown(made.plan))),
    code: ({ plan: made }) => codeOfPlan(made, detailedExitcode),
  };
}
