/** What Prometheus is told, by name: the program and the documentation read it here. */

export interface MetricRow {
  readonly is: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly ['server', ...string[]];
}

export type MetricName =
  | 'muster_state'
  | 'muster_drift_changes'
  | 'muster_waiting_classes'
  | 'muster_contested_changes'
  | 'muster_unusable_entries'
  | 'muster_cycles_total'
  | 'muster_actions_total'
  | 'muster_errors_total'
  | 'muster_notices_total'
  | 'muster_rate_limit_wait_seconds_total'
  | 'muster_cycle_duration_seconds'
  | 'muster_last_look_timestamp_seconds'
  | 'muster_last_success_timestamp_seconds'
  | 'muster_next_cycle_timestamp_seconds'
  | 'muster_beat_timestamp_seconds'
  | 'muster_last_read'
  | 'muster_last_full_read_timestamp_seconds';

export const metricRows: Readonly<Record<MetricName, MetricRow>> = {
  muster_state: {
    is: 'gauge',
    help: 'Which state a server is in (1), and why.',
    labels: ['server', 'state', 'reason'],
  },
  muster_drift_changes: {
    is: 'gauge',
    help: 'Changes that the last cycle left, by class and by why they were left: planned, blocked, held.',
    labels: ['server', 'class', 'because'],
  },
  muster_waiting_classes: { is: 'gauge', help: 'Classes of changes that wait.', labels: ['server', 'budget'] },
  muster_contested_changes: {
    is: 'gauge',
    help: 'Changes that are changed back again and again.',
    labels: ['server'],
  },
  muster_unusable_entries: { is: 'gauge', help: 'Entries that cannot be used.', labels: ['server'] },
  muster_cycles_total: { is: 'counter', help: 'Cycles, by how they ended.', labels: ['server', 'outcome'] },
  muster_actions_total: { is: 'counter', help: 'Actions, by how they ended.', labels: ['server', 'outcome'] },
  muster_errors_total: {
    is: 'counter',
    help: 'Cycles that did not end well, by the code of the error.',
    labels: ['server', 'code'],
  },
  muster_notices_total: {
    is: 'counter',
    help: 'Notices, by whether they were sent or given up.',
    labels: ['server', 'outcome'],
  },
  muster_rate_limit_wait_seconds_total: {
    is: 'counter',
    help: 'Time spent waiting for the rate limit of the server.',
    labels: ['server'],
  },
  muster_cycle_duration_seconds: {
    is: 'histogram',
    help: 'How long cycles took that read the server.',
    labels: ['server', 'mode'],
  },
  muster_last_look_timestamp_seconds: {
    is: 'gauge',
    help: 'When the server was last read completely.',
    labels: ['server'],
  },
  muster_last_success_timestamp_seconds: {
    is: 'gauge',
    help: 'When a cycle last ended well.',
    labels: ['server'],
  },
  muster_next_cycle_timestamp_seconds: { is: 'gauge', help: 'When the next cycle begins.', labels: ['server'] },
  muster_beat_timestamp_seconds: {
    is: 'gauge',
    help: 'When the process last showed that it works.',
    labels: ['server'],
  },
  muster_last_read: {
    is: 'gauge',
    help: 'How the server was read last (1): everything, or what changed since a full read.',
    labels: ['server', 'kind'],
  },
  muster_last_full_read_timestamp_seconds: {
    is: 'gauge',
    help: 'When the last full read of the server began.',
    labels: ['server'],
  },
};
