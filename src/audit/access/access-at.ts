/** Who had what at a moment, as far as it is proven. Pure. */
import { compareText } from '../../model/compare.ts';
import type {
  AccessMark,
  AccessPart,
  AccessReport,
  AccountAccess,
  DeclaredThen,
  FileThen,
} from '../../model/generated/access-report.ts';
import { groupBy } from '../../model/group-by.ts';
import type { Observation, ObservedAccount, ObservedKind } from '../../model/observation.ts';
import type { ResourceDefinition } from '../../model/resource-definition.ts';
import type { AccountId } from '../../model/user-values.ts';
import { type GrantDeed, grantDeeds, type ToldRun } from '../../runs/grant-deeds.ts';
import { type Deed, type Known, knownAt, marginMs, type Sight } from './known.ts';

export interface AccessQuestion {
  readonly atMs: number;
  /** Username or id, in lower case; absent: everybody. */
  readonly user?: string;
}

export interface AccessSources {
  /** By the time at which they ended. */
  readonly observations: readonly Observation[];
  /** The oldest first. */
  readonly runs: readonly ToldRun[];
  readonly kinds: readonly ResourceDefinition[];
  /** By username: what the files said then. */
  readonly declared: ReadonlyMap<string, DeclaredThen>;
  readonly files: readonly FileThen[];
  readonly tool: string;
  readonly server: AccessReport['server'];
}

/** One account with everything that was ever seen of it. */
interface Seen {
  readonly at: Observation;
  readonly account: ObservedAccount;
}

export function accessAt({ atMs, user }: AccessQuestion, sources: AccessSources): AccessReport {
  const { observations, runs, kinds, tool, server, files } = sources;
  const deeds = deedsByPlace(runs, kinds);
  const seen = [...groupBy(seenIn(observations), ({ account }) => account.id).values()].filter(
    (own) => user === undefined || own.some(({ account }) => account.id === user || account.username === user),
  );
  const isLater = (own: readonly Seen[]): boolean => own.some(({ account }) => (account.createdMs ?? 0) > atMs);
  const accounts = seen
    .filter((own) => !isLater(own))
    .flatMap((own) => accountAt(own, atMs, sources, deeds))
    .toSorted((one, other) => compareText(one.username, other.username) || compareText(one.id, other.id));
  const count = (state: AccessPart['state']): number =>
    accounts.reduce((sum, { parts }) => sum + parts.filter((part) => part.state === state).length, 0);
  const [first, last] = [observations[0], observations.at(-1)];
  return {
    format: 'muster-access/1',
    at: iso(atMs),
    tool,
    server,
    rests_on: {
      observations: observations.length,
      ...(first !== undefined && { first: iso(first.beganMs) }),
      ...(last !== undefined && { last: iso(last.endedMs) }),
      runs: runs.length,
    },
    population: observations.some((one) => one.isOfEverybody && atMs <= one.beganMs - marginMs)
      ? 'complete'
      : 'unknown',
    counts: {
      accounts: accounts.length,
      known: count('known'),
      partly: count('partly'),
      unknown: count('unknown'),
      not_yet: seen.filter(isLater).length,
    },
    accounts,
    files,
  };
}

/** What a reading just now showed: there is nothing to conclude. */
export function accessNow(
  observation: Observation,
  question: AccessQuestion,
  sources: Omit<AccessSources, 'observations'>,
): AccessReport {
  const report = accessAt(question, { ...sources, observations: [observation] });
  const seen = new Map(observation.accounts.map((account) => [account.id, account]));
  const accounts = report.accounts.map((one) => ({
    ...one,
    parts: sources.kinds.flatMap(({ kind, recall }): readonly AccessPart[] => {
      if (recall === undefined) return [];
      const own = seen.get(one.id)?.kinds[kind];
      const known = { from: iso(observation.beganMs), to: iso(observation.endedMs) };
      return own === undefined
        ? [{ kind, state: 'unknown', grants: [] }]
        : [{ kind, state: 'known', ...known, grants: own.grants.map(asGrant) }];
    }),
  }));
  const parts = accounts.flatMap((one) => one.parts);
  const known = parts.filter(({ state }) => state === 'known').length;
  return {
    ...report,
    population: observation.isOfEverybody ? 'complete' : 'unknown',
    counts: { ...report.counts, known, partly: 0, unknown: parts.length - known },
    accounts,
  };
}

const iso = (ms: number): string => new Date(ms).toISOString();

const asGrant = ({ key, text, isHeld }: ObservedKind['grants'][number]): AccessPart['grants'][number] => ({
  key,
  text,
  state: isHeld ? 'held' : 'off',
});

const seenIn = (observations: readonly Observation[]): readonly Seen[] =>
  observations.flatMap((at) => at.accounts.map((account) => ({ at, account })));

interface PlacedDeed extends Deed {
  readonly run: string;
  /** Alike for all that one action gave and took. */
  readonly action: GrantDeed['action'];
}

