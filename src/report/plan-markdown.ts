import { changeClasses, changeClassRows } from '../model/change-classes.ts';
import type { Change, ChangeClass, Plan } from '../model/plan.ts';
import { classLabel, dueText, laterText, type MadeChange, madeChanges } from './admin-marks.ts';
import { onceMerged, placeOf } from './comparison.ts';
import { formerlyAbout, formerlyCure } from './formerly-declared.ts';
import { code } from './markdown.ts';
import { reasonText, summaryLine } from './plan-text.ts';
import { count, showValue } from './values.ts';

/** What GitHub and others take as a comment. */
const maxLength = 65_536;

interface Section {
  readonly title: string;
  readonly isOpen: boolean;
  readonly head: readonly string[];
  readonly rows: readonly string[];
}

/**
 * A plan as a pull-request comment: never longer than a comment may be. Totals are exact; where rows do not fit, each
 * section says how many it leaves out.
 */
export function planMarkdown(plan: Plan): string {
  const head = `${headOf(plan)}\n\n`;
  const foot = `\n${summaryLine(plan)}\n`;
  const sections = sectionsOf(plan).filter(({ rows }) => rows.length > 0);
  let room = maxLength - head.length - foot.length;
  const parts: string[] = [];
  for (const [i, section] of sections.entries()) {
    // What an earlier section leaves of its share, the later ones may use.
    const part = sectionText(section, Math.floor(room / (sections.length - i)));
    parts.push(part);
    room -= part.length;
  }
  return `${head}${parts.join('')}${foot}`;
}

function headOf(plan: Plan): string {
  const { server, summary, desired } = plan;
  const first =
    summary.actions === 0
      ? 'no actions'
      : `${count(summary.actions, 'action')} for ${count(summary.people, 'person', 'people')}`;
  const { declared, matched, unchanged } = summary;
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
    `### muster plan: ${first}`,
    '',
    `${code(server.url)} (Mattermost ${code(server.version)}), as ${code(server.caller)}, as of ${code(desired.moment)}: ${declared} declared, ${matched} with an account, ${unchanged} of them as wanted`,
    ...comparisonOf(plan),
    ...limitsOf(plan),
    ...table,
  ].join('\n');
}

/** What changes of the rules themselves is read before what they let pass; the differences follow as the first section. */
function comparisonOf({ compared }: Plan): readonly string[] {
  if (compared === undefined) return [];
  const { status, base, commit, differences, has_config: hasConfig } = compared;
  const named = `${code(base ?? '')}${commit === undefined ? '' : ` (${code(commit.slice(0, 8))})`}`;
  const texts: Readonly<Record<typeof status, string>> = {
    'not-compared': `**Not compared**: no ${code('--base')} says which policy, sinks and approvals counted before`,
    same: `Compared with ${named}: policy, sinks, sources and approvals are the same`,
    different: `**${hasConfig === false ? 'Everything is new' : 'Differs'}** from ${named}: ${count(differences.length, 'difference')} of policy, sinks, sources or approvals`,
  };
  return ['', texts[status]];
}

const maxLimits = 20;

/** What the plan is limited to, and what somebody answers for: the first things that a reviewer has to know. */
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
          `**Limited** to ${words.slice(0, maxLimits).map(code).join(', ')}${more}; ${count(narrowed.left_out, 'change')} left out`,
        ]),
    ...(conditional === 0
      ? []
      : ['', `**${count(conditional, 'action')} only ${onceMerged}**: by an approval that is not in the base yet`]),
    ...approvals.flatMap(({ class: name, by, reason, expires, lifted, conditional: isConditional }) => [
      '',
      `**${isConditional === true ? `Lifts ${lifted} ${onceMerged}, approved` : 'Approved'}** by ${code(by)} until ${code(expires)}: ${name} over its budget by ${lifted} (${code(reason)})`,
    ]),
  ];
}

