/** Where processes are killed: from a number and a world the moments of up to three kills, and how it goes on after them. */
import { randomFrom } from '../support/read-fault-run.ts';
import type { Boundary } from './door.ts';
import type { FileKill, FileKind } from './preload-order.ts';
import type { SinkMoment } from './sink-program.ts';
import type { KillWorld } from './world.ts';

interface RequestKill extends Boundary {
  readonly at: 'request';
  /** Event-loop turns between the boundary and the kill. */
  readonly turns: number;
}

/** Where a process is killed. */
export type Kill =
  | RequestKill
  | ({ readonly at: 'file' } & FileKill)
  | { readonly at: 'sink program'; readonly when: SinkMoment; readonly person: string }
  | { readonly at: 'moment'; readonly ms: number };

export interface Scenario {
  readonly seed: number;
  readonly world: number;
  readonly kills: readonly Kill[];
  /** How it goes on after each kill. */
  readonly goOn: 'resume' | 'apply';
  /** Between a kill and the next process, by its clock. */
  readonly afterMs: number;
}

/** How much there is on the way of a run without a kill. */
export interface Extent {
  readonly counts: Readonly<Record<FileKind | Boundary['among'], number>>;
  readonly ms: number;
}

export function scenarioFrom(seed: number, world: KillWorld, extent: Extent): Scenario {
  const pick = randomFrom(seed);
  // Kinds take turns, so that few scenarios have all of them.
  const first = killOf(kinds[seed % kinds.length] ?? 'moment', pick, extent, world, 1);
  const left = 1 - shareBefore(first, extent);
  // Whoever comes after has less to do.
  const later = [2, 3].map((nth) =>
    killOf(pick(3) === 0 ? 'journal' : 'request', pick, extent, world, left / nth / 1.5),
  );
  const kills = [first, ...later.slice(0, [0, 1, 2, 2][pick(4)])];
  const isLate = kills.some((kill) => kill.at === 'request' && kill.fate === 'late');
  return {
    seed,
    world: world.seed,
    kills,
    goOn: pick(2) === 0 ? 'resume' : 'apply',
    // A request that comes late comes while the next process waits for that.
    afterMs: pick(3) === 0 && !isLate ? pick(120_000) : pick(2000),
  };
}

type Kind = Exclude<Kill['at'], 'file'> | FileKind;

const kinds: readonly Kind[] = [
  'request',
  'journal',
  'request',
  'sink',
  'request',
  'moment',
  'request',
  'journal',
  'request',
  'sink program',
  'request',
  'state',
];
const moments = ['asked', 'done', 'asked', 'done', 'answered', 'answering'] as const;
const whens = ['before', 'torn', 'after'] as const;

/** @param share - of what there is at most, within which the kill lies */
function killOf(
  kind: Kind,
  pick: (below: number) => number,
  { counts, ms }: Extent,
  { entries }: KillWorld,
  share: number,
): Kill {
  const upTo = (count: number): number => 1 + pick(Math.max(1, Math.floor(count * share)));
  const one = <Value>(values: readonly [Value, ...Value[]]): Value => values[pick(values.length)] ?? values[0];
  switch (kind) {
    case 'request': {
      const among = pick(5) === 0 ? 'all' : 'writes';
      const fate = one(['at once', 'late', 'never'] as const);
      return {
        at: 'request',
        moment: one(moments),
        among,
        nth: upTo(counts[among]),
        fate,
        turns: one([0, 0, pick(40)]),
      };
    }
    case 'moment':
      return { at: 'moment', ms: upTo(ms) };
    case 'sink program': {
      const people = entries.filter(({ tokens = [] }) => tokens.some(({ sink }) => sink === 'program'));
      return { at: 'sink program', when: one(whens), person: people[pick(people.length)]?.username ?? '' };
    }
    case 'journal':
    case 'sink':
    case 'state':
      // Lines share flushes, so there may be a few less the next time.
      return { at: 'file', files: kind, nth: upTo(counts[kind] * 0.9), when: one(whens), share: pick(100) / 100 };
  }
}

/** How much of a run lies before a kill, about. */
function shareBefore(kill: Kill, { counts, ms }: Extent): number {
  switch (kill.at) {
    case 'request':
      return kill.nth / counts[kill.among];
    case 'file':
      // Tokens come last.
      return kill.files === 'journal' ? kill.nth / counts.journal : 0.8;
    case 'sink program':
      return 0.8;
    case 'moment':
      return kill.ms / ms;
  }
}
