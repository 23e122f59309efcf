import { changeClasses, changeClassRows } from '../model/change-classes.ts';
import { fromTo } from '../model/from-to.ts';
import type { Change, ChangeClass, Plan } from '../model/plan.ts';
import {
  classLabel,
  dueText,
  laterText,
  type MadeChange,
  madeChanges,
  namesOfAdministrators,
  scheduledTotal,
} from './admin-marks.ts';
import { approvalAbout, approvalYaml } from './approval-yaml.ts';
import { authorshipText } from './authorship-text.ts';
import { type ChangeGroup, groupChanges, isHarmless } from './change-groups.ts';
import { placesText, restOfNew, ruleText, secretTexts, whoIsNew } from './change-text.ts';
import { onceMerged } from './comparison.ts';
import { comparisonMarkdown, differencesSection } from './comparison-markdown.ts';
import { code, differing, shorten, value } from './markdown.ts';
import { type CommentPart, fitComment, type Row, type Section } from './markdown-sections.ts';
import { noticeGroups } from './notice-groups.ts';
import { declaredText, elsewhereText, summaryLine } from './plan-text.ts';
import { previouslyAbout, previouslyCure } from './previously-declared.ts';
import { takenBackMarkdown } from './run-text.ts';
import { countLockedOut, mailTexts, signInAbout, signInGroups } from './sign-in.ts';
import { unusableHead, unusableRows, unusableTitle } from './unusable.ts';
import { count, showValue } from './values.ts';
import { blockedGroups, heldGroups } from './verdict-groups.ts';

/** What stands around a plan in the same comment. */
interface AroundPlan {
  readonly before?: string;
  readonly after?: string;
}

/**
 * A plan as a pull-request comment: never longer than a comment may be. Totals are exact; where rows do not fit, each
 * section says how many it leaves out.
 */
export function planMarkdown(plan: Plan, part: CommentPart & AroundPlan = {}): string {
  const { before = '', after = '', room } = part;
  return fitComment(`${before}${headOf(plan, part)}\n\n`, sectionsOf(plan), `\n${summaryLine(plan)}\n${after}`, room);
}

function headOf(plan: Plan, { heading }: CommentPart): string {
  const { server, summary, desired } = plan;
  const back = takenBackMarkdown(plan);
  const first =
    summary.actions === 0
      ? 'no actions'
      : `${count(summary.actions, 'action')} for ${count(summary.people, 'person', 'people')}`;
  const counts = changeClasses.filter((name) => (summary.changes[name] ?? 0) > 0);
  const table =
    counts.length === 0
      ? []
      : [
          '',
          `| ${counts.join(' | ')} |`,
          `|${counts.map(() => '--:').join('|')}|`,
          `| ${counts.map((name) => summary.changes[name]).join(' | ')} |`,
        ];
  return [
    `${heading ?? (back === undefined ? '### muster plan' : '### muster undo')}: ${first}`,
    '',
    ...(back === undefined ? [] : [`Takes back ${back}`, '']),
    `${code(server.url)} (Mattermost ${code(server.version)}), as ${code(server.caller)}, as of ${code(desired.moment)}: ${declaredText(summary)}`,
    ...comparisonMarkdown(plan.compared),
    ...limitsOf(plan),
    ...table,
  ].join('\n');
}

const maxLimits = 20;

/** What the plan is limited to, and what approvals lift: the first things that a reviewer has to know. */
function limitsOf(plan: Plan): readonly string[] {
  const { narrowed, approvals = [] } = plan;
  const conditional = plan.actions.filter((action) => action.conditional === true).length;
  const words = [...(narrowed?.users ?? []), ...(narrowed?.classes ?? [])];
  const more = words.length > maxLimits ? ` and ${words.length - maxLimits} more` : '';
  return [
    ...(narrowed === undefined
      ? []
      : [
          '',
          `**Limited** to ${words.slice(0, maxLimits).map(code).join(', ')}${more}; ${count(narrowed.left_out, 'change')} left out${elsewhereText(plan)}`,
        ]),
    ...(conditional === 0
      ? []
      : ['', `**${count(conditional, 'action')} only ${onceMerged}**: by an approval that is not in the base yet`]),
    ...approvals.flatMap(({ class: name, by, reason, expires, lifted, conditional: isConditional, authorship }) => [
      '',
      `**${isConditional === true ? `Lifts ${lifted} ${onceMerged}, approved` : 'Approved'}** by ${code(by)} until ${code(expires)}: ${name} over its budget by ${lifted} (${code(reason)})${authorship === undefined ? '' : `; ${code(authorshipText(authorship))}`}`,
    ]),
  ];
}

