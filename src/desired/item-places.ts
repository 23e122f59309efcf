/** Where an item stands in a list of an entry that messages point at, by how the item is called. */
import type { EntryList } from '../model/desired-state.ts';
import type { UserEntry } from '../model/generated/users-file.ts';
import { channelPlace } from '../model/memberships.ts';
import type { SourcePath } from '../source/node-index.ts';
import { channelName, teamName } from './build-teams.ts';

type ItemPlaces = ReadonlyMap<string, SourcePath>;

/** Of several items of the same name the last one. */
const placesIn: Readonly<Record<EntryList, (entry: UserEntry) => ItemPlaces>> = {
  bundles: ({ bundles = [] }) => new Map(bundles.map((name, i) => [name, ['bundles', i]])),
  tokens: ({ tokens = [] }) => new Map(tokens.map(({ name }, i) => [name, ['tokens', i]])),
  teams: ({ teams = [] }) =>
    new Map(
      teams.flatMap(
        (team, i): ReadonlyArray<readonly [string, SourcePath]> => [
          [teamName(team), ['teams', i]],
          ...(typeof team === 'string' ? [] : (team.channels ?? [])).map(
            (channel, j) => [channelPlace(teamName(team), channelName(channel)), ['teams', i, 'channels', j]] as const,
          ),
        ],
      ),
    ),
};

const isList = (name: string): name is EntryList => Object.hasOwn(placesIn, name);

/** The list that a part of an entry belongs to; of any other part, the part itself. */
export function rootOf(part: string): string {
  const dot = part.indexOf('.');
  const root = dot === -1 ? part : part.slice(0, dot);
  return isList(root) ? root : part;
}

/** The ways to the items of one entry; made once a place is asked for, since there may be many items with many problems. */
export class ItemIndex {
  readonly #entry: UserEntry;
  readonly #lists = new Map<EntryList, ItemPlaces>();

  constructor(entry: UserEntry) {
    this.#entry = entry;
  }

  /** `tokens.NAME` leads to that item's place in the list. */
  pathOf(part: string): SourcePath {
    const root = rootOf(part);
    if (root === part || !isList(root)) return [part];
    return this.#placesIn(root).get(part.slice(root.length + 1)) ?? [root];
  }

  /** Whether the entry names the part itself. */
  isWritten(part: string): boolean {
    const root = rootOf(part);
    if (root === part || !isList(root)) return part in this.#entry;
    return this.#placesIn(root).has(part.slice(root.length + 1));
  }

  #placesIn(list: EntryList): ItemPlaces {
    const known = this.#lists.get(list) ?? placesIn[list](this.#entry);
    this.#lists.set(list, known);
    return known;
  }
}
