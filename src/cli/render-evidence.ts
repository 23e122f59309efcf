import type { EvidencePrinters } from '../model/evidence.ts';
import { evidenceReadme } from '../report/evidence-text.ts';
import { jsonText } from '../report/json-text.ts';
import { plain } from '../report/paint.ts';
import type { AuditFormat } from './options.ts';
import { renderAudit } from './render-audit.ts';
import { renderPlan } from './render-plan.ts';

/** The report in the forms that a pack has. */
const reportFormats: readonly AuditFormat[] = ['json', 'html', 'csv'];

/** The texts of an evidence pack. */
export const evidencePrinters: EvidencePrinters = {
  report: (report) =>
    new Map(
      reportFormats.map((format) => [`report/audit.${format}`, renderAudit(report, format, false, plain)] as const),
    ),
  plan: (plan) => renderPlan(plan, 'text', false, plain),
  json: jsonText,
  readme: evidenceReadme,
};
