/** Spans as an SDK sees them that was loaded before muster. */
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { reconcileOnce } from '../../src/daemon/loop.ts';
import { isLong } from '../support/suite.ts';
import { hour, type Loops, startLoops } from './support/world.ts';

const exporter = new InMemorySpanExporter();
let loops: Loops;

beforeEach(async () => {
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  loops = await startLoops({
    'muster.yaml': 'version: 1\nreconcile: { mode: enforce, every: 15m, jitter: 0s }\n',
    'users.yaml': 'version: 1\nusers:\n  - { username: ada.lovelace, email: ada.lovelace@example.com }\n',
  });
});
afterEach(async () => {
  trace.disable();
  context.disable();
  await loops.close();
});

/** One cycle, and its spans. */
async function spansOfCycle(): Promise<readonly ReadableSpan[]> {
  exporter.reset();
  loops.clock.nowMs += hour;
  await reconcileOnce({}, loops.ports);
  return exporter.getFinishedSpans();
}

const named = (spans: readonly ReadableSpan[], name: string): readonly ReadableSpan[] =>
  spans.filter((span) => span.name === `muster.${name}`);

test('a cycle is one trace: load, plan and apply within it, and each request in its step', async () => {
  const spans = await spansOfCycle();

  const [cycle] = named(spans, 'cycle');
  const steps = ['pull', 'load', 'plan', 'apply'].flatMap((name) => named(spans, name));
  const requests = named(spans, 'request');
  expect(steps.map(({ name }) => name)).toEqual(['muster.pull', 'muster.load', 'muster.plan', 'muster.apply']);
  expect(new Set(spans.map((span) => span.spanContext().traceId)).size).toBe(1);
  for (const step of steps) expect(step.parentSpanContext?.spanId).toBe(cycle?.spanContext().spanId);
  expect(cycle?.attributes).toMatchObject({ 'muster.outcome': 'looked', 'muster.mode': 'enforce', 'muster.left': 0 });
  expect(requests.length).toBeGreaterThan(5);
  expect(requests.some(({ attributes }) => attributes['http.request.method'] === 'POST')).toBe(true);
  const ids = new Set(spans.map((span) => span.spanContext().spanId));
  expect(requests.filter((span) => !ids.has(span.parentSpanContext?.spanId ?? ''))).toEqual([]);
});

test.runIf(isLong)('spans name no person and hold no token', async () => {
  await loops.write({
    'users.yaml':
      'version: 1\nusers:\n  - { username: ada.lovelace, email: ada.lovelace@example.com, nickname: Countess }\n',
  });

  const spans = await spansOfCycle();

  const text = JSON.stringify(spans.map(({ name, attributes, events, status }) => [name, attributes, events, status]));
  expect(spans.length).toBeGreaterThan(5);
  expect(text).not.toMatch(/lovelace|countess/i);
  expect(text).not.toContain(loops.sandbox.adminToken);
});

test('a cycle that fails says by which code', async () => {
  await loops.write({ 'users.yaml': 'version: 1\nusers: [{ usrname: ada.lovelace }]\n' });

  const spans = await spansOfCycle();

  expect(named(spans, 'cycle')[0]).toMatchObject({
    attributes: { 'muster.outcome': 'failed', 'error.type': 'INPUT_REFUSED' },
    status: { code: 2 },
  });
  expect(named(spans, 'load')[0]?.attributes).toMatchObject({ 'error.type': 'INPUT_REFUSED' });
  expect(named(spans, 'plan')).toEqual([]);
});
