/** What an audit says of its reads: an auditor takes the figures for the proof that nothing is missing. */
import { describe, expect, test } from 'vitest';
import { readForAudit, type WaysOfReading } from '../../src/live/read-audit.ts';
import type { AuditReads } from '../../src/model/audit.ts';
import type { AuditReader, CountedActivity, Readable } from '../../src/model/audit-reader.ts';
import type { ReadStatement } from '../../src/model/generated/audit-report.ts';
import { account, liveState, liveToken, type World } from '../support/build-states.ts';

const ways: WaysOfReading = { token: { by: 'pages' }, membership: { by: 'searches' } };

const activityOf = (found: number, before: number = found, after: number = before): Readable<CountedActivity> => ({
  value: { byAccount: new Map(Array.from({ length: found }, (_, i) => [`id-${i}`, { createdMs: 0 }])), before, after },
});

/** @param readings - of activity, one after the other; the last one stays */
function readerOf(
  readings: readonly Readable<CountedActivity>[],
  others: Partial<AuditReader> = {},
): AuditReader & { readonly asked: string[] } {
  const asked: string[] = [];
  let next = 0;
  return {
    asked,
    activity: () => {
      const reading = readings[Math.min(next++, readings.length - 1)] ?? { missing: 'no reading' };
      return Promise.resolve(reading);
    },
    sessions: (id) => {
      asked.push(id);
      return Promise.resolve([{ id: `s-${id}`, lastActivityMs: 1 }]);
    },
    bots: () => Promise.resolve({ value: [] }),
    webhooks: () => Promise.resolve({ value: [] }),
    commands: () => Promise.resolve({ value: [] }),
    ...others,
  };
}

const readWith = (reader: AuditReader, world: World = {}): Promise<AuditReads> =>
  readForAudit(reader, liveState(world), ways, () => undefined);

const statementOf = ({ statements }: AuditReads, name: string): ReadStatement | undefined =>
  statements.find(({ what }) => what === name);

describe('activity', () => {
  test('stands beside what the server counted before and after', async () => {
    const reads = await readWith(readerOf([activityOf(3, 2, 4)]));

    expect(statementOf(reads, 'activity')).toMatchObject({ found: 3, before: 2, after: 4 });
    expect(reads.activity?.size).toBe(3);
  });

  test('is read again where a reading does not fit the counts, and the one that does counts', async () => {
    const reads = await readWith(readerOf([activityOf(1, 2), activityOf(2)]));

    expect(statementOf(reads, 'activity')).toMatchObject({ found: 2, before: 2, after: 2 });
  });

  test('that never fits ends the audit', async () => {
    await expect(readWith(readerOf([activityOf(1, 2)]))).rejects.toMatchObject({ code: 'READ_NOT_COMPLETE' });
  });

  test('that the server does not tell is missing, and has no counts', async () => {
    const reads = await readWith(readerOf([{ missing: 'not licensed' }]));

    const statement = statementOf(reads, 'activity');
    expect(statement).toMatchObject({ found: 0, missing: 'not licensed' });
    expect(statement).not.toHaveProperty('before');
    expect(reads).not.toHaveProperty('activity');
  });
});

test('sessions are asked of people who left and of owners of tokens, on this server alone', async () => {
  const [left, owner, other] = [account('left', { active: false }), account('owner'), account('other')];
  const remote = { ...account('remote', { active: false }), isRemote: true };
  const reader = readerOf([activityOf(0)]);

  const reads = await readWith(reader, {
    accounts: [left, owner, other, remote],
    tokens: [liveToken(owner)],
    others: [],
  });

  expect(reader.asked.toSorted()).toEqual([left.id, owner.id].toSorted());
  expect(statementOf(reads, 'sessions')).toMatchObject({ found: 2 });
});

test.each(['bots', 'webhooks', 'commands'] as const)('%s that cannot be read say why, and are absent', async (what) => {
  const reads = await readWith(readerOf([activityOf(0)], { [what]: () => Promise.resolve({ missing: 'refused' }) }));

  expect(statementOf(reads, what)).toMatchObject({ found: 0, missing: 'refused' });
  expect(reads).not.toHaveProperty(what);
});
