import type { AuditReport, Severity } from '../model/generated/audit-report.ts';
import { command, maxOfLevel } from './annotations.ts';
import { findingsText, openFindings, rulesByName } from './audit-parts.ts';

const kinds: Readonly<Record<Severity, Parameters<typeof command>[0]>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'notice',
  info: 'notice',
};

/** The most serious findings as annotations of a GitHub workflow, at their lines where they have one, and the total. */
export function auditAnnotations(report: AuditReport): string {
  const rules = rulesByName(report);
  const open = openFindings(report);
  // Two lines of ours follow, which must not be the ones that GitHub leaves out.
  const shown = open.slice(0, maxOfLevel - 2).map(({ severity, rule, person, text, advice, at }) => {
    const place = at === undefined ? {} : { file: at.file, line: String(at.line), col: String(at.column) };
    const title = `${severity}: ${rules.get(rule)?.title ?? rule}`;
    return command(kinds[severity], { ...place, title }, `${person ?? 'the server'}: ${text} (${advice})`);
  });
  const more = open.length - shown.length;
  if (more > 0) shown.push(command('notice', { title: 'muster audit' }, `and ${more} more: muster audit shows them`));
  return `${shown.join('')}${command('notice', { title: 'muster audit' }, findingsText(report))}`;
}
