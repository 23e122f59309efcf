import { toolVersion } from '../app/version.ts';
import type { MakePage } from '../daemon/served-loop.ts';
import { statusHtml, statusPolicy } from '../report/status-html/page.ts';
import type { ReconcileFlags } from './options.ts';

/** How it stands, for browsers. */
export function statusPageOf({ redact = false }: ReconcileFlags): MakePage {
  const tool = `muster ${toolVersion()}`;
  return (servers, nowMs) => ({ html: statusHtml({ servers, nowMs, redact, tool }), policy: statusPolicy });
}
