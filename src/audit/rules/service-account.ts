import { type FindingDraft, limitMs } from '../../model/audit.ts';
import { count } from '../../model/count.ts';
import type { PopulationRule } from '../population.ts';

/** A person's account with usable tokens that no person used for a long time. */
export const serviceAccount: PopulationRule = ({ subjects }, { nowMs, settings }) =>
  subjects.flatMap(({ account, live, activity }): FindingDraft[] => {
    const tokens = (live.token ?? []).filter(({ enabled }) => enabled);
    if (account.isBot || account.isRemote || !account.values.active || tokens.length === 0) return [];
    if (activity === undefined) return [];
    const { lastMs, createdMs } = activity;
    if (nowMs - (lastMs ?? createdMs) <= limitMs(settings, 'service-account')) return [];
    const last = lastMs === undefined ? 'no sign-in' : `last sign-in ${new Date(lastMs).toISOString().slice(0, 10)}`;
    return [
      {
        rule: 'service-account',
        account,
        text: `has ${count(tokens.length, 'usable token')}, and ${last}`,
        evidence: [
          { read: 'tokens', fact: `${tokens.length} enabled` },
          { read: 'activity', fact: last },
        ],
      },
    ];
  });
