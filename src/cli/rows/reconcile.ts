/** Commands that keep a server as the files say. */
import { InvalidArgumentError, Option } from 'commander';
import { type CommandRow, command } from '../command-row.ts';
import {
  connection,
  options,
  parseAddress,
  parseDuration,
  parseInterval,
  type ReconcileFlags,
  type StatusFlags,
} from '../options.ts';
import { RuledOption } from '../ruled-option.ts';

/** Who only asks for cycles has no server to write to, or to read. */
const ofWhoWorks: readonly string[] = [
  'mode',
  'parallel',
  'stateDir',
  'base',
  'requireBase',
  'caFile',
  'allowPlainHttp',
  'rate',
  'concurrency',
  'verbose',
];

const reconcile = command<ReconcileFlags>({
  name: 'reconcile',
  summary: 'plan and apply, again and again',
  description:
    'Repeats plan (observe) or apply (enforce) on a schedule, until it is told to end. Every rail holds, and nothing is asked: what a rail blocks waits, with one notice, and everything else goes on.',
  options: [
    new Option(
      '--mode <mode>',
      'observe reports drift, enforce applies (default: as muster.yaml says, else observe)',
    ).choices(['observe', 'enforce']),
    new Option('--every <interval>', 'how long from one cycle to the next (default: 15m)').argParser(parseEvery),
    new Option('--cron <expression>', 'when cycles begin, in place of --every').conflicts('every'),
    new Option('--time-zone <zone>', 'of --cron and windows (default: policy.time_zone)'),
    new Option('--jitter <interval>', 'how much later a cycle may begin, by chance')
      .argParser(parseInterval)
      .conflicts(['once', 'worker']),
    new Option('--once', 'one cycle, at once, for schedulers such as CronJobs'),
    new Option(
      '--listen <address>',
      'answer /healthz, /readyz and /metrics, and browsers with a page, at this port of 127.0.0.1, or at an address with a port',
    )
      .argParser(parseAddress)
      .conflicts('once'),
    new Option('--log <format>', 'lines on stderr (default: text on a terminal, else json)').choices(['text', 'json']),
    options.detailedExitcode().needs('once'),
    options.all('worker'),
    options.parallel('worker'),
    new RuledOption(
      '--queue',
      'with --all: only ask for cycles when they are due, for workers; MUSTER_QUEUE_URL names the queue',
    )
      .needs('all')
      .conflicts(['once', 'listen', ...ofWhoWorks]),
    new Option('--worker', 'make the cycles that the queue has, of every server of muster.yaml').conflicts([
      'once',
      'queue',
      'server',
      'files',
    ]),
    new RuledOption(
      '--deadline <duration>',
      'of workers, and for their queue: begin nothing new so long after a cycle began (default: 10m)',
    )
      .argParser(parseDuration)
      .needs('worker', 'queue'),
    options.stateDir(),
    options.redact(),
    options.files(),
    options.base(),
    options.requireBase(),
    ...connection(),
  ],
  formats: ['text', 'json', 'markdown', 'github'],
  formatNeeds: ['once'],
  examples: [
    ['muster reconcile', 'every 15 minutes, report drift'],
    ['muster reconcile --mode enforce --every 5m'],
    ["muster reconcile --cron '*/15 6-20 * * 1-5' --time-zone Europe/Berlin"],
    ['muster reconcile --mode enforce --listen 9464', 'with health and metrics at 127.0.0.1:9464'],
    ['muster reconcile --once --mode enforce', 'one cycle'],
    ['muster reconcile --all --queue', 'the schedule of workers on several machines'],
    ['muster reconcile --worker --mode enforce', 'one of the workers'],
    ['muster reconcile --worker --listen 9464', 'with its own health and metrics'],
    ['muster reconcile --all --listen 9464', 'every server of muster.yaml, each on its schedule'],
  ],
  more: `Windows, a pause and all of the above stand in reconcile of muster.yaml; flags come before it.
muster status tells how it stands.`,
  showsExitCodes: true,
  run: async (_args, flags, io) => (await import('../commands/reconcile.ts')).reconcileCommand(flags, io),
});

function parseEvery(text: string): number {
  const ms = parseInterval(text);
  if (ms === 0) throw new InvalidArgumentError('Expected a number with a unit, such as 30s, 15m or 1h.');
  return ms;
}

const status = command<StatusFlags>({
  name: 'status',
  summary: 'how muster reconcile stands',
  description:
    'Shows for each server what muster reconcile last found: ok, paused, quarantined, failing or stale, and why. Needs no server and no token.',
  options: [options.stateDir(), options.config().needs('all', 'server'), options.server(), options.all()],
  formats: ['text', 'json'],
  examples: [
    ['muster status'],
    ['muster status --format json'],
    ['muster status --all', 'a line for each server of muster.yaml'],
    ['muster status > /dev/null || echo "look at it"'],
  ],
  more: `Exits with 0 where every server is ok or paused, with 4 where a class of changes waits or a change is contested, with 6 where a
cycle failed, with 5 where a server is in quarantine or no one has looked for two intervals, and with 3 where nothing is known.`,
  run: async (_args, flags, io) => (await import('../commands/status.ts')).statusCommand(flags, io),
});

export const reconcileRows: { readonly [name in 'reconcile' | 'status']: CommandRow } = { reconcile, status };
