/** What the schema cannot say of `reconcile` in muster.yaml. */
import type { GitSourceFile, ReconcileFile } from '../model/generated/config-file.ts';
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
    return [
      {
        path: ['reconcile', 'git', 'url'],
        code: 'wrong-value',
        message: 'reconcile.git.url is no address that muster pulls from',
        hint: 'write https://host/path, ssh://user@host/path, user@host:path or an absolute path, without a password',
      },
    ];
  if (token === undefined || scheme === 'https' || scheme === 'http') return [];
  return [
    {
      path: ['reconcile', 'git', 'token'],
      code: 'wrong-value',
      message: 'reconcile.git.token goes with an https address alone',
      hint: 'take it out: ssh uses the keys of the user that muster runs as',
    },
  ];
}

function flawOfExpression(cron: string): Flaw | undefined {
  const why = flawOfCron(cron);
  if (why === undefined) return undefined;
  return {
    path: ['reconcile', 'cron'],
    code: 'wrong-value',
    message: `reconcile.cron cannot be used: ${why}`,
    hint: 'write minute, hour, day, month and weekday, such as "*/15 6-20 * * 1-5"',
  };
}

const beginsAtNoTime = (i: number): Flaw => ({
  path: ['reconcile', 'windows', i, 'from'],
  code: 'wrong-value',
  message: 'a window cannot begin at 24:00',
  hint: 'write "00:00", and the days on which it begins',
});

const noSuchDay = (until: string): Flaw => ({
  path: ['reconcile', 'suspend', 'until'],
  code: 'wrong-value',
  message: `there is no day ${until}`,
  hint: 'write a date of the calendar',
});
