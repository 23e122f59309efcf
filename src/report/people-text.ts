/** What happens to whom: person by person, and many people at once where the same, or the like, happens to them. */

import { rowOf } from '../model/change-classes.ts';
import type { Change, Plan } from '../model/plan.ts';
import { actionsByPerson, classLabel, type MadeChange, madeChanges } from './admin-marks.ts';
import { type ChangeGroup, groupChanges, isHarmless } from './change-groups.ts';
import {
  colourOf,
  isLong,
  longText,
  placesText,
  reasonText,
  restOfNew,
  ruleText,
  showDifference,
} from './change-text.ts';
import { alignColumns, type Cell } from './columns.ts';
import { onceMerged } from './comparison.ts';
import { nameList } from './names.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';
import { count } from './values.ts';
import { type Layout, wrapped } from './wrap.ts';

/** So many people with the same change are a group. */
const manyPeople = 5;
/** More rows of changes that do not affect access are counted after the first ones. */
const maxRows = 20;
const shownRows = 10;

/** What concerns administration, and what takes several lines, is shown on its own. */
const isOwn = ({ change }: MadeChange): boolean => change.concerns_admin !== undefined || isLong(change);

/** A block for each person, administrators first, and one for each group. */
export function peopleText(plan: Plan, paint: Paint, layout: Layout): readonly string[] {
  const changes = madeChanges(plan);
  const { groups } = groupChanges(layout.isVerbose ? [] : changes.filter((one) => !isOwn(one)), {
    changeOf: ({ change }) => change,
    alsoBy: ({ isConditional }) => isConditional,
    atLeast: manyPeople,
  });
  const gravestFirst = groups.toSorted((a, b) => rowOf(a.items[0].change).risk - rowOf(b.items[0].change).risk);
  const grouped = new Set(groups.flatMap(({ items }) => items.map(({ change }) => change)));
  return [...persons(plan, grouped, paint, layout), ...gravestFirst.map((group) => groupText(group, paint, layout))];
}

function persons(plan: Plan, grouped: ReadonlySet<Change>, paint: Paint, { width }: Layout): readonly string[] {
  const people = actionsByPerson(plan).map(([person, actions]) => {
    const all = madeChanges({ actions });
    return { person, all, own: all.filter(({ change }) => !grouped.has(change)) };
  });
  // Aligned over the whole plan, so that the eye can run down one column.
  const rows = people.flatMap(({ own }) => own.map((one) => changeRow(one, paint)));
  const lines = alignColumns(rows, '    ', 48, width);
  let next = 0;
  return people
    .filter(({ own }) => own.length > 0)
    .map(({ person, all, own }) => {
      const block = own.flatMap(({ change }) => [
        lines[next++] ?? '',
        ...[restOfNew(change)].filter((rest) => rest !== '').map((rest) => paint('dim', `        ${rest}`)),
        ...longText(change, paint),
      ]);
      const others = all.length - own.length;
      const more = others === 0 ? '' : paint('dim', `  and ${count(others, 'change')} among many below`);
      const changes = all.map(({ change }) => change);
      return [`${personLine(person, changes, paint)}${more}`, ...block].join('\n');
    });
}

function personLine(person: string, changes: readonly Change[], paint: Paint): string {
  const has = (changeClass: Change['class']): boolean => changes.some((change) => change.class === changeClass);
  if (has('create')) return paint('green', `+ ${printable(person)}`);
  if (has('deactivate')) return paint('red', `- ${printable(person)}`);
  return paint(has('activate') ? 'green' : 'yellow', `~ ${printable(person)}`);
}

function changeRow({ change, isConditional }: MadeChange, paint: Paint): readonly Cell[] {
  const colour = colourOf[rowOf(change).tone];
  return [
    { text: classLabel(change), paint: (text) => paint(colour, text) },
    { text: printable(change.attribute) },
    { text: isLong(change) ? '(several lines, below)' : showDifference(change) },
    { text: `${isConditional ? `(${onceMerged})  ` : ''}${reasonText(change)}`, paint: (text) => paint('cyan', text) },
  ];
}

const signs = { create: '+', deactivate: '-' } as const;
const isSigned = (name: string): name is keyof typeof signs => Object.hasOwn(signs, name);

function groupText({ kind, items }: ChangeGroup<MadeChange>, paint: Paint, layout: Layout): string {
  const [{ change: first, isConditional }] = items;
  const changes = items.map(({ change }) => change);
  const sign = isSigned(first.class) ? signs[first.class] : '~';
  const people = peopleOf(changes);
  const title = [
    paint(colourOf[rowOf(first).tone], `${sign} ${classLabel(first)}`),
    printable(first.attribute),
    ...(kind === 'same' ? [showDifference(first)] : []),
    paint('bold', count(people.length, 'person', 'people')),
    ...(isConditional ? [paint('yellow', `(${onceMerged})`)] : []),
  ].join('  ');
  return [
    title,
    ...(kind === 'same' ? sameLines(changes, '    ', paint, layout) : alikeLines(changes, '    ', paint, layout)),
  ].join('\n');
}

export const peopleOf = (changes: readonly Change[]): readonly string[] => [
  ...new Set(changes.map(({ person }) => person)),
];

/** Who they are, and where it is written. */
export function sameLines(changes: readonly Change[], indent: string, paint: Paint, layout: Layout): readonly string[] {
  const people = peopleOf(changes);
  const names = changes.every(isHarmless) && !layout.isVerbose ? nameList(people) : people.map(printable).join(', ');
  const [first] = changes;
  const why = [placesText(changes), first === undefined ? '' : ruleText(first)]
    .filter((part) => part !== '')
    .join('  ');
  return [
    ...wrapped(names, indent, layout),
    ...(why === '' ? [] : wrapped(why, indent, layout, (line) => paint('cyan', line))),
  ];
}

/** A line for each of them. */
export function alikeLines(
  changes: readonly Change[],
  indent: string,
  paint: Paint,
  layout: Layout,
): readonly string[] {
  const isShort = layout.isVerbose || changes.length <= maxRows || !changes.every(isHarmless);
  const shown = isShort ? changes : changes.slice(0, shownRows);
  const rows = shown.map((change): readonly Cell[] => [
    { text: printable(change.person) },
    { text: [showDifference(change), restOfNew(change)].filter((part) => part !== '').join(', ') },
    { text: reasonText(change), paint: (text) => paint('cyan', text) },
  ]);
  const more = changes.length - shown.length;
  return [
    ...alignColumns(rows, indent, 48, layout.width),
    ...(more === 0 ? [] : [`${indent}${paint('dim', `and ${more} more: --verbose shows them`)}`]),
  ];
}
