/** What Prometheus reads. Gauges show what is known when they are read; counters count from the start of the process. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ReconcileState } from '../model/generated/reconcile-state.ts';
import type { ReconcileEvent } from '../model/reconcile-event.ts';
import { type Health, healthOf } from '../model/reconcile-health.ts';
import { type MetricName, metricRows } from './metric-rows.ts';

const healths: Readonly<Record<Health, true>> = {
  ok: true,
  paused: true,
  quarantined: true,
  failing: true,
  stale: true,
};

export interface MetricSources {
  /** Of each server of which something is known. */
  readonly states: () => readonly ReconcileState[];
  readonly now: () => number;
}

function descriptionOf(name: MetricName): { name: string; help: string; labelNames: string[] } {
  const { help, labels } = metricRows[name];
  return { name, help, labelNames: [...labels] };
}

export class Metrics {
  readonly #registry = new Registry();
  readonly #sources: MetricSources;
  readonly #cycles: Counter;
  readonly #actions: Counter;
  readonly #errors: Counter;
  readonly #waits: Counter;
  readonly #notices: Counter;
  readonly #duration: Histogram;

  constructor(sources: MetricSources) {
    this.#sources = sources;
    const registers = [this.#registry];
    this.#cycles = new Counter({ ...descriptionOf('muster_cycles_total'), registers });
    this.#actions = new Counter({ ...descriptionOf('muster_actions_total'), registers });
    this.#errors = new Counter({ ...descriptionOf('muster_errors_total'), registers });
    this.#waits = new Counter({ ...descriptionOf('muster_rate_limit_wait_seconds_total'), registers });
    this.#notices = new Counter({ ...descriptionOf('muster_notices_total'), registers });
    this.#duration = new Histogram({
      ...descriptionOf('muster_cycle_duration_seconds'),
      buckets: [0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600],
      registers,
    });
    this.#addGauges();
  }

  /** @param state - of the server that it is about, after what is known was brought up to date */
  note(event: ReconcileEvent, state: ReconcileState | undefined): void {
    if (state === undefined) return;
    if (event.type === 'notice') this.#notices.inc({ server: state.server, outcome: event.outcome });
    if (event.type !== 'cycle') return;
    const { server, last, trouble } = state;
    this.#cycles.inc({ server, outcome: event.outcome });
    if ((event.outcome === 'failed' || event.outcome === 'looked') && trouble !== undefined)
      this.#errors.inc({ server, code: trouble.code });
    if (event.outcome !== 'looked' || last === undefined) return;
    const { done, failed, stale, skipped } = last;
    for (const [outcome, count] of Object.entries({ done, failed, stale, skipped }))
      this.#actions.inc({ server, outcome }, count);
    this.#duration.observe({ server, mode: last.mode }, last.took_ms / 1000);
  }

  noteRateLimitWait(ms: number, state: ReconcileState | undefined): void {
    if (state !== undefined) this.#waits.inc({ server: state.server }, ms / 1000);
  }

  /** In the text format of Prometheus. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #addGauges(): void {
    this.#gauge('muster_state', (state, set) => {
      const { is, reason } = healthOf(state, this.#sources.now());
      for (const name of Object.keys(healths))
        set(name === is ? 1 : 0, { server: state.server, state: name, reason: name === is ? reason : '' });
    });
    this.#gauge('muster_drift_changes', ({ server, drift }, set) => {
      for (const { class: name, planned, blocked, held } of drift)
        for (const [because, count] of Object.entries({ planned, blocked, held }))
          set(count, { server, class: name, because });
    });
    this.#gauge('muster_waiting_classes', ({ server, classes }, set) => {
      for (const { budget } of classes) set(1, { server, budget });
    });
    this.#gauge('muster_contested_changes', (state, set) =>
      set(state.contested.filter(({ told }) => told !== undefined).length, { server: state.server }),
    );
    this.#gauge('muster_unusable_entries', ({ server, unusable = 0 }, set) => set(unusable, { server }));
    this.#gauge('muster_last_read', ({ server, read }, set) => {
      if (read !== undefined) for (const kind of ['full', 'warm']) set(kind === read.is ? 1 : 0, { server, kind });
    });
    this.#gauge('muster_last_full_read_timestamp_seconds', ({ server, read }, set) => {
      if (read !== undefined) set(Date.parse(read.full) / 1000, { server });
    });
    const times = [
      ['muster_last_look_timestamp_seconds', 'looked'],
      ['muster_last_success_timestamp_seconds', 'succeeded'],
      ['muster_next_cycle_timestamp_seconds', 'next'],
      ['muster_beat_timestamp_seconds', 'beat'],
    ] as const;
    for (const [name, field] of times)
      this.#gauge(name, ({ server, [field]: at }, set) => {
        if (at !== undefined) set(Date.parse(at) / 1000, { server });
      });
  }

  #gauge(
    name: MetricName,
    read: (state: ReconcileState, set: (value: number, labels: Readonly<Record<string, string>>) => void) => void,
  ): void {
    const { states } = this.#sources;
    const gauge: Gauge = new Gauge({
      ...descriptionOf(name),
      registers: [this.#registry],
      collect: () => {
        gauge.reset();
        for (const known of states()) read(known, (value, labels) => gauge.set({ ...labels }, value));
      },
    });
  }
}
