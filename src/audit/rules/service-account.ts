import { type FindingDraft, limitMs } from '../../model/audit.ts';
import { utcDay } from '../../model/duration.ts';
import type { PopulationRule } from '../population.ts';

/** A person's account that only its tokens use: with none of them in use either, it is a dormant account. */
export const serviceAccount: PopulationRule = ({ subjects }, { nowMs, settings }) =>
  subjects.flatMap(({ account, live, activity, sessions = [] }): FindingDraft[] => {
    if (account.isBot || account.isRemote || !account.values.active || activity === undefined) return [];
    const enabled = new Set((live.token ?? []).filter((token) => token.enabled).map(({ id }) => id));
    const limit = limitMs(settings, 'service-account');
    const used = sessions
      .filter(
        ({ token, lastActivityMs }) => token !== undefined && enabled.has(token) && nowMs - lastActivityMs <= limit,
      )
      .map(({ lastActivityMs }) => lastActivityMs);
    const { lastMs, createdMs } = activity;
    if (used.length === 0 || nowMs - (lastMs ?? createdMs) <= limit) return [];
    const last = lastMs === undefined ? 'no one ever signed in' : `the last sign-in was ${utcDay(lastMs)}`;
    const use = `a token was used ${utcDay(Math.max(...used))}`;
    return [
      {
        rule: 'service-account',
        account,
        text: `${use}, and ${last}`,
        evidence: [
          { read: 'sessions', fact: use },
          { read: 'activity', fact: last },
        ],
      },
    ];
  });
