import { durationMs } from '../model/duration.ts';
import type { ConfigFile, GitSourceFile, ReconcileFile } from '../model/generated/config-file.ts';
import {
  type GitSource,
  type ReconcileMode,
  type ReconcileSettings,
  type Schedule,
  type Window,
  weekdays,
} from '../model/reconcile-settings.ts';
import { endOf } from '../model/written-moment.ts';

/** What flags say of it. */
export interface ReconcileFlags {
  readonly mode?: ReconcileMode;
  readonly everyMs?: number;
  readonly cron?: string;
  readonly timeZone?: string;
  readonly jitterMs?: number;
}

const defaultEveryMs = 15 * 60_000;
const defaultFullRead = '6h';
const maxDefaultJitterMs = 60_000;

/** `reconcile` of muster.yaml with every default filled in, and flags before it. */
export function resolveReconcile(
  { reconcile = {}, policy = {} }: Pick<ConfigFile, 'reconcile' | 'policy'>,
  flags: ReconcileFlags = {},
): ReconcileSettings {
  const timeZone = flags.timeZone ?? reconcile.time_zone ?? policy.time_zone ?? 'UTC';
  const schedule = scheduleOf(reconcile, flags, timeZone);
  const jitterMs = flags.jitterMs ?? (reconcile.jitter === undefined ? undefined : durationMs(reconcile.jitter));
  const { suspend, git, notices = [] } = reconcile;
  return {
    mode: flags.mode ?? reconcile.mode ?? 'observe',
    schedule,
    jitterMs: jitterMs ?? defaultJitterMs(schedule),
    fullReadMs: fullReadOf(reconcile.full_read),
    windows: (reconcile.windows ?? []).map((one) => windowOf(one, timeZone)),
    notices: notices.map(({ to, format = 'mattermost', redact = false }) => ({ to, format, redact })),
    ...(suspend !== undefined && {
      suspend: { reason: suspend.reason, by: suspend.by, untilMs: endOf(suspend.until, timeZone) },
    }),
    ...(git !== undefined && { git: gitSourceOf(git) }),
  };
}

const fullReadOf = (written: ReconcileFile['full_read'] = defaultFullRead): number =>
  written === 'always' ? 0 : durationMs(written);

const gitSourceOf = ({ url, branch, path, signed_by, follow_rewrites, user, token }: GitSourceFile): GitSource => ({
  url,
  branch,
  path: path ?? '',
  signedBy: signed_by ?? [],
  followsRewrites: follow_rewrites ?? false,
  user: user ?? 'git',
  ...(token !== undefined && { token }),
});

function scheduleOf(file: ReconcileFile, flags: ReconcileFlags, timeZone: string): Schedule {
  if (flags.everyMs !== undefined) return { everyMs: flags.everyMs };
  if (flags.cron !== undefined) return { cron: flags.cron, timeZone };
  if (file.cron !== undefined) return { cron: file.cron, timeZone };
  return { everyMs: file.every === undefined ? defaultEveryMs : durationMs(file.every) };
}

const defaultJitterMs = (schedule: Schedule): number =>
  'cron' in schedule ? 0 : Math.min(maxDefaultJitterMs, Math.floor(schedule.everyMs / 10));

function windowOf(
  { rule, days, from, to, time_zone: timeZone }: NonNullable<ReconcileFile['windows']>[number],
  defaultZone: string,
): Window {
  return {
    rule,
    days: new Set(days ?? weekdays),
    fromMinute: minuteOf(from),
    toMinute: minuteOf(to),
    timeZone: timeZone ?? defaultZone,
  };
}

function minuteOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
}