function sectionsOf(plan: Plan): readonly Section[] {
  const changes = madeChanges(plan);
  return [
    { title: unusableTitle(plan), isOpen: true, head: unusableHead, rows: unusableRows(plan) },
    differencesSection(plan.compared),
    blockedSection(plan),
    approvalSection(plan),
    administratorsSection(changes, plan),
    ...classesByRisk.map((name) => classSection(name, changes)),
    newPeopleSection(plan),
    mailsSection(plan),
    messagesSection(plan),
    heldSection(plan),
    scheduledSection(plan),
    previouslySection(plan),
    noticesSection(plan),
    undeclaredSection(plan),
  ];
}

const stoppedHead = ['| who | what | why | what to do |', '|---|---|---|---|'];

function blockedSection({ blocked }: Plan): Section {
  return {
    title: `Blocked: ${blocked.length} (exit code 4)`,
    isOpen: true,
    head: stoppedHead,
    rows: blockedGroups(blocked).flatMap((group) => {
      const [{ rail, reason, hint }] = group.items;
      return stoppedRows(group, `${rail}: ${code(reason)}`, hint);
    }),
  };
}

function heldSection({ held }: Plan): Section {
  return {
    title: `Held: ${held.length}`,
    isOpen: false,
    head: stoppedHead,
    rows: heldGroups(held).flatMap((group) => {
      const [{ reason, hint }] = group.items;
      return stoppedRows(group, code(reason), hint);
    }),
  };
}

const stoppedRows = <Item extends { readonly change: Change }>(
  group: ChangeGroup<Item>,
  because: string,
  hint: string,
): readonly Row[] =>
  groupRows(group, ({ change }) => change).map(({ who, change, all }) => ({
    text: `| ${who} | ${what(change)} | ${because} | ${code(hint)} |`,
    counts: all.length,
  }));

function newPeopleSection(plan: Plan): Section {
  return {
    title: `New people: ${plan.new_people?.length ?? 0}, and ${signInAbout}`,
    isOpen: countLockedOut(plan) > 0,
    head: ['| who | how | what to do |', '|---|---|---|'],
    rows: signInGroups(plan).flatMap(({ text, hint, people }) =>
      nameRows(people, (who) => `| ${who} | ${code(text)} | ${hint === undefined ? '' : code(hint)} |`),
    ),
  };
}

function mailsSection({ summary, mails = [] }: Plan): Section {
  return {
    title: `Mails: ${summary.mails}`,
    isOpen: false,
    head: ['| to | mail | number |', '|---|---|--:|'],
    rows: mails.flatMap(({ kind, people }) =>
      nameRows(people, (who) => `| ${who} | ${mailTexts[kind]} | ${people.length} |`),
    ),
  };
}

function messagesSection({ summary, messages = [] }: Plan): Section {
  return {
    title: `Messages: ${summary.messages ?? 0}`,
    isOpen: false,
    head: ['| team | messages |', '|---|--:|'],
    rows: messages.map(({ team, posts }) => `| ${code(team)} | ${posts} |`),
  };
}

function scheduledSection(plan: Plan): Section {
  return {
    title: `Scheduled: ${scheduledTotal(plan)}${laterText(plan) === '' ? '' : ` (${laterText(plan)})`}`,
    isOpen: plan.scheduled.some(({ change }) => change.concerns_admin !== undefined),
    head: ['| who | what | due |', '|---|---|---|'],
    rows: plan.scheduled.map((one) => `| ${code(one.change.person)} | ${what(one.change)} | ${code(dueText(one))} |`),
  };
}

function noticesSection({ notices }: Plan): Section {
  return {
    title: `Notices: ${notices.length}`,
    isOpen: false,
    head: ['| who | what |', '|---|---|'],
    rows: noticeGroups(notices).flatMap(({ people, text, hint }) =>
      nameRows(people, (who) => `| ${who} | ${code(hint === undefined ? text : `${text}: ${hint}`)} |`),
    ),
  };
}

function undeclaredSection({ undeclared }: Plan): Section {
  return {
    title: `Undeclared: ${undeclared.length}`,
    isOpen: false,
    head: ['| active account | |', '|---|---|'],
    rows: undeclared.map(({ username, admin }) => `| ${code(username)} | ${admin ? 'admin' : ''} |`),
  };
}

/** A reviewer of a deleted line must see what it leaves behind. */
function previouslySection({ previously_declared: accounts = [] }: Plan): Section {
  return {
    title: `Previously declared: ${accounts.length}`,
    isOpen: accounts.length <= 10,
    head: [`${previouslyAbout}: ${previouslyCure}`, '', '| active account | last declared | |', '|---|---|---|'],
    rows: accounts.map(
      ({ username, last_declared, admin }) =>
        `| ${code(username)} | ${code(last_declared)} | ${admin ? 'admin' : ''} |`,
    ),
  };
}

/** What a reviewer should see even if nothing else fits. */
const classesByRisk: readonly ChangeClass[] = changeClasses.toSorted(
  (a, b) => changeClassRows[a].risk - changeClassRows[b].risk,
);

