/** Where a job of a pipeline says what came of it, beside its comment. */
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { CiOptions, CiPorts } from '../app/ci/job.ts';
import type { CiTexts } from '../app/ci/texts.ts';
import type { Plan } from '../model/plan.ts';
import { errorAnnotations, planAnnotations } from '../report/annotations.ts';
import { applyComment, driftIssue, failedComment, noDriftIssue, planComment } from '../report/ci-comment.ts';
import { planHtml } from '../report/plan-html/page.ts';
import { planJunit } from '../report/plan-junit.ts';
import { planSarif } from '../report/plan-sarif.ts';
import { errorText } from '../report/problems-text.ts';
import { type Redaction, redactionOf } from '../report/redact-plan.ts';
import { codeOfError, type ExitCode } from './exit-codes.ts';
import type { CliIo } from './io.ts';
import { type CiFlags, connectionOptions } from './options.ts';
import { openSession, printText, type Session } from './session.ts';

export interface CiSession {
  readonly session: Session;
  readonly ports: CiPorts;
  readonly isRedacted: boolean;
}

export function openCi(flags: CiFlags, io: CliIo): CiSession {
  const isRedacted = flags.redactPeople === true;
  const session = openSession(io);
  // Progress names people.
  const ports = isRedacted ? { ...session.ports, emit: () => undefined } : session.ports;
  return { session, isRedacted, ports: { ...ports, texts: textsFor(isRedacted) } };
}

function textsFor(isRedacted: boolean): CiTexts {
  const redaction = (plan: Plan): Redaction | undefined => (isRedacted ? redactionOf(plan) : undefined);
  return {
    plan: (shown, facts) => planComment(shown, facts, redaction(shown.plan)),
    apply: (shown, facts) => applyComment(shown, facts, redaction(shown.plan)),
    failed: (error, about, facts) => failedComment(error, about, facts, isRedacted),
    drift: (plan, since, facts) => driftIssue(plan, since, facts, redaction(plan)),
    noDrift: (plan, facts) => noDriftIssue(plan, facts),
  };
}

export function ciOptions(flags: CiFlags, { workingDir, env }: CliIo): CiOptions {
  const { config, forge, pullRequest, remote, state, head, target, reports } = flags;
  return {
    ...connectionOptions(flags),
    ...(config !== undefined && { config }),
    ...(forge !== undefined && { forge }),
    ...(pullRequest !== undefined && { pullRequest }),
    ...(remote !== undefined && { remote }),
    plain: {
      ...(reports !== undefined && { dir: resolve(workingDir, reports) }),
      ...(head !== undefined && { ref: head }),
      ...(target !== undefined && { target }),
    },
    state:
      state === undefined
        ? { dir: defaultState(env) }
        : 'branch' in state
          ? state
          : { dir: resolve(workingDir, state.dir) },
    isSealed: flags.sealState === true || flags.redactPeople === true,
  };
}

function defaultState({ XDG_STATE_HOME: named = '', HOME: home = '' }: NodeJS.ProcessEnv): string {
  return join(isAbsolute(named) ? named : join(isAbsolute(home) ? home : homedir(), '.local', 'state'), 'muster-ci');
}

/** Tells everyone but the pull request: the log, the summary of the job, later steps, and files to keep. */
export async function tellJob(
  text: string,
  made: { readonly plan: Plan } | { readonly error: unknown } | undefined,
  flags: CiFlags,
  { session, isRedacted }: CiSession,
): Promise<void> {
  const { io } = session;
  session.endProgress();
  const { GITHUB_STEP_SUMMARY: summary = '', GITHUB_OUTPUT: outputs = '', GITHUB_ACTIONS: isGithub } = io.env;
  const shown = made !== undefined && 'plan' in made && isRedacted ? redactionOf(made.plan).plan : undefined;
  if (isGithub === 'true' && made !== undefined)
    io.stdout.write('plan' in made ? planAnnotations(shown ?? made.plan) : annotationsOf(made.error, isRedacted));
  else io.stdout.write(text);
  if (summary !== '') await appendFile(summary, `${text}\n`);
  if (made === undefined || !('plan' in made)) return;
  const { digest = '', summary: sums } = made.plan;
  if (outputs !== '') await appendFile(outputs, `digest=${digest}\nactions=${sums.actions}\nblocked=${sums.blocked}\n`);
  if (flags.reports !== undefined) await writeReports(resolve(io.workingDir, flags.reports), text, shown ?? made.plan);
}

async function writeReports(dir: string, text: string, plan: Plan): Promise<void> {
  await mkdir(dir, { recursive: true });
  const files = {
    'plan.md': text,
    'plan.html': planHtml(plan),
    'plan.junit.xml': planJunit(plan),
    'plan.sarif': planSarif(plan),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(dir, name), content);
}

const annotationsOf = (error: unknown, isRedacted: boolean): string =>
  isRedacted ? '::error title=muster::failed; the summary of the job says where\n' : errorAnnotations(error);

/** A failure on stderr; with names where they may be seen. */
export function tellError(error: unknown, { session, isRedacted }: CiSession): ExitCode {
  session.endProgress();
  const { io, paintErr } = session;
  const code = codeOfError(error);
  printText(
    io.stderr,
    isRedacted ? `error (not shown: --redact-people), exit code ${code}\n` : errorText(error, paintErr),
  );
  return code;
}
