/** How settings differ from those of the base, in a comment of a pull request. */
import type { PlanValue, SettingDifference, SettingsComparison } from '../model/plan.ts';
import { differenceCounts, differenceName, placeOf } from './comparison.ts';
import { code, differing, isLong, value } from './markdown.ts';
import type { Section } from './markdown-sections.ts';
import { showSetting } from './values.ts';

/** What changes of the rules themselves is read before what they let pass; the differences follow as the first section. */
export function comparisonMarkdown(compared: SettingsComparison | undefined): readonly string[] {
  if (compared === undefined) return [];
  const { status, base, commit, has_config: hasConfig } = compared;
  const named = `${code(base ?? '')}${commit === undefined ? '' : ` (${code(commit.slice(0, 8))})`}`;
  const texts: Readonly<Record<typeof status, string>> = {
    'not-compared': `**Not compared**: no ${code('--base')} says which policy, sinks and approvals counted before`,
    same: `Compared with ${named}: policy, sinks, sources and approvals are the same`,
    different: `**${hasConfig === false ? 'Everything is new' : 'Differs'}** from ${named}: ${differenceCounts(compared)}`,
  };
  return ['', texts[status]];
}

export function differencesSection(compared: SettingsComparison | undefined): Section {
  const differences = compared?.differences ?? [];
  return {
    title: `Differences from the base: ${differences.length}`,
    isOpen: true,
    head: ['| field | before | after | where |', '|---|---|---|---|'],
    rows: differences.map((one) => {
      const values = valuesOf(one).map(value);
      return `| ${code(differenceName(one))} | ${values.join(' | ')} | ${code(placeOf(one))} |`;
    }),
  };
}

/** Of long lists what one has and the other has not: what was taken out of the middle is seen, too. */
function valuesOf({ before, after }: SettingDifference): readonly [before: string, after: string] {
  const [old, now] = [showSetting(before), showSetting(after)];
  const areLists = isList(before) && isList(after);
  if (!areLists || !(isLong(old) || isLong(now))) return differing(old, now);
  const [gone, come] = [without(before, after), without(after, before)];
  return gone.length + come.length === 0 ? differing(old, now) : [partOf(gone), partOf(come)];
}

const isList = (setting: PlanValue | undefined): setting is readonly string[] => Array.isArray(setting);

const without = (list: readonly string[], other: readonly string[]): readonly string[] =>
  list.filter((one) => !other.includes(one)).map(showSetting);

const partOf = (items: readonly string[]): string => `[…${items.map((one) => `, ${one}`).join('')}]`;
