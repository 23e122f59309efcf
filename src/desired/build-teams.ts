import { byText } from '../model/compare.ts';
import type { ChannelEntry, TeamEntry } from '../model/generated/users-file.ts';
import type { DesiredChannel, DesiredTeam } from '../model/memberships.ts';

/** A list of teams is a set: the order in which they are written says nothing. Keys are in the order of canonical JSON. */
const buildTeams = (teams: readonly TeamEntry[]): readonly DesiredTeam[] => teams.map(buildTeam).toSorted(byName);

/** Makes of equal lists one: most people are in the teams of many others. */
export class SharedTeams {
  readonly #known = new Map<string, readonly DesiredTeam[]>();

  build(teams: readonly TeamEntry[]): readonly DesiredTeam[] {
    const key = JSON.stringify(teams);
    const before = this.#known.get(key);
    if (before !== undefined) return before;
    const built = buildTeams(teams);
    this.#known.set(key, built);
    return built;
  }
}

function buildTeam(entry: TeamEntry): DesiredTeam {
  if (typeof entry === 'string') return { channels: [], member: true, name: entry };
  const { channels = [], team, ...rest } = entry;
  return { channels: channels.map(buildChannel).toSorted(byName), ...place(team, rest) };
}

function buildChannel(entry: ChannelEntry): DesiredChannel {
  if (typeof entry === 'string') return { member: true, name: entry };
  const { channel, ...rest } = entry;
  return place(channel, rest);
}

type Rest = Pick<Exclude<ChannelEntry, string>, 'member' | 'role'>;

const place = (name: string, { member, role }: Rest): DesiredChannel => ({
  member: member ?? true,
  name,
  ...(role !== undefined && { role }),
});

const byName = byText(({ name }: DesiredChannel) => name);

/** How a team of an entry is called. */
export const teamName = (entry: TeamEntry): string => (typeof entry === 'string' ? entry : entry.team);

export const channelName = (entry: ChannelEntry): string => (typeof entry === 'string' ? entry : entry.channel);
