/** What a pull request changes of the entries of people that no action of a plan shows: dates to come, what is managed no more, how tokens are kept. Pure. */
import { canonicalJson } from '../model/canonical-json.ts';
import type { DesiredToken, DesiredUser } from '../model/desired-state.ts';
import { durationText } from '../model/duration.ts';
import { groupBy } from '../model/group-by.ts';
import { isRecord } from '../model/is-record.ts';
import { channelPlace, type DesiredChannel } from '../model/memberships.ts';
import type { SettingDifference } from '../model/plan.ts';
import { attributeOfField, isUserAttribute, userAttributes } from '../model/user-attributes.ts';

/** An entry of a users file, as far as it is compared. */
export interface ComparedEntry {
  readonly user: DesiredUser;
  /** As they are written. */
  readonly dates: { readonly starts?: string; readonly ends?: string };
  readonly file: string;
  readonly line: number;
  /** It names a bundle that is not known: its roles and teams are not known either. */
  readonly lacksBundle: boolean;
}

export interface EntriesToCompare {
  readonly before: readonly ComparedEntry[];
  readonly after: readonly ComparedEntry[];
  /** Of these a plan says that they cannot be used. */
  readonly unusable: ReadonlySet<string>;
}

/** So many people with the same difference have a row each; more of them have one together, where it decides nothing about access. */
const maxAlike = 20;

export function compareEntries({ before, after, unusable }: EntriesToCompare): readonly SettingDifference[] {
  const now = new Entries(after);
  const found = before.flatMap((entry): readonly OfPerson[] => {
    const person = entry.user.username;
    const other = now.of(entry.user);
    if (other !== undefined) return differencesOf(entry, other);
    return unusable.has(person) ? [] : [{ person, field: 'entry', before: 'declared', after: 'not declared' }];
  });
  const groups = groupBy(found, likeness);
  const isAlone = (one: OfPerson): boolean =>
    decidesAccess(one.field) || (groups.get(likeness(one)) ?? []).length <= maxAlike;
  const together = [...groups.values()].flatMap((alike): readonly SettingDifference[] => {
    const [first] = alike;
    if (first === undefined || isAlone(first)) return [];
    const { person: _, file: _file, line: _line, ...row } = first;
    return [{ ...row, people: alike.map(({ person }) => person) }];
  });
  return [...found.filter(isAlone), ...together];
}

const likeness = ({ field, before, after }: SettingDifference): string => canonicalJson({ field, before, after });

/** Dates, tokens, places and whole entries do, and of attributes those that a plan always looks at. */
function decidesAccess(field: string): boolean {
  const attribute = attributeOfField(field);
  return !isUserAttribute(attribute) || userAttributes[attribute].isLookedAt === 'always';
}

type OfPerson = SettingDifference & { readonly person: string };

/** By everything that says that two entries are of one person. */
class Entries {
  readonly #byName = new Map<string, ComparedEntry>();
  readonly #byEarlierName = new Map<string, ComparedEntry>();
  readonly #byId = new Map<string, ComparedEntry>();

  constructor(entries: readonly ComparedEntry[]) {
    for (const entry of entries) {
      const { username, previousUsernames, id } = entry.user;
      this.#byName.set(username, entry);
      for (const name of previousUsernames) this.#byEarlierName.set(name, entry);
      if (id !== undefined) this.#byId.set(id, entry);
    }
  }

  of({ username, id }: DesiredUser): ComparedEntry | undefined {
    return (
      (id === undefined ? undefined : this.#byId.get(id)) ??
      this.#byName.get(username) ??
      this.#byEarlierName.get(username)
    );
  }
}

function differencesOf(before: ComparedEntry, after: ComparedEntry): readonly OfPerson[] {
  const rows = [
    ...datesThatDiffer(before, after),
    ...tokensThatDiffer(before.user, after.user),
    ...leftAlone(before, after),
  ];
  return rows.map((row) => ({ person: after.user.username, file: after.file, line: after.line, ...row }));
}

type Row = Pick<SettingDifference, 'field' | 'before' | 'after'>;

const rowOf = (field: string, before: string | undefined, after: string | undefined): readonly Row[] =>
  before === after ? [] : [{ field, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }];

const datesThatDiffer = ({ dates: old }: ComparedEntry, { dates: now }: ComparedEntry): readonly Row[] =>
  (['starts', 'ends'] as const).flatMap((field) => rowOf(field, old[field], now[field]));

/** How tokens of both are kept; that one comes or goes is an action. */
function tokensThatDiffer({ tokens: old = [] }: DesiredUser, { tokens: now = [] }: DesiredUser): readonly Row[] {
  return now.flatMap((token) => {
    const before = old.find(({ name }) => name === token.name);
    if (before === undefined) return [];
    return Object.entries(tokenFields).flatMap(([field, valueOf]) =>
      rowOf(`tokens.${token.name}.${field}`, valueOf(before), valueOf(token)),
    );
  });
}

/** By the names of the file: what is used for the next secret. The others are compared with the server. */
const tokenFields: Readonly<Record<string, (token: DesiredToken) => string | undefined>> = {
  overlap: ({ overlapMs }) => durationText(overlapMs),
  expires_in: ({ expiresInMs }) => (expiresInMs === undefined ? undefined : durationText(expiresInMs)),
  rotate_every: ({ rotateEveryMs }) => (rotateEveryMs === undefined ? undefined : durationText(rotateEveryMs)),
  rotate_before: ({ rotateBeforeMs }) => (rotateBeforeMs === undefined ? undefined : durationText(rotateBeforeMs)),
  sink: ({ sink }) => sink,
};

/** What the first manages, and the second leaves as it is. */
function leftAlone(before: ComparedEntry, after: ComparedEntry): readonly Row[] {
  const isManaged = managedBy(after.user);
  const isUnknown = before.lacksBundle || after.lacksBundle;
  return [...managedBy(before.user)].flatMap(([whole, parts]) => {
    if (isUnknown && (whole === 'roles' || whole === 'teams')) return [];
    const own = isManaged.get(whole);
    if (own === undefined) return rowOf(whole, 'managed', 'not managed');
    return parts
      .filter((part) => !own.includes(part))
      .flatMap((part) => rowOf(`${whole}.${part}`, 'managed', 'not managed'));
  });
}

/** The fields of an entry, each with the parts that stand by themselves. */
function managedBy({ values, tokens, teams }: DesiredUser): ReadonlyMap<string, readonly string[]> {
  const { username: _, ...attributes } = values;
  const parts = Object.entries(attributes).map(
    ([name, value]) => [name, isRecord(value) ? Object.keys(value) : []] as const,
  );
  const places = teams?.flatMap(({ channels, ...team }) => [
    ...partsOf(team.name, team),
    ...channels.flatMap((channel) => partsOf(channelPlace(team.name, channel.name), channel)),
  ]);
  return new Map([
    ...parts,
    ...(tokens === undefined ? [] : [['tokens', tokens.map(({ name }) => name)] as const]),
    ...(places === undefined ? [] : [['teams', places] as const]),
  ]);
}

const partsOf = (place: string, { role }: DesiredChannel): readonly string[] =>
  role === undefined ? [place] : [place, `${place} (role)`];
