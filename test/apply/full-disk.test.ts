/** A journal that cannot be written: no call is made of which nobody would know, and the run is gone on with later. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ApplyResult, carryOut } from '../../src/app/carry-out.ts';
import { connect } from '../../src/app/connect.ts';
import { loadDesired, loadSettings } from '../../src/app/load.ts';
import { planWith } from '../../src/app/plan.ts';
import { withRunState } from '../../src/app/run-state.ts';
import { codeOfApply } from '../../src/cli/exit-codes.ts';
import type { JournalStore } from '../../src/journal/journal-store.ts';
import { readRecords } from '../../src/journal/records.ts';
import { trusting } from '../../src/journal/trust.ts';
import type { UserEntry } from '../../src/model/generated/users-file.ts';
import { applyText } from '../../src/report/apply-text.ts';
import { plain } from '../../src/report/paint.ts';
import type { RequestRecord } from '../../src/sandbox/index.ts';
import { share } from '../support/suite.ts';
import { apiPath, crowd, openStage, type Stage, writesOf } from './support/stage.ts';

/** What fails: the n-th append, after so much of it was written, or the n-th flush. */
interface Trouble {
  readonly step: 'append' | 'sync';
  readonly nth: number;
  readonly part?: number;
}

/** A disk with no room left from some step on; `durable` is what was flushed before that. */
class FillingDisk {
  durable = '';
  isFull = false;
  #written = '';
  #steps = { append: 0, sync: 0 };
  readonly #trouble: Trouble;

  constructor(trouble: Trouble) {
    this.#trouble = trouble;
  }

