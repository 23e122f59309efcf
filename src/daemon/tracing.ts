/**
 * Spans of cycles, for an SDK of OpenTelemetry that is loaded before muster; without one they cost nothing. They hold codes and
 * counts, and no name of a person.
 */
import { type Attributes, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { MusterError } from '../model/muster-error.ts';
import type { RunEvent } from '../model/run-event.ts';

/** Asked for each time: an SDK may be there only by then. */
const tracer = (): Tracer => trace.getTracer('mattermuster');

/** @param work - gets the span, to say how it ended */
export function inSpan<Result>(
  name: 'cycle' | 'pull' | 'load' | 'plan' | 'apply',
  attributes: Attributes,
  work: (span: Span) => Promise<Result>,
): Promise<Result> {
  return tracer().startActiveSpan(`muster.${name}`, { attributes }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      fail(span, error instanceof MusterError ? error.code : 'UNEXPECTED');
      throw error;
    } finally {
      span.end();
    }
  });
}

export function fail(span: Span, code: string): void {
  span.setAttribute('error.type', code);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** One request that has ended just now. */
export function traceRequest(event: Extract<RunEvent, { readonly type: 'request' }>, nowMs: number): void {
  const { method, template, result, attempt, ms } = event;
  const span = tracer().startSpan('muster.request', {
    kind: SpanKind.CLIENT,
    startTime: nowMs - ms,
    attributes: { 'http.request.method': method, 'url.template': template, 'http.request.resend_count': attempt - 1 },
  });
  if ('status' in result) span.setAttribute('http.response.status_code', result.status);
  else fail(span, result.code);
  span.end(nowMs);
}
