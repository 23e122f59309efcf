import type { ChannelRow } from './rows.ts';

/** The table of channels: by id, by name within a team, and by team. */
export class Channels {
  readonly #byId = new Map<string, ChannelRow>();
  readonly #byTeam = new Map<string, Map<string, string>>();

  get(id: string): ChannelRow | undefined {
    return this.#byId.get(id);
  }

  /** By name; archived channels keep theirs. */
  byName(teamId: string, name: string): ChannelRow | undefined {
    const id = this.#byTeam.get(teamId)?.get(name);
    return id === undefined ? undefined : this.#byId.get(id);
  }

  ofTeam(teamId: string): readonly ChannelRow[] {
    return [...(this.#byTeam.get(teamId)?.values() ?? [])].flatMap((id) => this.#byId.get(id) ?? []);
  }

  all(): IterableIterator<ChannelRow> {
    return this.#byId.values();
  }

  put(channel: ChannelRow): void {
    const before = this.#byId.get(channel.id);
    const names = this.#byTeam.get(channel.team_id) ?? new Map<string, string>();
    if (before !== undefined) names.delete(before.name);
    this.#byTeam.set(channel.team_id, names.set(channel.name, channel.id));
    this.#byId.set(channel.id, channel);
  }
}
