/**
 * Since which commit the users files say something of a person without a break. The commit that brought a line is not enough: an entry
 * on one line gets a newer one by each edit of it, and so does an entry that moves to another file.
 */
import type { ReadEntry } from '../desired/load-desired-state.ts';
import type { DesiredUser } from '../model/desired-state.ts';
import type { FileAt, GitHistory, LineOrigin, Untold } from './git-history.ts';

export interface Said {
  /** What a users file declares; `undefined`: it cannot be used. Asked of the same text it may answer from memory. */
  readonly entriesOf: (place: FileAt, text: string) => readonly ReadEntry[] | undefined;
  /** Whether an entry stands for the person. */
  readonly isOfPerson: (user: DesiredUser) => boolean;
  /** Whether an entry of the person says what is asked about. */
  readonly isSaid: (user: DesiredUser) => boolean;
  /** The line of the entry that says it. */
  readonly lineIn: (entry: ReadEntry) => number;
}

type Committed = Extract<LineOrigin, { readonly state: 'committed' }>;
type Place = FileAt & { readonly line: number };

/** More commits than one entry is edited by in years. */
const maxSteps = 1000;

/** @param now - where the line comes from that says it now */
export async function firstSaidIn(history: GitHistory, now: LineOrigin, said: Said): Promise<LineOrigin> {
  let origin = now;
  for (let step = 0; step < maxSteps; step += 1) {
    if (origin.state !== 'committed') return origin;
    const before = await saidBefore(history, origin, said);
    if (before === undefined) return origin;
    if ('state' in before) return before;
    origin = await history.lineAt(before);
  }
  return { state: 'not verifiable', why: `the entry was edited by more than ${maxSteps} commits` };
}

/** Where it was said before the commit; `undefined`: nowhere. */
async function saidBefore(
  history: GitHistory,
  { commit, fileBefore }: Committed,
  said: Said,
): Promise<Place | Untold | undefined> {
  const changed = await history.changedBy(commit.hash);
  const own = changed.find(({ file }) => file === fileBefore);
  const others = changed.filter((one) => one !== own && /\.(ya?ml|json)$/i.test(one.file));
  if (own !== undefined) {
    const entries = await entriesAt(history, own, said);
    if (entries === undefined) {
      const why = `${own.file} cannot be used as it was before the commit ${commit.hash.slice(0, 10)}`;
      return { state: 'not verifiable', why };
    }
    const entry = entryOf(entries, said);
    if (entry !== undefined) return placeOf(entry, own, said);
  }
  for (const other of others) {
    const entry = entryOf((await entriesAt(history, other, said)) ?? [], said);
    const after = entry && (await entriesAt(history, { ...other, hash: commit.hash }, said));
    // An entry that stays where it was is another one, such as that of another server.
    if (entry !== undefined && after !== undefined && entryOf(after, said) === undefined)
      return placeOf(entry, other, said);
  }
  return undefined;
}

const entryOf = (entries: readonly ReadEntry[], { isOfPerson }: Said): ReadEntry | undefined =>
  entries.find(({ user }) => isOfPerson(user));

const placeOf = (entry: ReadEntry, place: FileAt, said: Said): Place | undefined =>
  said.isSaid(entry.user) ? { ...place, line: said.lineIn(entry) } : undefined;

/** None where there is no such file. */
async function entriesAt(history: GitHistory, place: FileAt, said: Said): Promise<readonly ReadEntry[] | undefined> {
  const text = await history.textAt(place);
  return text === undefined ? [] : said.entriesOf(place, text);
}
