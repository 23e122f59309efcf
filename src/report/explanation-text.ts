import type { Change, PlanValue } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import { classLabel } from './admin-marks.ts';
import { alignColumns, type Cell } from './columns.ts';
import type { Paint } from './paint.ts';
import { reasonText, showDifference } from './plan-text.ts';
import { printable } from './printable.ts';
import { problemsText } from './problems-text.ts';
import { showValue } from './values.ts';

interface Place {
  readonly file: string;
  readonly line: number;
  readonly from: 'entry' | 'defaults';
}

interface Verdict {
  readonly change: Change;
  readonly reason: string;
  readonly hint: string;
}

/** What `explain` found out about one person. */
export interface ExplanationLines {
  readonly username: string;
  readonly entry: Place;
  readonly account?: {
    readonly id: string;
    readonly username: string;
    readonly active: boolean;
    readonly by: readonly string[];
  };
  readonly managed: ReadonlyArray<{ readonly name: string; readonly wanted: PlanValue; readonly origin: Place }>;
  readonly unmanaged: readonly string[];
  readonly problems: readonly Problem[];
  readonly changes: readonly Change[];
  readonly held: ReadonlyArray<Verdict & { readonly code: string }>;
  readonly blocked: ReadonlyArray<Verdict & { readonly rail: string }>;
  readonly scheduled: ReadonlyArray<{ readonly change: Change; readonly due: string }>;
  readonly notices: ReadonlyArray<{ readonly text: string; readonly hint?: string }>;
}

/** One person from the entry to what happens, for whoever asks why. */
export function explanationText(explanation: ExplanationLines, paint: Paint): string {
  const { username, entry, unmanaged, problems } = explanation;
  const sections = [
    `${paint('bold', printable(username))}  ${paint('dim', `${printable(entry.file)}:${entry.line}`)}\n${accountLine(explanation)}`,
    managedLines(explanation, paint),
    `${paint('bold', 'Not managed')}  ${unmanaged.length === 0 ? 'nothing: every field is named' : `left as they are: ${unmanaged.join(', ')}`}`,
    ...(problems.length > 0
      ? [`${paint('bold', 'No plan')}  for anybody, before this is mended:\n${problemsText(problems, paint).trimEnd()}`]
      : outcomeLines(explanation, paint)),
  ];
  return `${sections.join('\n\n')}\n`;
}

function accountLine({ account, problems }: ExplanationLines): string {
  if (account !== undefined) {
    const { id, username, active, by } = account;
    return `means the account ${printable(username)} (id ${printable(id)}, ${active ? 'active' : 'inactive'}), found by ${by.join(', ')}`;
  }
  return problems.length > 0
    ? 'means no account for certain'
    : 'means nobody on the server yet: no account has the username, a former one, the auth data or the e-mail';
}

function managedLines({ managed }: ExplanationLines, paint: Paint): string {
  const rows = managed.map(({ name, wanted, origin }): readonly Cell[] => [
    { text: printable(name) },
    { text: showValue(wanted) },
    {
      text: `${printable(origin.file)}:${origin.line}${origin.from === 'defaults' ? '  from defaults' : ''}`,
      paint: (text) => paint('dim', text),
    },
  ]);
  return [paint('bold', 'Managed'), ...alignColumns(rows, '  ', 48)].join('\n');
}

function outcomeLines(
  { changes, held, blocked, scheduled, notices }: ExplanationLines,
  paint: Paint,
): readonly string[] {
  const isQuiet = changes.length + held.length + blocked.length + scheduled.length === 0;
  const verdicts = (title: string, about: string, items: ReadonlyArray<Verdict & { readonly by: string }>): string =>
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
    isQuiet ? `${paint('bold', 'As wanted')}  nothing would change` : '',
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
