import type { SeedTeam } from '../../src/sandbox/index.ts';
import { prefixedTeam } from './prefixed.ts';
import type { Target } from './target.ts';

/** Makes teams with their channels, under names of this suite alone; returns their ids. */
export async function makeTeams(
  { client, prefix }: Target,
  teams: readonly Pick<SeedTeam, 'name' | 'channels'>[],
): Promise<readonly string[]> {
  const made: string[] = [];
  for (const { name: plain, channels = [] } of teams) {
    const team = await client.teams.create({ name: prefixedTeam(plain, prefix), display_name: plain, type: 'I' });
    made.push(team.id);
    for (const one of channels) {
      const { name, type = 'O' } = typeof one === 'string' ? { name: one } : one;
      await client.channels.create({ team_id: team.id, name, display_name: name, type });
    }
  }
  return made;
}

/** A team is never deleted. */
export async function archiveTeams({ client }: Target, ids: readonly string[]): Promise<void> {
  for (const id of ids) await client.teams.archive(id);
}
