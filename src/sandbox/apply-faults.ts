import type { FaultKind } from './faults.ts';
import { type Reply, text } from './reply.ts';

/** How a connection ends without an answer. */
export type Interruption = 'reset' | 'hang';

export const interruptionOf = (faults: readonly FaultKind[]): Interruption | undefined =>
  faults.some((fault) => fault.kind === 'reset-after-commit') ? 'reset' : undefined;

type ErrorFault = Extract<FaultKind, { kind: 'error' }>;

/** The page of a proxy, a JSON error, or nothing but a status. */
export function errorReply({ status, body = 'html', id, headers = {} }: Omit<ErrorFault, 'kind'>): Reply {
  if (body === 'empty') return text('', { status, headers });
  if (body === 'json') {
    const error = { id: id ?? 'sandbox.fault', message: 'A fault.', detailed_error: '', status_code: status };
    return text(JSON.stringify(error), { status, headers: { 'Content-Type': 'application/json', ...headers } });
  }
  const page = `<html><head><title>${status}</title></head><body><center><h1>${status}</h1></center></body></html>\n`;
  return text(page, { status, headers: { 'Content-Type': 'text/html', ...headers } });
}

/** What the faults make of a right answer. */
export function changedByFaults(reply: Reply, faults: readonly FaultKind[]): Reply {
  return faults.reduce(changedBy, reply);
}

function changedBy(reply: Reply, fault: FaultKind): Reply {
  switch (fault.kind) {
    case 'error':
      return errorReply(fault);
    case 'broken-json':
      return { ...reply, body: reply.body.subarray(0, Math.floor(reply.body.length * (fault.keep ?? 0.5))) };
    case 'wrong-type':
      return { ...reply, body: Buffer.from(JSON.stringify(fault.value ?? { unexpected: true })) };
    case 'short-page':
      return withRows(reply, (rows) => rows.slice(0, Math.max(0, rows.length - fault.drop)));
    case 'empty-page':
      return withRows(reply, () => []);
    case 'latency':
    case 'rate-limit':
    case 'reset-before-commit':
    case 'reset-after-commit':
    case 'hang':
    case 'late-commit':
    case 'truncated-body':
    case 'slow-body':
    case 'stale-read':
    case 'repeated-page':
      return reply;
    default:
      return unknownFault(fault);
  }
}

/** Lists alone; whatever else is answered stays as it is. */
function withRows(reply: Reply, change: (rows: readonly unknown[]) => readonly unknown[]): Reply {
  if (reply.body.length === 0 || reply.status !== 200) return reply;
  if (reply.headers['Content-Type'] === 'application/x-ndjson') {
    const lines = reply.body.toString('utf8').split('\n').slice(0, -1);
    return {
      ...reply,
      body: Buffer.from(
        change(lines)
          .map((line) => `${String(line)}\n`)
          .join(''),
      ),
    };
  }
  const rows: unknown = JSON.parse(reply.body.toString('utf8'));
  return Array.isArray(rows) ? { ...reply, body: Buffer.from(JSON.stringify(change(rows))) } : reply;
}

function unknownFault(fault: never): never {
  throw new TypeError(`unknown fault: ${JSON.stringify(fault)}`);
}
