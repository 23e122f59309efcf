/** An audit for a spreadsheet: RFC 4180 in UTF-8, a row for each finding, waived ones too. */
import type { AuditReport, Finding } from '../model/generated/audit-report.ts';
import { controlName, evidenceText, readText, rulesByName } from './audit-parts.ts';
import { csvCell } from './csv-cell.ts';

/** What was read stands in each row: rows are copied into other sheets, and a finding is worth what it rests on. */
const columns = [
  'finding',
  'severity',
  'rule',
  'title',
  'person',
  'account',
  'thing',
  'text',
  'what_to_do',
  'evidence',
  'controls',
  'file',
  'line',
  'column',
  'waived_by',
  'waived_until',
  'waived_because',
  'server',
  'as_of',
  'read_by',
  'read_with',
  'read',
] as const;

type Row = Readonly<Record<(typeof columns)[number], string | number>>;

export function auditCsv(report: AuditReport): string {
  const rules = rulesByName(report);
  const { server, moment, run_by: by, tool, reads } = report.completeness;
  const proof = {
    server: server.url,
    as_of: moment,
    read_by: by.username,
    read_with: tool,
    read: reads.map(readText).join(', '),
  };
  const rows = report.findings.map((finding): Row => {
    const { title = '', controls = [] } = rules.get(finding.rule) ?? {};
    return { ...cellsOf(finding), title, controls: controls.map(controlName).join(', '), ...proof };
  });
  return [columns.join(','), ...rows.map((row) => columns.map((name) => csvCell(row[name])).join(','))]
    .map((line) => `${line}\r\n`)
    .join('');
}

function cellsOf(finding: Finding): Omit<Row, 'title' | 'controls' | 'server' | 'as_of' | `read${string}`> {
  const { id, rule, severity, person = '', account = '', thing = '', text, advice, at, waived } = finding;
  return {
    finding: id,
    severity,
    rule,
    person,
    account,
    thing,
    text,
    what_to_do: advice,
    evidence: evidenceText(finding),
    file: at?.file ?? '',
    line: at?.line ?? '',
    column: at?.column ?? '',
    waived_by: waived?.by ?? '',
    waived_until: waived?.expires ?? '',
    waived_because: waived?.reason ?? '',
  };
}
