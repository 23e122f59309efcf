import { diffLines } from 'diff';
import { assertNever } from '../model/assert-never.ts';
import { type ChangeClassRow, changeClasses, rowOf } from '../model/change-classes.ts';
import {
  type BlockedChange,
  type Change,
  type HeldChange,
  isPlanMap,
  type Plan,
  type PlanValue,
} from '../model/plan.ts';
import { actionsByPerson, classLabel, dueText, laterText, type MadeChange, madeChanges } from './admin-marks.ts';
import { alignColumns, type Cell } from './columns.ts';
import { comparisonLines, conditionalSummary, onceMerged } from './comparison.ts';
import { formerlyAbout, formerlyCure, formerlyRow } from './formerly-declared.ts';
import { type Colour, type Paint, plain } from './paint.ts';
import { printable } from './printable.ts';
import { count, showValue } from './values.ts';

/** A plan for people: a summary, what happens to whom and why, what does not happen and why, a summary. */
export function planText(plan: Plan, paint: Paint): string {
  const sections = [
    headline(plan, paint),
    comparisonLines(plan.compared, paint).join('\n'),
    limitLines(plan, paint).join('\n'),
    ...people(plan, paint),
    held(plan.held, paint),
    blocked(plan.blocked, paint),
    scheduled(plan, paint),
    formerlyDeclared(plan, paint),
    notices(plan, paint),
    undeclared(plan, paint),
    paint('bold', summaryLine(plan)),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function headline({ server, summary }: Plan, paint: Paint): string {
  const where = `${printable(server.url)} (Mattermost ${printable(server.version)}), as ${printable(server.caller)}`;
  const { declared, matched, unchanged } = summary;
  const first =
    summary.actions === 0
      ? 'No actions'
      : `${count(summary.actions, 'action')} for ${count(summary.people, 'person', 'people')}`;
  return `${paint('bold', first)} on ${where}\n${paint('dim', `${declared} declared, ${matched} with an account, ${unchanged} of them as wanted`)}`;
}

/** What the plan is limited to, and what somebody answers for: the first things that a reviewer has to know. */
export function limitLines(plan: Plan, paint: Paint = plain): readonly string[] {
  const { narrowed, approvals = [] } = plan;
  const conditional = conditionalSummary(plan);
  const words = [...(narrowed?.users ?? []), ...(narrowed?.classes ?? [])];
  return [
    ...(narrowed === undefined
      ? []
      : [`${paint('yellow', 'Limited')} to ${nameList(words)}; ${count(narrowed.left_out, 'change')} left out`]),
    ...(conditional === '' ? [] : [paint('bold', paint('yellow', conditional))]),
    ...approvals.map(
      ({ class: name, by, reason, expires, lifted, conditional: isConditional }) =>
        `${paint('magenta', isConditional === true ? `Lifts ${lifted} ${onceMerged}, approved` : 'Approved')} by ${printable(by)} until ${printable(expires)}: ${name} over its budget by ${lifted} (${printable(reason)})`,
    ),
  ];
}

/** One line with every total: the last one of a plan. */
export function summaryLine({ summary, actions, formerly_declared: formerly = [] }: Plan): string {
  const conditional = actions.filter((action) => action.conditional === true).length;
  const counted = changeClasses.flatMap((name) => {
    const number = summary.changes[name] ?? 0;
    return number === 0 ? [] : [`${number} ${name}`];
  });
  const others = [
    ...(conditional > 0 ? [`${count(conditional, 'action')} only ${onceMerged}`] : []),
    ...(summary.held > 0 ? [`${summary.held} held`] : []),
    ...(summary.blocked > 0 ? [`${summary.blocked} blocked`] : []),
    ...scheduledCount(summary),
    ...(formerly.length > 0 ? [`${formerly.length} formerly declared`] : []),
    ...(summary.mails > 0 ? [`the server will send ${count(summary.mails, 'mail')}`] : []),
  ];
  return `Plan: ${counted.length === 0 ? 'no actions' : counted.join(', ')}${others.length === 0 ? '' : `; ${others.join(', ')}`}.`;
}

function scheduledCount({ scheduled: listed, scheduled_later: later = 0 }: Plan['summary']): readonly string[] {
  return listed + later === 0 ? [] : [`${listed + later} scheduled`];
}

function people(plan: Plan, paint: Paint): readonly string[] {
  const byPerson = actionsByPerson(plan);
  // Aligned over the whole plan, so that the eye can run down one column.
  const rows = byPerson.flatMap(([, own]) => madeChanges({ actions: own }).map((one) => changeRow(one, paint)));
  const lines = alignColumns(rows, '    ', 48);
  let next = 0;
  return byPerson.map(([person, own]) => {
    const changes = own.flatMap((action) => action.changes);
    const block = changes.flatMap((change) => [
      lines[next++] ?? '',
      ...restOfNew(change, paint),
      ...longText(change, paint),
    ]);
    return [personLine(person, changes, paint), ...block].join('\n');
  });
}

function personLine(person: string, changes: readonly Change[], paint: Paint): string {
  const has = (changeClass: Change['class']): boolean => changes.some((change) => change.class === changeClass);
  if (has('create')) return paint('green', `+ ${printable(person)}`);
  if (has('deactivate')) return paint('red', `- ${printable(person)}`);
  return paint(has('activate') ? 'green' : 'yellow', `~ ${printable(person)}`);
}

const colourOf: Readonly<Record<ChangeClassRow['tone'], Colour>> = {
  comes: 'green',
  goes: 'red',
  grave: 'magenta',
  plain: 'yellow',
};

function changeRow({ change, isConditional }: MadeChange, paint: Paint): readonly Cell[] {
  const colour = colourOf[rowOf(change).tone];
  return [
    { text: classLabel(change), paint: (text) => paint(colour, text) },
    { text: printable(change.attribute) },
    { text: isLong(change) ? '(several lines, below)' : showDifference(change) },
    { text: `${isConditional ? `(${onceMerged})  ` : ''}${reasonText(change)}`, paint: (text) => paint('dim', text) },
  ];
}

/** What differs, in a few words. */
export function showDifference(change: Change): string {
  const { before, after } = change;
  const { shown } = rowOf(change);
  switch (shown) {
    case 'new-person':
      return whoIsNew(after);
    case 'gained':
      return `+ ${showValue(after)}`;
    case 'lost':
      return `- ${showValue(before)}`;
    case 'new-thing':
      return [
        isBounded(after) ? `new, ${showValue(after)}` : 'new',
        ...(change.destination === undefined ? [] : [`to ${printable(change.destination)}`]),
      ].join(', ');
    case 'gone':
      return `${showValue(before)} → gone`;
    case 'difference':
      return `${showValue(before)} → ${showValue(after)}`;
    default:
      return assertNever(shown);
  }
}

/** Whether a new thing is said to end: otherwise that it is enabled goes without saying. */
const isBounded = (after: PlanValue | undefined): boolean => typeof after === 'string' && after !== 'enabled';

/** Of a new person the address and the way to sign in first; the rest on a line of its own. */
function whoIsNew(after: PlanValue | undefined): string {
  if (!isPlanMap(after)) return showValue(after);
  const { email, auth } = after;
  return [showValue(email), ...(auth === undefined ? [] : [showValue(auth)])].join(', ');
}

function restOfNew({ class: changeClass, after }: Change, paint: Paint): readonly string[] {
  if (changeClass !== 'create' || !isPlanMap(after)) return [];
  const { username: _username, email: _email, auth: _auth, ...rest } = after;
  return Object.keys(rest).length === 0 ? [] : [paint('dim', `        ${showValue(rest)}`)];
}

const hasLines = (value: unknown): boolean => typeof value === 'string' && value.includes('\n');
const isLong = ({ before, after }: Change): boolean => hasLines(before) || hasLines(after);

function longText(change: Change, paint: Paint): readonly string[] {
  if (!isLong(change)) return [];
  return diffLines(textOf(change.before), textOf(change.after)).flatMap(({ value, added, removed }) =>
    value
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => `        ${diffLine(printable(line), added, removed, paint)}`.trimEnd()),
  );
}

function textOf(value: PlanValue | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : showValue(value);
}

function diffLine(line: string, added: boolean, removed: boolean, paint: Paint): string {
  if (added) return paint('green', `+ ${line}`);
  return removed ? paint('red', `- ${line}`) : `  ${line}`;
}

/** Where it is written, and the rule, where more than the file speaks. */
export function reasonText({ reason }: Change): string {
  const place = reason.file === undefined ? '' : `${printable(reason.file)}:${reason.line ?? 1}`;
  const said = reason.text === 'declared' ? '' : printable(reason.text);
  return [place, said].filter((part) => part !== '').join('  ');
}

function heading(text: string, about: string, paint: Paint): string {
  return `${paint('bold', text)}  ${paint('dim', about)}`;
}

function held(items: readonly HeldChange[], paint: Paint): string {
  if (items.length === 0) return '';
  const lines = items.flatMap(({ change, reason, hint, code }) =>
    verdictLines(change, `${printable(reason)} (${printable(code)})`, hint, paint),
  );
  return [
    heading(`Held: ${items.length}`, 'real differences that muster will not or cannot write', paint),
    ...lines,
  ].join('\n');
}

function blocked(items: readonly BlockedChange[], paint: Paint): string {
  if (items.length === 0) return '';
  const lines = items.flatMap(({ change, reason, hint, rail }) =>
    verdictLines(change, `${printable(reason)} (${rail})`, hint, paint),
  );
  return [heading(`Blocked: ${items.length}`, 'changes that a rail stopped: exit code 4', paint), ...lines].join('\n');
}

function verdictLines(change: Change, verdict: string, hint: string, paint: Paint): readonly string[] {
  const place = reasonText(change);
  return [
    `  ${printable(change.person)}  ${classLabel(change)}  ${printable(change.attribute)}  ${showDifference(change)}  ${paint('dim', place)}`.trimEnd(),
    `      ${verdict}`,
    `      ${paint('cyan', `→ ${printable(hint)}`)}`,
  ];
}

function scheduled(plan: Plan, paint: Paint): string {
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
    { text: `due ${printable(dueText(one))}` },
    { text: reasonText(one.change), paint: (text) => paint('dim', text) },
  ]);
  const about = 'not yet due; administration and tokens first';
  return [
    heading(`Scheduled: ${items.length}`, about, paint),
    ...alignColumns(rows, '  '),
    ...(more === '' ? [] : [`  ${more}`]),
  ].join('\n');
}

