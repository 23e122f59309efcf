/** What does not happen, and why: a block for each reason, with everyone it concerns. */
import type { Change, HeldChange, Plan } from '../model/plan.ts';
import { classLabel } from './admin-marks.ts';
import { approvalAbout, approvalYaml } from './approval-yaml.ts';
import type { ChangeGroup } from './change-groups.ts';
import { reasonText, showDifference } from './change-text.ts';
import { alignColumns } from './columns.ts';
import { heading } from './heading.ts';
import type { Paint } from './paint.ts';
import { alikeLines, peopleOf, sameLines } from './people-text.ts';
import { printable } from './printable.ts';
import { count } from './values.ts';
import { blockedGroups, heldGroups, type Verdict } from './verdict-groups.ts';
import { hintLines, type Layout, wrapped } from './wrap.ts';

export function heldText(items: readonly HeldChange[], paint: Paint, layout: Layout): string {
  if (items.length === 0) return '';
  const lines = heldGroups(items).flatMap((group) => verdictLines(group, group.items[0].code, paint, layout));
  const about = 'real differences that muster will not or cannot write';
  return [heading(`Held: ${items.length}`, about, 'yellow', paint, layout), ...lines].join('\n');
}

export function blockedText(plan: Plan, paint: Paint, layout: Layout): string {
  const { blocked: items } = plan;
  if (items.length === 0) return '';
  const lines = blockedGroups(items).flatMap((group) => verdictLines(group, group.items[0].rail, paint, layout));
  const yaml = approvalYaml(plan);
  return [
    heading(`Blocked: ${items.length}`, 'changes that a rail stopped: exit code 4', 'red', paint, layout),
    ...lines,
    // From the first column on, so that it can be pasted as it is.
    ...(yaml.length === 0 ? [] : ['', ...wrapped(approvalAbout, '  ', layout), '', ...yaml]),
  ].join('\n');
}

function verdictLines(
  { kind, items }: ChangeGroup<Verdict>,
  code: string,
  paint: Paint,
  layout: Layout,
): readonly string[] {
  const [{ change: first, reason, hint }] = items;
  const changes = items.map(({ change }) => change);
  return [
    ...(changes.length === 1 ? oneLine(first, paint, layout) : manyLines(kind, first, changes, paint, layout)),
    ...wrapped(`${printable(reason)} (${printable(code)})`, '      ', layout),
    ...hintLines(printable(hint), layout, (line) => paint('cyan', line)),
  ];
}

function oneLine(change: Change, paint: Paint, { width }: Layout): readonly string[] {
  const row = [
    { text: printable(change.person) },
    { text: classLabel(change) },
    { text: printable(change.attribute) },
    { text: showDifference(change) },
    { text: reasonText(change), paint: (text: string) => paint('cyan', text) },
  ];
  return alignColumns([row], '  ', 0, width);
}

function manyLines(
  kind: ChangeGroup<Verdict>['kind'],
  first: Change,
  changes: readonly Change[],
  paint: Paint,
  layout: Layout,
): readonly string[] {
  const isSame = kind === 'same';
  const title = [
    classLabel(first),
    printable(first.attribute),
    ...(isSame ? [showDifference(first)] : []),
    paint('bold', count(peopleOf(changes).length, 'person', 'people')),
  ].join('  ');
  const lines = isSame ? sameLines : alikeLines;
  return [`  ${title}`, ...lines(changes, '    ', paint, layout)];
}
