import type { AccessReport } from '../model/generated/access-report.ts';
import type { ChainReport } from '../model/generated/chain-report.ts';
import { accessCsv } from '../report/access-csv.ts';
import { accessMarkdown } from '../report/access-markdown.ts';
import { accessText } from '../report/access-text.ts';
import { chainCsv } from '../report/chain-csv.ts';
import { chainMarkdown } from '../report/chain-markdown.ts';
import { chainText } from '../report/chain-text.ts';
import { jsonText } from '../report/json-text.ts';
import type { Paint } from '../report/paint.ts';
import type { PersonFormat } from './options.ts';

/** Chains of people in the form that was asked for. */
export function renderChain(report: ChainReport, format: PersonFormat, paint: Paint): string {
  switch (format) {
    case 'text':
      return chainText(report, paint);
    case 'json':
      return jsonText(report);
    case 'csv':
      return chainCsv(report);
    case 'markdown':
      return chainMarkdown(report);
  }
}

/** Access in the form that was asked for. */
export function renderAccess(report: AccessReport, format: PersonFormat, paint: Paint): string {
  switch (format) {
    case 'text':
      return accessText(report, paint);
    case 'json':
      return jsonText(report);
    case 'csv':
      return accessCsv(report);
    case 'markdown':
      return accessMarkdown(report);
  }
}
