/** An entry with what its bundles add: sets are united, and two that contradict each other are a problem. Pure. */
import { type Bundle, type BundleTeam, shownOrigin } from '../model/bundles.ts';
import type { BundleOrigin } from '../model/desired-state.ts';
import type { ChannelEntry, TeamEntry, UserEntry } from '../model/generated/users-file.ts';
import { channelPlace } from '../model/memberships.ts';
import { type ProblemText, refuse } from '../model/messages/problems.ts';
import type { SourcePosition } from '../model/problem.ts';
import { suggest } from '../model/suggest.ts';
import { channelName, teamName } from './build-teams.ts';

export interface ExpandedEntry {
  readonly entry: UserEntry;
  /** By part (`roles`, `teams.core/ops`), the bundles that say something of it. */
  readonly origins: ReadonlyMap<string, readonly BundleOrigin[]>;
  /** Roles that are there by bundles alone. */
  readonly roles: readonly string[];
  readonly flaws: readonly BundleFlaw[];
}

export interface BundleFlaw {
  /** Of the entry. */
  readonly part: string;
  readonly problem: ProblemText;
  readonly also?: SourcePosition;
}

/** Most entries name no bundle. */
const noOrigins: ExpandedEntry['origins'] = new Map();
const none: readonly never[] = [];

export function expandEntry(entry: UserEntry, bundles: ReadonlyMap<string, Bundle>): ExpandedEntry {
  const names = entry.bundles ?? none;
  if (names.length === 0) return { entry, origins: noOrigins, roles: none, flaws: none };
  const expansion = new Expansion(entry);
  for (const name of names) {
    const bundle = bundles.get(name);
    if (bundle === undefined) expansion.flaws.push(unknown(entry.username, name, bundles));
    else expansion.add(bundle);
  }
  return expansion.result();
}

function unknown(username: string, bundle: string, bundles: ReadonlyMap<string, Bundle>): BundleFlaw {
  const near = suggest(bundle, [...bundles.keys()]);
  const problem =
    near === undefined
      ? refuse('unknown-bundle', { is: 'none', username, bundle })
      : refuse('unknown-bundle', { is: 'near', username, bundle, near });
  return { part: `bundles.${bundle}`, problem };
}

type Mutable = { team?: string; channel?: string; role?: 'member' | 'admin'; member?: false };
type MutableTeam = Mutable & { team: string; channels?: MutableChannel[] };
type MutableChannel = Mutable & { channel: string };

/** Collects what entry and bundles say, place by place. */
class Expansion {
  readonly flaws: BundleFlaw[] = [];
  readonly #entry: UserEntry;
  readonly #teams: MutableTeam[];
  readonly #own: ReadonlySet<string>;
  readonly #roles: Set<string>;
  readonly #origins = new Map<string, BundleOrigin[]>();
  /** By part, who gave the place its role, or ended it. */
  readonly #givers = new Map<string, string>();
  #hasTeams: boolean;
  #hasRoles: boolean;

  constructor(entry: UserEntry) {
    this.#entry = entry;
    this.#teams = (entry.teams ?? []).map(copyTeam);
    this.#hasTeams = entry.teams !== undefined;
    this.#hasRoles = entry.roles !== undefined;
    this.#roles = new Set(entry.roles);
    this.#own = new Set(entry.roles);
  }

  add(bundle: Bundle): void {
    if (bundle.roles.length > 0) {
      this.#hasRoles = true;
      this.#note('roles', bundle);
      for (const role of bundle.roles) this.#roles.add(role);
    }
    for (const team of bundle.teams) this.#addTeam(team, bundle);
  }

  #addTeam(written: BundleTeam, bundle: Bundle): void {
    this.#hasTeams = true;
    const name = teamName(written);
    const team = typeof written === 'string' ? { team: written } : written;
    let into = this.#teams.find((one) => one.team === name);
    if (into === undefined) {
      into = { team: name };
      this.#teams.push(into);
    }
    this.#merge(into, team.role, `teams.${name}`, bundle);
    for (const channel of team.channels ?? []) {
      const channelIs = channelName(channel);
      into.channels ??= [];
      let inside = into.channels.find((one) => one.channel === channelIs);
      if (inside === undefined) {
        inside = { channel: channelIs };
        into.channels.push(inside);
      }
      const role = typeof channel === 'string' ? undefined : channel.role;
      this.#merge(inside, role, `teams.${channelPlace(name, channelIs)}`, bundle);
    }
  }

  #merge(into: Mutable, role: Mutable['role'], part: string, bundle: Bundle): void {
    this.#note(part, bundle);
    const giver = this.#givers.get(part) ?? 'the entry';
    const own = shownOrigin({ bundle: bundle.name, ...bundle.at(part) });
    const before = into.member === false ? 'no member' : into.role;
    const after = role ?? 'a member';
    const clashes = into.member === false || (role !== undefined && into.role !== undefined && role !== into.role);
    if (clashes) {
      const { username } = this.#entry;
      const what = { username, place: part.slice('teams.'.length), before: before ?? '', giver, after, own };
      // Where the entry itself is one of both, its own line is.
      const at = giver === 'the entry' ? part : `bundles.${bundle.name}`;
      this.flaws.push({ part: at, problem: refuse('bundles-contradict', what), also: bundle.at(part) });
      return;
    }
    if (role === undefined || into.role !== undefined) return;
    into.role = role;
    this.#givers.set(part, own);
  }

  #note(part: string, bundle: Bundle): void {
    const known = this.#origins.get(part) ?? [];
    this.#origins.set(part, [...known, { bundle: bundle.name, ...bundle.at(part) }]);
  }

  result(): ExpandedEntry {
    return {
      entry: {
        ...this.#entry,
        ...(this.#hasRoles && { roles: [...this.#roles] }),
        ...(this.#hasTeams && { teams: this.#teams.map((team): TeamEntry => team) }),
      },
      origins: this.#origins,
      roles: [...this.#roles].filter((role) => !this.#own.has(role)),
      flaws: this.flaws,
    };
  }
}

function copyTeam(team: TeamEntry): MutableTeam {
  if (typeof team === 'string') return { team };
  const { channels, ...rest } = team;
  return { ...rest, ...(channels !== undefined && { channels: channels.map(copyChannel) }) };
}

const copyChannel = (channel: ChannelEntry): MutableChannel =>
  typeof channel === 'string' ? { channel } : { ...channel };
