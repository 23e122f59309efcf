/**
 * The comments and issues of `muster ci`. Each begins with its hidden mark, says what happened also where it went wrong, and is
 * never longer than a comment may be. Pure.
 */
import { classesOf } from '../model/action-name.ts';
import type { ApplyToShow, CommentFacts, IssueText, PlanToShow } from '../model/ci-comment.ts';
import type { RunResult } from '../model/outcome.ts';
import type { Plan } from '../model/plan.ts';
import { applyMarkdown } from './apply-pipeline.ts';
import { errorMarkdown, redactedErrorMarkdown } from './error-markdown.ts';
import { code } from './markdown.ts';
import { maxComment } from './markdown-sections.ts';
import { planMarkdown } from './plan-markdown.ts';
import { type Redaction, redactionOf } from './redact-plan.ts';
import { count, wordFor } from './values.ts';

export function planComment(
  { plan, rules }: PlanToShow,
  facts: CommentFacts,
  redaction: Redaction | undefined,
): string {
  const after = [...howApplied(plan), ...rulesLines(rules), ...footOf(facts)];
  return planMarkdown(redaction?.plan ?? plan, {
    before: `${facts.mark}\n`,
    heading: `### ${titled('muster plan', facts)}`,
    after: after.map((line) => `\n${line}\n`).join(''),
  });
}

const titled = (title: string, { server }: CommentFacts): string =>
  server === undefined ? title : `${title} for ${code(server)}`;

function howApplied({ digest, summary, desired }: Plan): readonly string[] {
  if (digest === undefined) return [];
  if (summary.actions === 0) return [`Nothing to apply. Plan ${code(digest)}.`];
  return [
    `After the merge, ${code('muster ci apply')} carries out exactly this plan, and nothing else: ${code(digest)}, made ${code(desired.moment)}.`,
  ];
}

const maxRules = 20;

function rulesLines(rules: readonly string[]): readonly string[] {
  if (rules.length === 0) return [];
  const more = rules.length > maxRules ? ` and ${rules.length - maxRules} more` : '';
  return [
    `**Also changes how muster works**, which counts once it is merged: ${rules.slice(0, maxRules).map(code).join(', ')}${more}.`,
  ];
}

function footOf({ commit, job }: CommentFacts): readonly string[] {
  const parts = [
    ...(commit === undefined ? [] : [`commit ${code(commit.slice(0, 12))}`]),
    ...(job === undefined || !isPlainAddress(job) ? [] : [`[job](${job})`]),
  ];
  return parts.length === 0 ? [] : [`<sub>${parts.join(' · ')}</sub>`];
}

/** It becomes a link. */
const isPlainAddress = (url: string): boolean => /^https?:\/\/[\w.:/%-]+$/.test(url);

/** @param isRedacted - whether only codes and places are shown: a message may name a person */
export function failedComment(error: unknown, about: string, facts: CommentFacts, isRedacted: boolean): string {
  const heading = `### ${about}`;
  const text = isRedacted ? redactedErrorMarkdown(error, heading) : errorMarkdown(error, heading);
  return clamped([facts.mark, text, ...footOf(facts)].join('\n'));
}

export function applyComment(
  { plan, result, left }: ApplyToShow,
  facts: CommentFacts,
  redaction: Redaction | undefined,
): string {
  const { text = same, plan: shown = plan } = redaction ?? {};
  const main =
    result === undefined
      ? `### ${titled('muster apply', facts)}: nothing to do\n\n${code(plan.server.url)}: what was reviewed is there already.\n`
      : text(applyMarkdown(shown, result).replace('### muster apply', `### ${titled('muster apply', facts)}`));
  const lines = [...leftLines(left, result, redaction !== undefined), ...footOf(facts)];
  return clamped([facts.mark, main, ...lines].join('\n'));
}

const same = (text: string): string => text;
const maxRows = 30;

const isResumable = ({ interrupted, stopped }: RunResult): boolean => interrupted || stopped !== undefined;

/** The difference between what was reviewed and what is needed by now. */
function leftLines(left: Plan | undefined, result: RunResult | undefined, isRedacted: boolean): readonly string[] {
  // The rest of a run that stopped was reviewed: it needs no other plan.
  if (result !== undefined && isResumable(result))
    return [
      '',
      `**The run did not finish.** Run this job again: it resumes (${code('muster ci apply --resume')}).`,
      '',
    ];
  if (left === undefined) return [];
  const stale = result?.results.filter(({ outcome }) => outcome.status === 'stale').length ?? 0;
  const why =
    stale === 0 ? '' : `${count(stale, 'reviewed action')} no longer ${wordFor(stale, 'fits', 'fit')} the server. `;
  if (left.summary.actions === 0) return ['', `${why}Nothing is left to apply: a new plan has no actions.`, ''];
  const shown = isRedacted ? redactionOf(left).plan : left;
  const rows = shown.actions.slice(0, maxRows).map((action) => {
    const values = action.changes.map(({ attribute }) => attribute).join(', ');
    return `| ${code(action.person)} | ${code(classesOf(action).join(', '))} | ${code(values)} |`;
  });
  const more = left.actions.length - rows.length;
  return [
    '',
    `${why}**Not applied, since no one reviewed it**: a new plan has ${count(left.summary.actions, 'action')}. Run ${code('muster ci plan')} on this branch to review it.`,
    '',
    '| who | what | fields |',
    '|---|---|---|',
    ...rows,
    ...(more > 0 ? ['', `… and ${more} more`] : []),
    '',
  ];
}

/** @param since - when it was first seen */
export function driftIssue(
  plan: Plan,
  since: string,
  facts: CommentFacts,
  redaction: Redaction | undefined,
): IssueText {
  const { actions, blocked, unusable = 0 } = plan.summary;
  const parts = [
    ...(actions === 0 ? [] : [count(actions, 'action')]),
    ...(blocked === 0 ? [] : [`${blocked} blocked`]),
    ...(unusable === 0 ? [] : [`${count(unusable, 'entry', 'entries')} unusable`]),
  ];
  const body = planMarkdown(redaction?.plan ?? plan, {
    before: `${facts.mark}\nThe server differs from the files since ${code(since)}. This issue is updated while it does, and closed once it does not.\n\n`,
    heading: `### ${titled('muster drift', facts)}`,
    after: ['', ...footOf(facts), ''].join('\n'),
  });
  return { title: `muster: ${serverOf(plan, facts)} differs from the files (${parts.join(', ')})`, body };
}

export function noDriftIssue(plan: Plan, facts: CommentFacts): IssueText {
  const text = `### ${titled('muster drift', facts)}: none\n\n${code(plan.server.url)} is as the files say, as of ${code(plan.desired.moment)}.\n`;
  return {
    title: `muster: ${serverOf(plan, facts)} is as the files say`,
    body: [facts.mark, text, ...footOf(facts)].join('\n'),
  };
}

/** A title is plain text of one line. */
const serverOf = ({ server }: Plan, facts: CommentFacts): string =>
  (facts.server ?? (URL.canParse(server.url) ? new URL(server.url).host : server.url)).slice(0, 100);

/** The last resort: whole lines that fit, and a line that says so. */
function clamped(text: string): string {
  if (text.length <= maxComment) return text;
  const note = '\n\n… cut to fit a comment: the log of the job has the rest\n';
  const room = text.slice(0, maxComment - note.length);
  return `${room.slice(0, room.lastIndexOf('\n'))}${note}`;
}
