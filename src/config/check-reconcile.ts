/** What the schema cannot say of `reconcile` in muster.yaml. */
import type { GitSourceFile, ReconcileFile } from '../model/generated/config-file.ts';
import { refuse } from '../model/messages/problems.ts';
import { isRealMoment } from '../model/written-moment.ts';
import { type Flaw, flawOfZone } from './check-zone.ts';
import { flawOfCron } from './cron.ts';
import { gitSchemeOf } from './git-address.ts';

export function flawsOfReconcile(file: ReconcileFile = {}): readonly (Flaw | undefined)[] {
  const { cron, time_zone: zone, windows = [], suspend, git } = file;
  return [
    cron === undefined ? undefined : flawOfExpression(cron),
    flawOfZone(['reconcile', 'time_zone'], zone),
    ...windows.map((one, i) => flawOfZone(['reconcile', 'windows', i, 'time_zone'], one.time_zone)),
    ...windows.map((one, i) => (one.from === '24:00' ? beginsAtNoTime(i) : undefined)),
    suspend === undefined || isRealMoment(suspend.until) ? undefined : noSuchDay(suspend.until),
    ...(git === undefined ? [] : flawsOfGit(git)),
  ];
}

function flawsOfGit({ url, token }: GitSourceFile): readonly (Flaw | undefined)[] {
  const scheme = gitSchemeOf(url);
  if (scheme === undefined)
    return [{ path: ['reconcile', 'git', 'url'], ...refuse('wrong-value', { is: 'git-address' }) }];
  if (token === undefined || scheme === 'https' || scheme === 'http') return [];
  return [{ path: ['reconcile', 'git', 'token'], ...refuse('wrong-value', { is: 'git-token' }) }];
}

function flawOfExpression(cron: string): Flaw | undefined {
  const is = flawOfCron(cron);
  return is === undefined
    ? undefined
    : { path: ['reconcile', 'cron'], ...refuse('wrong-value', { is, field: 'reconcile.cron' }) };
}

const beginsAtNoTime = (i: number): Flaw => ({
  path: ['reconcile', 'windows', i, 'from'],
  ...refuse('wrong-value', { is: 'window-from' }),
});

const noSuchDay = (until: string): Flaw => ({
  path: ['reconcile', 'suspend', 'until'],
  ...refuse('wrong-value', { is: 'no-day', day: until }),
});
