import type { AuditReport } from '../model/generated/audit-report.ts';
import { auditAnnotations } from '../report/audit-annotations.ts';
import { auditCsv } from '../report/audit-csv.ts';
import { auditHtml } from '../report/audit-html/page.ts';
import { auditMarkdown } from '../report/audit-markdown.ts';
import { auditSarif } from '../report/audit-sarif.ts';
import { auditText } from '../report/audit-text.ts';
import { jsonText } from '../report/json-text.ts';
import type { Paint } from '../report/paint.ts';
import { redactAudit } from '../report/redact-audit.ts';
import type { AuditFormat } from './options.ts';

/** An audit in the form that was asked for, with names or without. */
export function renderAudit(report: AuditReport, format: AuditFormat, redact: boolean, paint: Paint): string {
  const shown = redact ? redactAudit(report) : report;
  switch (format) {
    case 'text':
      return auditText(shown, paint);
    case 'json':
      return jsonText(shown);
    case 'csv':
      return auditCsv(shown);
    case 'markdown':
      return auditMarkdown(shown);
    case 'sarif':
      return auditSarif(shown);
    case 'html':
      return auditHtml(shown);
    case 'github':
      return auditAnnotations(shown);
  }
}
