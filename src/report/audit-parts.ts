/** What the formats of an audit have in common. */
import { severities } from '../model/audit-rules.ts';
import type { AppliedRule, AuditReport, Control, Finding, ReadStatement } from '../model/generated/audit-report.ts';
import { groupBy } from '../model/group-by.ts';
import { count } from './values.ts';

/** Those that no waiver accepts. */
export const openFindings = ({ findings }: AuditReport): readonly Finding[] =>
  findings.filter(({ waived }) => waived === undefined);

/** Such as `SOC 2 CC6.1`. */
export const controlName = ({ framework, id }: Control): string => `${framework} ${id}`;

/** The row of a finding's rule. */
export function rulesByName({ rules }: AuditReport): ReadonlyMap<string, AppliedRule> {
  return new Map(rules.map((row) => [row.rule, row]));
}

export interface ControlCount {
  readonly control: Control;
  /** Open findings of its rules; one finding may count for several controls. */
  readonly found: number;
  /** Those of its rules that looked, and those that could not or are off. */
  readonly checkedBy: readonly AppliedRule[];
  readonly uncheckedBy: readonly AppliedRule[];
}

/** Each control that a rule serves, also those without findings: that nothing was found is what they ask for. */
export function controlCounts(report: AuditReport): readonly ControlCount[] {
  const found = groupBy(openFindings(report), ({ rule }) => rule);
  const pairs = report.rules.flatMap((row) => row.controls.map((control) => ({ control, row })));
  return [...groupBy(pairs, ({ control }) => controlName(control))]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([, served]) => {
      const [first] = served;
      if (first === undefined) return [];
      const rows = served.map(({ row }) => row);
      return [
        {
          control: first.control,
          found: rows.reduce((sum, { rule }) => sum + (found.get(rule)?.length ?? 0), 0),
          checkedBy: rows.filter(hasLooked),
          uncheckedBy: rows.filter((row) => !hasLooked(row)),
        },
      ];
    });
}

export const hasLooked = ({ on, unread }: AppliedRule): boolean => on && unread === undefined;

/** Such as `2026-11-28 19:22:57 UTC`. */
export const utcText = (iso: string): string => iso.replace(/^(\S{10})T(\d\d:\d\d:\d\d)(\.\d+)?Z$/, '$1 $2 UTC');

/** Such as `20 accounts (the server counted 20 before, 20 after)`. */
export function readText({ what, found, before, after, missing }: ReadStatement): string {
  if (missing !== undefined) return `${what} not read: ${missing}`;
  const counted =
    before === undefined || after === undefined ? '' : ` (the server counted ${before} before, ${after} after)`;
  return `${found} ${what}${counted}`;
}

/** Such as `3 findings: 1 critical, 2 low; 1 more waived`. */
export function findingsText({ summary: { findings, waived } }: AuditReport): string {
  const counts = severities.filter((one) => findings[one] > 0).map((one) => `${findings[one]} ${one}`);
  const total = severities.reduce((sum, one) => sum + findings[one], 0);
  const head = total === 0 ? 'no findings' : `${count(total, 'finding')}: ${counts.join(', ')}`;
  return waived === 0 ? head : `${head}; ${waived} more waived`;
}

/** Where an entry of a users file is. */
export const placeText = ({ at }: Finding): string => (at === undefined ? '' : `${at.file}:${at.line}`);

/** What showed it, read by read. */
export function evidenceText({ evidence }: Finding): string {
  return [...groupBy(evidence, ({ read }) => read)]
    .map(([read, facts]) => `${read}: ${facts.map(({ fact }) => fact).join(', ')}`)
    .join('; ');
}
