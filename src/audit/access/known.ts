/**
 * What is known of one kind on one account at a moment. Pure. A moment is known only where something proves it:
 *
 * - A reading shows what was there while it was made. What the server says of when it last changed reaches back from there:
 *   from that date to the reading nothing was different. A date that moves for another reason only makes the span shorter.
 * - Where a key never comes back, it was there between two moments that show it, and is gone for good once it was seen gone.
 * - A run knows when it made such a thing, and when it took it away.
 *
 * Between two readings that show the same, nothing is concluded: someone may have changed it and changed it back.
 */
import type { ObservedGrant, ObservedKind } from '../../model/observation.ts';

/** One kind on one account, as one reading showed it. */
export interface Sight extends ObservedKind {
  readonly beganMs: number;
  readonly endedMs: number;
}

/** A grant that a run gave or took, between the moment before its call and the moment after the answer. */
export interface Deed {
  readonly key: string;
  readonly what: 'given' | 'taken';
  readonly beforeMs: number;
  readonly afterMs: number;
}

export interface Traces {
  /** In the order in which they ended. */
  readonly sights: readonly Sight[];
  readonly deeds: readonly Deed[];
  readonly keysComeOnce: boolean;
}

/** `there`: it existed, and whether it worked is not known. */
export type GrantState = 'held' | 'off' | 'there';

export interface KnownGrant {
  readonly key: string;
  readonly text: string;
  readonly state: GrantState;
}

export interface Known {
  /** `partly`: there may have been more than this. */
  readonly state: 'known' | 'partly' | 'unknown';
  /** The span for which the whole is proven. */
  readonly span?: { readonly fromMs: number; readonly toMs: number };
  readonly grants: readonly KnownGrant[];
}

/**
 * How far a reading may be behind the server: lists come from replicas, and the clocks of two machines differ. So much before
 * a reading ends what it proves, and so much around what a run did nothing is concluded.
 */
export const marginMs = 60_000;

export function knownAt(traces: Traces, atMs: number): Known {
  const sight = traces.sights.find((one) => one.isWhole && provesAt(one, atMs));
  if (sight !== undefined) {
    const span = { fromMs: sight.sinceMs ?? sight.beganMs, toMs: provenUntil(sight) };
    return { state: 'known', span, grants: sight.grants.map(asSeen) };
  }
  const grants = traces.keysComeOnce ? thereAt(traces, atMs) : [];
  return { state: grants.length > 0 ? 'partly' : 'unknown', grants };
}

const provenUntil = ({ beganMs }: Sight): number => beganMs - marginMs;

const provesAt = (sight: Sight, atMs: number): boolean =>
  sight.sinceMs !== undefined && sight.sinceMs <= atMs && atMs <= provenUntil(sight);

const asSeen = ({ key, text, isHeld }: ObservedGrant): KnownGrant => ({ key, text, state: isHeld ? 'held' : 'off' });

/** What was there before and was there afterwards. */
function thereAt({ sights, deeds }: Traces, atMs: number): readonly KnownGrant[] {
  // How it is called where it worked: what else a text says may have been otherwise.
  const texts = new Map([
    ...sights.flatMap(({ grants }) => grants.map(({ key }) => [key, key] as const)),
    ...sights.flatMap(({ grants }) =>
      grants.flatMap(({ key, text, isHeld }) => (isHeld ? [[key, text] as const] : [])),
    ),
  ]);
  return [...texts]
    .filter(([key]) => isShown(key) && isShownLater(key))
    .map(([key, text]) => ({ key, text, state: 'there' }));

  function isShown(key: string): boolean {
    const given = deeds.some((deed) => deed.what === 'given' && deed.key === key && deed.afterMs + marginMs <= atMs);
    return given || sights.some((one) => one.endedMs + marginMs <= atMs && has(one, key));
  }

  function isShownLater(key: string): boolean {
    const taken = deeds.some((deed) => deed.what === 'taken' && deed.key === key && atMs <= deed.beforeMs - marginMs);
    return taken || sights.some((one) => atMs <= provenUntil(one) && has(one, key));
  }
}

const has = ({ grants }: Sight, key: string): boolean => grants.some((one) => one.key === key);