const placeOf = (account: AccountId, kind: string): string => `${account} ${kind}`;

function deedsByPlace(
  runs: readonly ToldRun[],
  kinds: readonly ResourceDefinition[],
): ReadonlyMap<string, readonly PlacedDeed[]> {
  const deeds = kinds.flatMap((one) =>
    [...grantDeeds(runs, (made) => one.grantsOf(made))].flatMap((deed) => {
      const placed = placedDeed(deed);
      return placed === undefined ? [] : [{ place: placeOf(deed.account, one.kind), placed }];
    }),
  );
  const byPlace = groupBy(deeds, ({ place }) => place);
  return new Map([...byPlace].map(([place, own]) => [place, own.map(({ placed }) => placed)]));
}

/** What was found done already was done by someone else, at a time that nothing tells. */
function placedDeed({ key, what, action, run }: GrantDeed): PlacedDeed | undefined {
  const last = action.attempts.at(-1);
  if (last?.response?.result !== 'written' || action.outcome?.as === 'found') return undefined;
  return {
    key,
    what,
    beforeMs: last.atMs,
    afterMs: last.respondedMs ?? last.atMs,
    run: run.started.run,
    action,
  };
}

function accountAt(
  own: readonly Seen[],
  atMs: number,
  { kinds, declared }: AccessSources,
  deeds: ReadonlyMap<string, readonly PlacedDeed[]>,
): readonly AccountAccess[] {
  const nearest = own.find(({ at }) => at.endedMs >= atMs) ?? own.at(-1);
  if (nearest === undefined) return [];
  const { id, username } = nearest.account;
  const entry = declared.get(username);
  const parts = kinds.flatMap(({ kind, recall }): readonly AccessPart[] => {
    if (recall === undefined) return [];
    const sights = own.flatMap(({ at: { beganMs, endedMs }, account }): readonly Sight[] => {
      const sight = account.kinds[kind];
      return sight === undefined ? [] : [{ ...sight, beganMs, endedMs }];
    });
    const ownDeeds = deeds.get(placeOf(id, kind)) ?? [];
    const known = knownAt({ sights, deeds: ownDeeds, keysComeOnce: recall.keysComeOnce }, atMs);
    return [{ kind, ...spanOf(known), ...(known.state !== 'known' && nearestMarks(sights, ownDeeds, atMs)) }];
  });
  return [{ id, username, parts, ...(entry !== undefined && { declared: entry }) }];
}

const spanOf = ({ state, span, grants }: Known): Pick<AccessPart, 'state' | 'from' | 'to' | 'grants'> => ({
  state,
  ...(span !== undefined && { from: iso(span.fromMs), to: iso(span.toMs) }),
  grants,
});

interface Mark extends AccessMark {
  readonly ms: number;
}

/** What stands on either side of a gap; the gap itself stays open. */
function nearestMarks(
  sights: readonly Sight[],
  deeds: readonly PlacedDeed[],
  atMs: number,
): Pick<AccessPart, 'before' | 'after'> {
  const marks = [
    // Of a reading of a part it says nothing that the part is empty.
    ...sights
      .filter(({ isWhole, grants }) => isWhole || grants.some(({ isHeld }) => isHeld))
      .map(({ endedMs: ms, grants }): Mark => ({ ms, at: iso(ms), text: `seen: ${heldText(grants)}` })),
    ...[...groupBy(deeds, ({ action }) => action).values()].flatMap((own) => marksOfAction(own, sights)),
  ].toSorted((one, other) => one.ms - other.ms);
  const before = marks.findLast(({ ms }) => ms <= atMs);
  const after = marks.find(({ ms }) => ms > atMs);
  return {
    ...(before !== undefined && { before: toMark(before) }),
    ...(after !== undefined && { after: toMark(after) }),
  };
}

/** Who leaves a place no longer administers it, which they may never have done: that is named where it was seen. */
function marksOfAction(deeds: readonly PlacedDeed[], sights: readonly Sight[]): readonly Mark[] {
  const seen = new Set(sights.flatMap(({ grants }) => grants.map(({ key }) => key)));
  return [...groupBy(deeds, ({ what }) => what)].flatMap(([what, own]): readonly Mark[] => {
    const [first] = own;
    if (first === undefined) return [];
    const keys = own.map(({ key }) => key).filter((key, i) => i === 0 || seen.has(key));
    const text = `${what === 'given' ? 'gave' : 'took'} ${keys.join(', ')}`;
    return [{ ms: first.afterMs, at: iso(first.afterMs), text, run: first.run }];
  });
}

const heldText = (grants: ObservedKind['grants']): string =>
  grants
    .filter(({ isHeld }) => isHeld)
    .map(({ text }) => text)
    .join(', ') || 'nothing that works';

const toMark = ({ at, text, run }: Mark): AccessMark => ({ at, text, ...(run !== undefined && { run }) });
