import { changeClasses } from '../model/change-classes.ts';
import type { Plan } from '../model/plan.ts';
import { classLabel, dueText, laterText, scheduledTotal } from './admin-marks.ts';
import { approvalText } from './authorship-text.ts';
import { reasonText, showDifference } from './change-text.ts';
import { alignColumns, type Cell } from './columns.ts';
import { comparisonLines, conditionalSummary, onceMerged } from './comparison.ts';
import { fitText } from './fit-text.ts';
import { heading } from './heading.ts';
import { maxNames, nameList } from './names.ts';
import { noticeGroups } from './notice-groups.ts';
import { type Paint, plain } from './paint.ts';
import { peopleText } from './people-text.ts';
import { previouslyAbout, previouslyCure, previouslyRow } from './previously-declared.ts';
import { printable } from './printable.ts';
import { takenBackText } from './run-text.ts';
import { countLockedOut, mailsAbout, mailTexts, messagesAbout, signInAbout, signInGroups } from './sign-in.ts';
import { unusableText } from './unusable.ts';
import { count, wordFor } from './values.ts';
import { blockedText, heldText } from './verdict-text.ts';
import { hintLines, type Layout, unlimited, wrapped } from './wrap.ts';

/** A plan for people: a summary, what happens to whom and why, what does not happen and why, a summary. */
export function planText(plan: Plan, paint: Paint, layout: Layout = unlimited): string {
  const sections = [
    headline(plan, paint, layout),
    fitText(unusableText(plan, paint), layout),
    fitText(comparisonLines(plan.compared, paint, layout.width).join('\n'), layout),
    fitText(limitLines(plan, paint).join('\n'), layout),
    ...peopleText(plan, paint, layout),
    newPeople(plan, paint, layout),
    mails(plan, paint, layout),
    messages(plan, paint, layout),
    heldText(plan.held, paint, layout),
    blockedText(plan, paint, layout),
    scheduled(plan, paint, layout),
    previouslyDeclared(plan, paint, layout),
    notices(plan, paint, layout),
    undeclared(plan, paint, layout),
    wrapped(summaryLine(plan), '', layout, (line) => paint('bold', line)).join('\n'),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

/** What the entries found on the server. */
export const declaredText = ({ declared, matched, unchanged }: Plan['summary']): string =>
  `${declared} declared: ${matched} ${wordFor(matched, 'has', 'have')} an account, ${unchanged} already ${wordFor(unchanged, 'matches', 'match')}`;

function headline(plan: Plan, paint: Paint, layout: Layout): string {
  const { server, summary } = plan;
  const where = `${printable(server.url)} (Mattermost ${printable(server.version)}), as ${printable(server.caller)}`;
  const first =
    summary.actions === 0
      ? 'No actions'
      : `${count(summary.actions, 'action')} for ${count(summary.people, 'person', 'people')}`;
  const lines = wrapped(`${first} on ${where}`, '', layout);
  const back = takenBackText(plan);
  // Nothing is declared by an undo.
  if (back !== '') return [...wrapped(back, '', layout, (line) => paint('bold', line)), ...lines].join('\n');
  const title = [paint('bold', lines[0] ?? ''), ...lines.slice(1)];
  const counts = declaredText(summary);
  return [...title, paint('dim', counts)].join('\n');
}

/** What the plan is limited to, and what approvals lift: the first things that a reviewer has to know. */
export function limitLines(plan: Plan, paint: Paint = plain): readonly string[] {
  const { narrowed, approvals = [] } = plan;
  const conditional = conditionalSummary(plan);
  const words = [...(narrowed?.users ?? []), ...(narrowed?.classes ?? [])];
  return [
    ...(narrowed === undefined
      ? []
      : [
          `${paint('yellow', 'Limited')} to ${nameList(words)}; ${count(narrowed.left_out, 'change')} left out${elsewhereText(plan)}`,
        ]),
    ...(conditional === '' ? [] : [paint('bold', paint('yellow', conditional))]),
    ...approvals.map((approval) => {
      const { conditional: isConditional, lifted } = approval;
      const verb = isConditional === true ? `Lifts ${lifted} ${onceMerged}, approved` : 'Approved';
      return `${paint('magenta', verb)} ${printable(approvalText(approval))}`;
    }),
  ];
}

/** Entries that cannot be used, and that do not concern the people whom a plan is limited to. */
export function elsewhereText({ summary: { unusable_elsewhere: elsewhere = 0 } }: Plan): string {
  return elsewhere === 0 ? '' : `; ${count(elsewhere, 'unusable entry', 'unusable entries')} of others not counted`;
}

/** One line with every total: the last one of a plan. */
export function summaryLine(plan: Plan): string {
  const { summary, actions, previously_declared: previously = [] } = plan;
  const lockedOut = countLockedOut(plan);
  const conditional = actions.filter((action) => action.conditional === true).length;
  const counted = changeClasses.flatMap((name) => {
    const number = summary.changes[name] ?? 0;
    return number === 0 ? [] : [`${number} ${name}`];
  });
  const others = [
    ...(summary.unusable === undefined ? [] : [`${count(summary.unusable, 'entry', 'entries')} unusable`]),
    ...(conditional > 0 ? [`${count(conditional, 'action')} only ${onceMerged}`] : []),
    ...(summary.held > 0 ? [`${summary.held} held`] : []),
    ...(summary.blocked > 0 ? [`${summary.blocked} blocked`] : []),
    ...scheduledCount(plan),
    ...(previously.length > 0 ? [`${previously.length} previously declared`] : []),
    ...(lockedOut > 0 ? [`${lockedOut} new with no way to sign in`] : []),
    ...(summary.mails > 0 ? [`the server will send ${count(summary.mails, 'mail')}`] : []),
    ...(summary.messages === undefined ? [] : [`the server will post ${count(summary.messages, 'message')}`]),
  ];
  return `Plan: ${counted.length === 0 ? 'no actions' : counted.join(', ')}${others.length === 0 ? '' : `; ${others.join(', ')}`}.`;
}

function scheduledCount(plan: Plan): readonly string[] {
  const total = scheduledTotal(plan);
  return total === 0 ? [] : [`${total} scheduled`];
}

function scheduled(plan: Plan, paint: Paint, layout: Layout): string {
  const items = plan.scheduled;
  const more = laterText(plan);
  if (items.length === 0 && more === '') return '';
  const rows = items.map((one): readonly Cell[] => [
    { text: printable(one.change.person) },
    {
      text: classLabel(one.change),
      ...(one.change.concerns_admin !== undefined && { paint: (text: string) => paint('magenta', text) }),
    },
    { text: printable(one.change.attribute) },
    { text: showDifference(one.change) },
    { text: `due ${printable(dueText(one))}` },
    { text: reasonText(one.change), paint: (text) => paint('cyan', text) },
  ]);
  const about = items.length === 0 ? 'not yet due' : 'not yet due; administration and tokens first';
  return [
    heading(`Scheduled: ${scheduledTotal(plan)}`, about, 'magenta', paint, layout),
    ...alignColumns(rows, '  ', 60, layout.width),
    ...(more === '' ? [] : [`  ${more}`]),
  ].join('\n');
}

function previouslyDeclared({ previously_declared: accounts = [] }: Plan, paint: Paint, layout: Layout): string {
  if (accounts.length === 0) return '';
  const rows = accounts.map((account) => previouslyRow(account, paint));
  return [
    heading(`Previously declared: ${accounts.length}`, previouslyAbout, 'yellow', paint, layout),
    ...alignColumns(rows, '  ', 60, layout.width),
    ...hintLines(previouslyCure, layout, (line) => paint('cyan', line)),
  ].join('\n');
}

/** How those sign in whose accounts are made. */
function newPeople(plan: Plan, paint: Paint, layout: Layout): string {
  const groups = signInGroups(plan);
  if (groups.length === 0) return '';
  const lines = groups.flatMap(({ text, hint, people }) => [
    ...wrapped(`${count(people.length, 'person', 'people')}  ${text}`, '  ', layout),
    ...wrapped(listed(people, layout), '      ', layout),
    ...(hint === undefined ? [] : hintLines(hint, layout, (line) => paint('cyan', line))),
  ]);
  return [heading(`New people: ${plan.new_people?.length ?? 0}`, signInAbout, 'green', paint, layout), ...lines].join(
    '\n',
  );
}

function mails(plan: Plan, paint: Paint, layout: Layout): string {
  if (plan.mails === undefined) return '';
  const lines = plan.mails.flatMap(({ kind, people }) => [
    ...wrapped(`${count(people.length, 'mail')}  ${mailTexts[kind]}`, '  ', layout),
    ...wrapped(listed(people, layout), '      ', layout),
  ]);
  return [heading(`Mails: ${plan.summary.mails}`, mailsAbout, 'green', paint, layout), ...lines].join('\n');
}

function messages(plan: Plan, paint: Paint, layout: Layout): string {
  if (plan.messages === undefined) return '';
  const lines = plan.messages.flatMap(({ team, posts }) =>
    wrapped(`${count(posts, 'message')}  in ${printable(team)}`, '  ', layout),
  );
  return [heading(`Messages: ${plan.summary.messages ?? 0}`, messagesAbout, 'green', paint, layout), ...lines].join(
    '\n',
  );
}

/** Some of the names, or all where everything is asked for. */
const listed = (names: readonly string[], { isVerbose }: Layout): string =>
  isVerbose ? names.map(printable).join(', ') : nameList(names);

/** The same notice about many people is said once. */
function notices({ notices: items }: Plan, paint: Paint, layout: Layout): string {
  if (items.length === 0) return '';
  const lines = noticeGroups(items).flatMap(({ text, hint, people }) => [
    ...wrapped(`${people.length === 0 ? '' : `${listed(people, layout)}: `}${printable(text)}`, '  ', layout),
    ...(hint === undefined ? [] : hintLines(printable(hint), layout, (line) => paint('cyan', line))),
  ]);
  return [heading(`Notices: ${items.length}`, 'good to know', 'cyan', paint, layout), ...lines].join('\n');
}

function undeclared({ undeclared: accounts }: Plan, paint: Paint, layout: Layout): string {
  if (accounts.length === 0) return '';
  const names = accounts
    .slice(0, maxNames)
    .map(({ username, admin }) => `${printable(username)}${admin ? ' (admin)' : ''}`);
  const more = accounts.length > maxNames ? ` and ${accounts.length - maxNames} more` : '';
  return [
    heading(
      `Undeclared: ${accounts.length}`,
      'active accounts that no entry stands for; muster leaves them alone',
      'yellow',
      paint,
      layout,
    ),
    ...wrapped(`${names.join(', ')}${more}`, '  ', layout),
  ].join('\n');
}
