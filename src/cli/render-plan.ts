import type { Plan } from '../model/plan.ts';
import { planAnnotations } from '../report/annotations.ts';
import { jsonText } from '../report/json-text.ts';
import type { Paint } from '../report/paint.ts';
import { planDiff } from '../report/plan-diff.ts';
import { planHtml } from '../report/plan-html/page.ts';
import { planJunit } from '../report/plan-junit.ts';
import { planMarkdown } from '../report/plan-markdown.ts';
import { planSarif } from '../report/plan-sarif.ts';
import { planText } from '../report/plan-text.ts';
import { redactPlan } from '../report/redact-plan.ts';
import type { Layout } from '../report/wrap.ts';
import type { PlanFormat } from './options.ts';

/**
 * A plan in the form that was asked for, with names or without.
 *
 * @param layout - of the format text; by default no line is broken
 */
export function renderPlan(plan: Plan, format: PlanFormat, redact: boolean, paint: Paint, layout?: Layout): string {
  const shown = redact ? redactPlan(plan) : plan;
  switch (format) {
    case 'text':
      return planText(shown, paint, layout);
    case 'json':
      return jsonText(shown);
    case 'markdown':
      return planMarkdown(shown);
    case 'diff':
      return planDiff(shown, paint);
    case 'github':
      return planAnnotations(shown);
    case 'html':
      return planHtml(shown);
    case 'junit':
      return planJunit(shown);
    case 'sarif':
      return planSarif(shown);
  }
}
