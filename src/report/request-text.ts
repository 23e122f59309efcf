import type { RunEvent } from '../model/run-event.ts';
import { printable } from './printable.ts';

/** Of requests: none is shown, each is, or each without the names and ids in it. */
export type ShownRequests = 'none' | 'each' | 'without names';

/** One request in a line: `GET /api/v4/users?page=0 → 200 (12 ms, attempt 1)`. */
export function requestText(
  { method, path, template, result, attempt, ms }: Extract<RunEvent, { readonly type: 'request' }>,
  shown: Exclude<ShownRequests, 'none'>,
): string {
  const place = shown === 'each' ? path : template;
  const came = 'status' in result ? result.status : `no answer, ${result.code}`;
  return printable(`${method} ${place} → ${came} (${Math.round(ms)} ms, attempt ${attempt})`);
}
