/** Any journal: whatever a run may note, in any order. */
import * as fc from 'fast-check';
import { LineWriter } from '../../../src/journal/records.ts';
import { journalName } from '../../../src/journal/runs.ts';
import type { JournalRecord } from '../../../src/model/journal-record.ts';
import { testKey } from '../../support/journal-key.ts';

export const anyRun = '000001-20260615T120000Z-0badcafe';
export const anyJournal: string = journalName(anyRun);

const texts = fc.oneof(
  fc.constantFrom('ada/1', 'grace.h/12', '李/1', 'o’neill/3', '', 'a\nb', '"', '\\', '\u0000', '\u2028', '__proto__'),
  fc.string({ maxLength: 20, unit: 'binary' }),
);
const counts = fc.nat({ max: 100_000 });
const at = fc.integer({ min: 0, max: 4_102_444_800_000 }).map((ms) => new Date(ms).toISOString());

const origin = fc.record({ commit: texts, author: texts, job: texts, url: texts }, { requiredKeys: [] });

const started = fc.record(
  {
    type: fc.constant('started' as const),
    version: fc.constant(1 as const),
    at,
    run: fc.constant(anyRun),
    tool: texts,
    server: fc.record({ key: texts, url: texts }),
    caller: texts,
    plan: texts,
    actions: counts,
    previous: fc.record({ run: texts, head: texts }),
    undoes: texts,
    username: texts,
    origin,
  },
  { requiredKeys: ['type', 'version', 'at', 'run', 'tool', 'server', 'caller', 'plan', 'actions'] },
);

const later: fc.Arbitrary<JournalRecord> = fc.oneof(
  fc.record(
    { type: fc.constant('resumed' as const), at, tool: texts, origin },
    { requiredKeys: ['type', 'at', 'tool'] },
  ),
  fc.record(
    {
      type: fc.constant('intent' as const),
      at,
      action: texts,
      attempt: counts,
      operation: texts,
      account: texts,
      mark: texts,
    },
    { requiredKeys: ['type', 'at', 'action', 'attempt', 'operation'] },
  ),
  fc.record(
    {
      type: fc.constant('response' as const),
      at,
      action: texts,
      attempt: counts,
      result: fc.constantFrom('written', 'refused', 'unknown'),
      code: texts,
      account: texts,
      token: texts,
    },
    { requiredKeys: ['type', 'at', 'action', 'attempt', 'result'] },
  ),
  fc.record(
    {
      type: fc.constant('outcome' as const),
      at,
      action: texts,
      status: fc.constantFrom('done', 'skipped', 'stale', 'failed'),
      account: texts,
      as: fc.constantFrom('written', 'found'),
      written: fc.constantFrom('no', 'yes', 'unknown'),
      code: texts,
    },
    { requiredKeys: ['type', 'at', 'action', 'status'] },
  ),
  fc.record({ type: fc.constant('not-verified' as const), at, action: texts, code: texts }),
  fc.record({ type: fc.constant('swept' as const), at, left: fc.array(texts, { maxLength: 3 }) }),
  fc.record({
    type: fc.constant('ended' as const),
    at,
    how: fc.constantFrom('complete', 'interrupted', 'stopped', 'abandoned'),
    done: counts,
    failed: counts,
    stale: counts,
    skipped: counts,
  }),
);

/** Records of one journal; @param fewest - how many there are at least, the first included */
export const anyRecords = (fewest = 1, most = 12): fc.Arbitrary<readonly JournalRecord[]> =>
  fc
    .tuple(started, fc.array(later, { minLength: fewest - 1, maxLength: most - 1 }))
    .map(([first, others]) => [first, ...others]);

/** The bytes of a journal with these records. */
export function written(records: readonly JournalRecord[]): Uint8Array {
  const lines = new LineWriter(testKey.signerOf(anyRun));
  return new TextEncoder().encode(records.map((record) => lines.line(record)).join(''));
}
