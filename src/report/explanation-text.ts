import { shownOrigin } from '../model/bundles.ts';
import type { Origin } from '../model/desired-state.ts';
import type { ExplainedAccount, Explanation } from '../model/explanation.ts';
import type { Change, HeldChange } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import { classLabel } from './admin-marks.ts';
import { reasonText, showDifference } from './change-text.ts';
import { alignColumns, type Cell } from './columns.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';
import { problemsText } from './problems-text.ts';
import { showValue } from './values.ts';

/** A change that is not made, and what says so. */
interface Verdict extends Pick<HeldChange, 'change' | 'reason' | 'hint'> {
  readonly by: string;
}

/** One person from the entry to what happens, for a user who asks why. */
export function explanationText(explanation: Explanation, paint: Paint): string {
  const { username, entry, account, unmanaged, problems } = explanation;
  if (entry === undefined && account !== undefined) return undeclaredText(account, problems, paint);
  const place = entry === undefined ? '' : `  ${paint('dim', `${printable(entry.file)}:${entry.line}`)}`;
  const sections = [
    `${paint('bold', printable(username))}${place}\n${accountLine(explanation)}`,
    managedLines(explanation, paint),
    `${paint('bold', 'Not managed')}  ${unmanaged.length === 0 ? 'nothing: every field is named' : `left as they are: ${unmanaged.join(', ')}`}`,
    ...(problems.length > 0 ? [noPlanText(problems, paint)] : outcomeLines(explanation, paint)),
  ];
  return `${sections.join('\n\n')}\n`;
}

function accountLine({ account, problems }: Explanation): string {
  if (account !== undefined) {
    const { username, by } = account;
    return `means the account ${printable(username)} (${factsOf(account)}), found by ${by.join(', ')}`;
  }
  return problems.length > 0
    ? 'means no account for certain'
    : 'means no account on the server yet: none has the username, a previous one, the auth data or the e-mail';
}

const factsOf = ({ id, email, active, last_seen: lastSeen }: ExplainedAccount): string =>
  [
    `id ${printable(id)}`,
    active ? 'active' : 'inactive',
    ...(email === '' ? [] : [printable(email)]),
    ...(lastSeen === undefined ? [] : [`last seen ${lastSeen.slice(0, 10)}`]),
  ].join(', ');

/** Why muster would not manage an account, whatever entry stood for it. */
const beyondText: Readonly<Record<NonNullable<ExplainedAccount['beyond']>, string>> = {
  bot: 'a bot: muster manages people',
  remote: 'belongs to another server: muster does not manage it',
  protected: 'policy.protect names it: muster never changes it',
};

function undeclaredText(account: ExplainedAccount, problems: readonly Problem[], paint: Paint): string {
  const { username, beyond } = account;
  const advice =
    beyond === undefined
      ? `muster import --user ${printable(username)} prints an entry to adopt it`
      : beyondText[beyond];
  const sections = [
    `${paint('bold', printable(username))}\nan account of the server (${factsOf(account)})`,
    `${paint('bold', 'Not declared')}  no entry stands for it, and muster leaves it as it is\n  ${paint('cyan', `→ ${advice}`)}`,
    ...(problems.length === 0 ? [] : [noPlanText(problems, paint)]),
  ];
  return `${sections.join('\n\n')}\n`;
}

const noPlanText = (problems: readonly Problem[], paint: Paint): string =>
  `${paint('bold', 'Left alone')}  before this is fixed:\n${problemsText(problems, paint).trimEnd()}`;

/** What beside the entry says so. */
function originText({ from, bundles = [] }: Origin): string {
  if (from === 'defaults') return '  from defaults';
  return bundles.map((one) => `  ${printable(shownOrigin(one))}`).join('');
}

function managedLines({ managed }: Explanation, paint: Paint): string {
  const rows = managed.map(({ name, wanted, origin }): readonly Cell[] => [
    { text: printable(name) },
    { text: showValue(wanted) },
    {
      text: `${printable(origin.file)}:${origin.line}${originText(origin)}`,
      paint: (text) => paint('dim', text),
    },
  ]);
  return [paint('bold', 'Managed'), ...alignColumns(rows, '  ', 48)].join('\n');
}

function outcomeLines({ changes, held, blocked, scheduled, notices }: Explanation, paint: Paint): readonly string[] {
  const isQuiet = changes.length + held.length + blocked.length + scheduled.length === 0;
  const verdicts = (title: string, about: string, items: readonly Verdict[]): string =>
    items.length === 0
      ? ''
      : [
          `${paint('bold', title)}  ${paint('dim', about)}`,
          ...items.flatMap(({ change, reason, hint, by }) => [
            `  ${changeText(change)}`,
            `      ${printable(reason)} (${printable(by)})`,
            `      ${paint('cyan', `→ ${printable(hint)}`)}`,
          ]),
        ].join('\n');
  return [
    isQuiet ? `${paint('bold', 'Already matches')}  nothing would change` : '',
    changes.length === 0
      ? ''
      : [
          paint('bold', 'Would change'),
          ...alignColumns(
            changes.map((change) => changeCells(change, paint)),
            '  ',
            48,
          ),
        ].join('\n'),
    verdicts(
      'Held',
      'real differences that muster will not or cannot write',
      held.map((one) => ({ ...one, by: one.code })),
    ),
    verdicts(
      'Blocked',
      'changes that a rail stopped',
      blocked.map((one) => ({ ...one, by: one.rail })),
    ),
    scheduled.length === 0
      ? ''
      : [paint('bold', 'Scheduled'), ...scheduled.map(({ change, due }) => `  ${changeText(change)}  due ${due}`)].join(
          '\n',
        ),
    notices.length === 0
      ? ''
      : [
          paint('bold', 'Notices'),
          ...notices.map(
            ({ text, hint }) =>
              `  ${printable(text)}${hint === undefined ? '' : `\n      ${paint('cyan', `→ ${printable(hint)}`)}`}`,
          ),
        ].join('\n'),
  ].filter((section) => section !== '');
}

const changeCells = (change: Change, paint: Paint): readonly Cell[] => [
  { text: classLabel(change) },
  { text: printable(change.attribute) },
  { text: showDifference(change) },
  { text: reasonText(change), paint: (text) => paint('dim', text) },
];

const changeText = (change: Change): string =>
  `${classLabel(change)}  ${printable(change.attribute)}  ${showDifference(change)}`;