/** What is made, and who takes a name of one: among the notices it could be left out. */
function administratorsSection(changes: readonly MadeChange[], plan: Pick<Plan, 'notices'>): Section {
  const own = changes.filter(({ change }) => change.concerns_admin !== undefined);
  const names = namesOfAdministrators(plan);
  return {
    title: `Administrators: ${own.length + names.length}`,
    isOpen: true,
    head: ['| who | what | why |', '|---|---|---|'],
    rows: [
      ...own.map((one) => `| ${code(one.change.person)} | ${what(one.change)} | ${why(one)} |`),
      ...names.map(({ person = '', text }) => `| ${code(person)} | ${value(text)} |  |`),
    ],
  };
}

function classSection(name: ChangeClass, changes: readonly MadeChange[]): Section {
  const own = changes.filter(({ change }) => change.class === name);
  return {
    title: `${name}: ${own.length}`,
    isOpen: own.length <= 10,
    head: ['| who | field | before | after | why |', '|---|---|---|---|---|'],
    rows: groupChanges(own, {
      changeOf: ({ change }) => change,
      alsoBy: ({ isConditional }) => isConditional,
      atLeast: 1,
    }).groups.flatMap((group) =>
      groupRows(group, ({ change }) => change).map(({ who, change, all }) => {
        const values = valuesOf(change);
        const text = `| ${who} | ${code(change.attribute)} | ${values.join(' | ')} | ${why(group.items[0], all)} |`;
        return { text, counts: all.length };
      }),
    ),
  };
}

/** The value of before, and the one of after with the secrets that go with it. */
function valuesOf(change: Change): readonly [before: string, after: string] {
  const { attribute, before, after } = change;
  // What no access hangs on must not take the room of others.
  const cell = isHarmless(change) ? code : value;
  const [old, now] = differing(
    before === undefined ? '' : showValue(before, attribute),
    after === undefined ? '' : afterText(change),
  );
  const secrets = secretTexts(change).map(value);
  const cells = [now === '' ? '' : cell(now), restText(change), ...secrets];
  return [old === '' ? '' : cell(old), cells.filter((part) => part !== '').join(', ')];
}

/** Of a new person who they are; the rest may be long. */
const afterText = (change: Change): string =>
  change.class === 'create' ? whoIsNew(change.after) : showValue(change.after, change.attribute);

function restText(change: Change): string {
  const rest = restOfNew(change);
  return rest === '' ? '' : code(rest);
}

function why({ change, isConditional }: MadeChange, all: readonly Change[] = [change]): string {
  // A long path must not take the room of the rule.
  const texts = [shorten(placesText(all)), shorten(ruleText(change))].filter((part) => part !== '');
  return `${isConditional ? `**${onceMerged}** ` : ''}${value(texts.join('  '))}`;
}

interface GroupRow {
  readonly who: string;
  /** The change of all in the row. */
  readonly change: Change;
  readonly all: readonly Change[];
}

/** As many names as a row holds, so that a group that does not fit a comment loses some of them, not all. */
const namesInRow = 50;

/** A row for those of a group who change the same, else a row for each. */
function groupRows<Item>({ kind, items }: ChangeGroup<Item>, changeOf: (item: Item) => Change): readonly GroupRow[] {
  const changes = items.map(changeOf);
  if (kind === 'alike') return changes.map((change) => ({ who: code(change.person), change, all: [change] }));
  return chunks(changes).map((all) => ({
    who: namesIn(all.map(({ person }) => person)),
    change: changeOf(items[0]),
    all,
  }));
}

/** Rows that are about all of these; one where there is none. */
function nameRows(names: readonly string[], textFor: (who: string) => string): readonly Row[] {
  if (names.length === 0) return [textFor('')];
  return chunks(names).map((some) => ({ text: textFor(namesIn(some)), counts: some.length }));
}

const namesIn = (names: readonly string[]): string => names.map(code).join(', ');

function chunks<Item>(items: readonly Item[]): ReadonlyArray<readonly Item[]> {
  const length = Math.ceil(items.length / namesInRow);
  return Array.from({ length }, (_, i) => items.slice(i * namesInRow, (i + 1) * namesInRow));
}

function approvalSection(plan: Plan): Section {
  const yaml = approvalYaml(plan);
  return {
    title: 'An approval of what is blocked',
    isOpen: false,
    head: [approvalAbout, ''],
    // All or nothing: a part of it would approve a part.
    rows: yaml.length === 0 ? [] : [['```yaml', ...yaml, '```'].join('\n')],
  };
}

function what(change: Change): string {
  const { attribute, before, after } = change;
  const own = after === undefined ? showValue(after) : afterText(change);
  const values = fromTo(...differing(showValue(before, attribute), own));
  const parts = [value(values), restText(change), ...secretTexts(change).map(value)];
  return `${classLabel(change)} ${code(attribute)} ${parts.filter((part) => part !== '').join(', ')}`;
}