  over(store: JournalStore): JournalStore {
    return {
      ...store,
      openForAppend: async (name) => {
        const file = await store.openForAppend(name);
        return {
          ...file,
          append: async (bytes) => {
            if (this.#isTime('append')) {
              await file.append(bytes.slice(0, Math.floor(bytes.length * (this.#trouble.part ?? 0))));
              throw this.#full();
            }
            await file.append(bytes);
            this.#written += new TextDecoder().decode(bytes);
          },
          sync: async () => {
            if (this.#isTime('sync')) throw this.#full();
            await file.sync();
            this.durable = this.#written;
          },
        };
      },
    };
  }

  #isTime(step: 'append' | 'sync'): boolean {
    if (this.isFull) throw new Error('the journal was written after it had failed');
    return ++this.#steps[step] === this.#trouble.nth && step === this.#trouble.step;
  }

  #full(): Error {
    this.isFull = true;
    return Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  }
}

interface Carried {
  /** What came of it; an error where the run did not even begin. */
  readonly applied: ApplyResult | Error;
  readonly writes: readonly RequestRecord[];
}

async function carryOutOn(stage: Stage, disk: FillingDisk, concurrency: number): Promise<Carried> {
  const settings = await loadSettings({}, stage.ports);
  const desired = await loadDesired(settings, {}, stage.ports);
  const { client, requests, ports } = await connect(settings, {}, stage.ports);
  try {
    const { plan, live } = await planWith(
      { settings, desired, options: {}, client: client.readOnly(), requests },
      ports,
    );
    const from = stage.sandbox.requests.length;
    const applied = await withRunState({ serverKey: live.facts.key }, ports, async (state) =>
      carryOut(
        {
          plan,
          facts: live.facts,
          settings,
          client,
          origin: {},
          state: { ...state, store: trusting(disk.over(state.store), state.store.trust, state.store.isLeftOpen) },
        },
        { confirm: () => Promise.resolve(true), concurrency },
        ports,
      ),
    ).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
    const writes = writesOf(stage.sandbox.requests.slice(from)).filter(({ path }) => !path.includes('/preferences'));
    return { applied, writes };
  } finally {
    await client.close();
  }
}

const entries: readonly UserEntry[] = [
  ...crowd(8).map((username): UserEntry => ({ username, nickname: 'x', roles: ['system_user', 'system_post_all'] })),
  { username: 'p008', tokens: [{ name: 'ci' }] },
  { username: 'p009', tokens: [{ name: 'ci' }] },
  { username: 'new', email: 'new@example.com', nickname: 'n' },
];

async function crowded(): Promise<Stage> {
  const stage = await openStage({ users: crowd(10).map((username) => ({ username })) });
  await stage.declare(entries);
  return stage;
}

/** `patch-user p000`, of each call that changes something. */
function callsIn(stage: Stage, writes: readonly RequestRecord[]): readonly string[] {
  return writes.map((request) => {
    const [, id = '', what = ''] = /^\/users(?:\/([a-z0-9]{26})\/(\w+))?$/.exec(apiPath(request)) ?? [];
    const operations: Readonly<Record<string, string>> = {
      patch: 'patch-user',
      roles: 'set-roles',
      tokens: 'create-token',
    };
    return id === '' ? 'create-user new' : `${operations[what] ?? what} ${stage.user(id).username}`;
  });
}

const intentsIn = (durable: string): readonly string[] =>
  readRecords(new TextEncoder().encode(durable), 'durable').records.flatMap((record) =>
    record.type === 'intent' ? [`${record.operation} ${record.action.split('/')[0] ?? ''}`] : [],
  );

async function journalsOf({ dir }: Stage): Promise<readonly string[]> {
  const home = join(dir, 'state', 'muster');
  const [server = ''] = await readdir(home);
  const names = (await readdir(join(home, server))).filter((name) => name.endsWith('.jsonl'));
  return Promise.all(names.map((name) => readFile(join(home, server, name), 'utf8')));
}

describe('a disk that is full', () => {
  const troubles: readonly Trouble[] = [
    ...[2, 3, 5, 8, 11].map((nth): Trouble => ({ step: 'append', nth })),
    ...[2, 4, 7, 12].map((nth): Trouble => ({ step: 'append', nth, part: 0.6 })),
    ...[2, 3, 6, 10].map((nth): Trouble => ({ step: 'sync', nth })),
  ];

  test.each(share(troubles, 5))(
    'at %j ends the run with nothing sent that is not on it, and the run can be resumed',
    async (trouble) => {
      const stage = await crowded();
      const disk = new FillingDisk(trouble);

      // People side by side share their flushes, so that there may be few.
      const concurrency = trouble.nth % 2 === 0 || trouble.nth > 8 ? 1 : 4;
      const { applied, writes } = await carryOutOn(stage, disk, concurrency);

      if (applied instanceof Error) throw applied;
      const { result } = applied;
      const calls = callsIn(stage, writes);
      expect(disk.isFull).toBe(true);
      expect(calls.toSorted()).toEqual(intentsIn(disk.durable).toSorted());
      expect(result?.stopped).toBe('the journal of this run cannot be written (the disk is full, ENOSPC)');
      expect(result === undefined ? 0 : codeOfApply(result)).toBe(6);
      expect(result?.results).toHaveLength(applied.plan.actions.length);
      const done = result?.results.filter(({ outcome }) => outcome.status === 'done') ?? [];
      expect(done).toHaveLength(calls.length);

      const later = await stage.resume();
      expect(later?.code).toBe(0);
      expect((await stage.plan()).actions).toEqual([]);
      expect(stage.sandbox.snapshot().tokens.filter(({ description }) => description.startsWith('ci@1'))).toHaveLength(
        2,
      );
      for (const text of await journalsOf(stage))
        expect(readRecords(new TextEncoder().encode(text), 'x').records.at(-1)).toMatchObject({
          type: 'ended',
          how: 'complete',
        });
    },
  );

  test('right at the beginning begins nothing, and stands in no one’s way', async () => {
    const stage = await crowded();

    for (const trouble of [
      { step: 'append', nth: 1 },
      { step: 'sync', nth: 1 },
    ] as const) {
      const { applied, writes } = await carryOutOn(stage, new FillingDisk(trouble), 4);

      expect(applied).toMatchObject({ code: 'JOURNAL_WRITE', message: expect.stringContaining('ENOSPC') as unknown });
      expect(writes).toEqual([]);
    }

    expect((await stage.apply()).code).toBe(0);
    expect((await stage.plan()).actions).toEqual([]);
  });

  test('is told with why, and how to go on', async () => {
    const stage = await crowded();
    const { applied } = await carryOutOn(stage, new FillingDisk({ step: 'append', nth: 5 }), 1);
    if (applied instanceof Error || applied.result === undefined) throw new Error('it did not begin');

    const text = applyText(applied.result, plain, applied.journal);

    expect(text).toMatch(
      /^Stopped: \d+ of \d+ actions done\n {2}the journal of this run cannot be written \(the disk is full, ENOSPC\)\n/,
    );
    expect(text).toContain('→ make room in the state directory, then run muster apply --resume\n');
    expect(text).toContain(`head ${applied.journal?.head ?? '?'}`);
    expect((await journalsOf(stage)).join('')).toContain(applied.journal?.head ?? '?');
  });
});
