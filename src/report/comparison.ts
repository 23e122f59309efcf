/** How the settings of a pull request differ from those of its base: what a reviewer reads first. */
import { fromTo } from '../model/from-to.ts';
import type { Plan, SettingDifference, SettingsComparison } from '../model/plan.ts';
import { alignColumns, type Cell } from './columns.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';
import { count, showSetting, wordFor } from './values.ts';

/** In one sentence; nothing where a plan is not made from files. */
export function comparisonSummary(compared: SettingsComparison | undefined): string {
  if (compared === undefined) return '';
  const base = baseName(compared);
  switch (compared.status) {
    case 'not-compared':
      return 'Not compared: no --base says which policy, sinks and approvals counted before';
    case 'same':
      return `Compared with ${base}: policy, sinks, sources and approvals are the same`;
    case 'different': {
      const lead =
        compared.has_config === false ? `${base} has no muster.yaml, so everything is new` : `Differs from ${base}`;
      return `${lead}: ${differenceCounts(compared)}`;
    }
  }
}

/** Such as `2 differences of policy, sinks, sources or approvals, 1 of entries that no action shows`. */
export function differenceCounts({ differences }: Pick<SettingsComparison, 'differences'>): string {
  const ofEntries = differences.filter(isOfEntry).length;
  const ofSettings = differences.length - ofEntries;
  const settings = `${count(ofSettings, 'difference')} of policy, sinks, sources or approvals`;
  const entries = `${ofSettings === 0 ? count(ofEntries, 'difference') : ofEntries} of entries that no action shows`;
  return [...(ofSettings > 0 || ofEntries === 0 ? [settings] : []), ...(ofEntries > 0 ? [entries] : [])].join(', ');
}

export const isOfEntry = ({ person, people }: SettingDifference): boolean =>
  person !== undefined || people !== undefined;

/** What differs: a setting, or a field of a person's entry. */
export function differenceName({ person, people, field }: SettingDifference): string {
  if (people !== undefined) return `${count(people.length, 'person', 'people')}: ${field}`;
  return person === undefined ? field : `${person}: ${field}`;
}

/** Such as `origin/main (3f0c1d2e)`. */
export function baseName({ base = 'the base', commit }: SettingsComparison): string {
  return `${printable(base)}${commit === undefined ? '' : ` (${commit.slice(0, 8)})`}`;
}

/** The summary, and a line for each difference. */
export function comparisonLines(
  compared: SettingsComparison | undefined,
  paint: Paint,
  width?: number,
): readonly string[] {
  if (compared === undefined) return [];
  const tone = compared.status === 'same' ? 'dim' : 'yellow';
  const rows = compared.differences.map((difference): readonly Cell[] => [
    { text: printable(differenceName(difference)) },
    { text: differenceText(difference), paint: (text) => paint('yellow', text) },
    { text: placeOf(difference), paint: (text) => paint('dim', text) },
  ]);
  return [paint(tone, comparisonSummary(compared)), ...alignColumns(rows, '  ', 48, width)];
}

/** `before → after`. */
export function differenceText({ before, after }: SettingDifference): string {
  return fromTo(showSetting(before), showSetting(after));
}

export function placeOf({ file, line }: SettingDifference): string {
  return file === undefined ? '' : `${printable(file)}:${line ?? 1}`;
}

/** Loud, since the exit code does not say it; nothing where every action passes by itself. */
export function conditionalSummary({ actions, compared }: Plan): string {
  const number = actions.filter(({ conditional }) => conditional === true).length;
  if (number === 0) return '';
  const base = compared === undefined ? 'the base' : baseName(compared);
  return `${count(number, 'action')} only once merged: ${wordFor(number, 'it passes', 'they pass')} by an approval that is not in ${base} yet`;
}

export const onceMerged = 'once merged';
