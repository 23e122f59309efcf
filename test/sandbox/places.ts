import type { Sandbox, SandboxOptions } from '../../src/sandbox/index.ts';
import { type Ask, admin, sandboxFor, unknownId } from './support.ts';

/** A sandbox with a team and people, and the ids that paths need. */
export interface Places {
  readonly sandbox: Sandbox;
  /** As the administrator. */
  readonly ask: Ask;
  /** The id of an account. */
  readonly user: (name: string) => string;
  /** The id of a team. */
  readonly team: (name?: string) => string;
  /** The id of a channel, as `core/dev`. */
  readonly channel: (name: string) => string;
  /** The roles of a person in a place, by name; `left` after those of a team that they left. */
  readonly roles: (user: string, place: string) => string | undefined;
  /** The types of the server's own messages in a channel, in order. */
  readonly posts: (channel: string) => readonly string[];
}

/** The team core with the channel dev and the private channel ops; ada is a member, grace and linus are not. */
export async function placesFor(options: SandboxOptions = {}): Promise<Places> {
  const { seed, ...rest } = options;
  const sandbox = await sandboxFor({
    ...rest,
    seed: {
      teams: [{ name: 'core', channels: ['dev', { name: 'ops', type: 'P' }] }],
      users: [{ username: 'ada', teams: ['core'] }, { username: 'grace' }, { username: 'linus' }],
      ...seed,
    },
  });
  const { control } = sandbox;
  const channel = (name: string): string => control.channel(name).id;
  return {
    sandbox,
    ask: admin(sandbox),
    user: (name) => control.user(name)?.id ?? unknownId,
    team: (name = 'core') => control.team(name).id,
    channel,
    roles: (user, place) => {
      const found = control.memberships(user).find((one) => one.place === place);
      return found === undefined ? undefined : `${found.roles}${found.left ? ' left' : ''}`;
    },
    posts: (name) => sandbox.posts.filter((post) => post.channel_id === channel(name)).map(({ type }) => type),
  };
}

/** The body that adds a person to a team. */
export const joining = (team: string, user: string): object => ({ team_id: team, user_id: user });