function formerlyDeclared({ formerly_declared: accounts = [] }: Plan, paint: Paint): string {
  if (accounts.length === 0) return '';
  const rows = accounts.map((account) => formerlyRow(account, paint));
  return [
    heading(`Formerly declared: ${accounts.length}`, formerlyAbout, paint),
    ...alignColumns(rows, '  '),
    `      ${paint('cyan', `→ ${formerlyCure}`)}`,
  ].join('\n');
}

/** The same notice about many people is said once. */
function notices({ notices: items }: Plan, paint: Paint): string {
  if (items.length === 0) return '';
  const groups = new Map<
    string,
    { readonly text: string; readonly hint: string | undefined; readonly people: string[] }
  >();
  for (const { code, person, text, hint } of items) {
    const group = groups.get(`${code} ${text}`) ?? { text, hint, people: [] };
    if (person !== undefined) group.people.push(person);
    groups.set(`${code} ${text}`, group);
  }
  const lines = [...groups.values()].flatMap(({ text, hint, people: names }) => [
    `  ${names.length === 0 ? '' : `${nameList(names)}: `}${printable(text)}`,
    ...(hint === undefined ? [] : [`      ${paint('cyan', `→ ${printable(hint)}`)}`]),
  ]);
  return [heading(`Notices: ${items.length}`, 'good to know', paint), ...lines].join('\n');
}

const maxNames = 20;

export function nameList(names: readonly string[]): string {
  const more = names.length > maxNames ? ` and ${names.length - maxNames} more` : '';
  return `${names.slice(0, maxNames).map(printable).join(', ')}${more}`;
}

function undeclared({ undeclared: accounts }: Plan, paint: Paint): string {
  if (accounts.length === 0) return '';
  const names = accounts
    .slice(0, maxNames)
    .map(({ username, admin }) => `${printable(username)}${admin ? ' (admin)' : ''}`);
  const more = accounts.length > maxNames ? ` and ${accounts.length - maxNames} more` : '';
  return [
    heading(
      `Undeclared: ${accounts.length}`,
      'active accounts that no entry stands for; muster leaves them alone',
      paint,
    ),
    `  ${names.join(', ')}${more}`,
  ].join('\n');
}