function sectionsOf(plan: Plan): readonly Section[] {
  const changes = madeChanges(plan);
  return [
    differencesSection(plan),
    {
      title: `Blocked: ${plan.blocked.length} (exit code 4)`,
      isOpen: true,
      head: ['| who | what | why | what to do |', '|---|---|---|---|'],
      rows: plan.blocked.map(
        ({ change, rail, reason, hint }) =>
          `| ${code(change.person)} | ${what(change)} | ${rail}: ${code(reason)} | ${code(hint)} |`,
      ),
    },
    administratorsSection(changes),
    ...classesByRisk.map((name) => classSection(name, changes)),
    {
      title: `Held: ${plan.held.length}`,
      isOpen: false,
      head: ['| who | what | why | what to do |', '|---|---|---|---|'],
      rows: plan.held.map(
        ({ change, reason, hint }) => `| ${code(change.person)} | ${what(change)} | ${code(reason)} | ${code(hint)} |`,
      ),
    },
    {
      title: `Scheduled: ${plan.scheduled.length}${laterText(plan) === '' ? '' : ` (${laterText(plan)})`}`,
      isOpen: plan.scheduled.some(({ change }) => change.concerns_admin !== undefined),
      head: ['| who | what | due |', '|---|---|---|'],
      rows: plan.scheduled.map((one) => `| ${code(one.change.person)} | ${what(one.change)} | ${code(dueText(one))} |`),
    },
    formerlySection(plan),
    {
      title: `Notices: ${plan.notices.length}`,
      isOpen: false,
      head: ['| who | what |', '|---|---|'],
      rows: plan.notices.map(
        ({ person, text, hint }) =>
          `| ${person === undefined ? '' : code(person)} | ${code(hint === undefined ? text : `${text}: ${hint}`)} |`,
      ),
    },
    {
      title: `Undeclared: ${plan.undeclared.length}`,
      isOpen: false,
      head: ['| active account | |', '|---|---|'],
      rows: plan.undeclared.map(({ username, admin }) => `| ${code(username)} | ${admin ? 'admin' : ''} |`),
    },
  ];
}

function differencesSection({ compared }: Plan): Section {
  const differences = compared?.differences ?? [];
  return {
    title: `Differences from the base: ${differences.length}`,
    isOpen: true,
    head: ['| field | before | after | where |', '|---|---|---|---|'],
    rows: differences.map(
      (one) =>
        `| ${code(one.field)} | ${code(showValue(one.before))} | ${code(showValue(one.after))} | ${code(placeOf(one))} |`,
    ),
  };
}

/** Whoever reviews that a line goes is to see what that leaves behind. */
function formerlySection({ formerly_declared: accounts = [] }: Plan): Section {
  return {
    title: `Formerly declared: ${accounts.length}`,
    isOpen: accounts.length <= 10,
    head: [`${formerlyAbout}: ${formerlyCure}`, '', '| active account | last declared | |', '|---|---|---|'],
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

function administratorsSection(changes: readonly MadeChange[]): Section {
  const own = changes.filter(({ change }) => change.concerns_admin !== undefined);
  return {
    title: `Administrators: ${own.length}`,
    isOpen: true,
    head: ['| who | what | why |', '|---|---|---|'],
    rows: own.map((one) => `| ${code(one.change.person)} | ${what(one.change)} | ${why(one)} |`),
  };
}

function classSection(name: ChangeClass, changes: readonly MadeChange[]): Section {
  const own = changes.filter(({ change }) => change.class === name);
  return {
    title: `${name}: ${own.length}`,
    isOpen: own.length <= 10,
    head: ['| who | field | before | after | why |', '|---|---|---|---|---|'],
    rows: own.map((one) => {
      const { person, attribute, before, after } = one.change;
      return `| ${code(person)} | ${code(attribute)} | ${before === undefined ? '' : code(showValue(before))} | ${after === undefined ? '' : code(showValue(after))} | ${why(one)} |`;
    }),
  };
}

const why = ({ change, isConditional }: MadeChange): string =>
  `${isConditional ? `**${onceMerged}** ` : ''}${code(reasonText(change))}`;

function what(change: Change): string {
  const { attribute, before, after } = change;
  return `${classLabel(change)} ${code(attribute)} ${code(`${showValue(before)} → ${showValue(after)}`)}`;
}

function sectionText({ title, isOpen, head, rows }: Section, room: number): string {
  const open = `<details${isOpen ? ' open' : ''}><summary>${title}</summary>\n\n${head.join('\n')}\n`;
  const close = '\n</details>\n\n';
  const fits = takeWhileFitting(rows, room - open.length - close.length - 80);
  const folded = rows.length - fits.length;
  const note = folded === 0 ? '' : `\n… and ${folded} more of ${rows.length}, left out to fit a comment\n`;
  return `${open}${fits.map((row) => `${row}\n`).join('')}${note}${close}`;
}

function takeWhileFitting(rows: readonly string[], room: number): readonly string[] {
  let used = 0;
  const fits: string[] = [];
  for (const row of rows) {
    used += row.length + 1;
    if (used > room) break;
    fits.push(row);
  }
  return fits;
}
