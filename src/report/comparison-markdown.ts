/** How settings differ from those of the base, in a comment of a pull request. */
import type { SettingsComparison } from '../model/plan.ts';
import { placeOf } from './comparison.ts';
import { code } from './markdown.ts';
import type { Section } from './markdown-sections.ts';
import { count, showValue } from './values.ts';

/** What changes of the rules themselves is read before what they let pass; the differences follow as the first section. */
export function comparisonMarkdown(compared: SettingsComparison | undefined): readonly string[] {
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

export function differencesSection(compared: SettingsComparison | undefined): Section {
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
