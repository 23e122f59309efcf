import type { SandboxConfig } from './config.ts';
import type { Licence } from './licence.ts';
import { type MembershipState, membershipStates } from './membership-states.ts';
import type { BotRow, ChannelRow, Mail, PreferenceRow, SessionRow, TeamRow, TokenRow, UserRow } from './rows.ts';
import type { World } from './world.ts';

/** An account as a test sees it: everything but the secrets. */
export interface PersonState extends Omit<UserRow, 'password' | 'mfa_secret' | 'mfa_used_steps'> {
  readonly passwordSet: boolean;
  readonly isBot: boolean;
}

/** A deep copy of a whole server, without secrets, in a fixed order. */
export interface SandboxState {
  /** By username. */
  readonly people: readonly PersonState[];
  readonly bots: readonly BotRow[];
  /** In the order of their making. */
  readonly tokens: readonly Omit<TokenRow, 'token'>[];
  readonly sessions: readonly Omit<SessionRow, 'token'>[];
  readonly preferences: readonly PreferenceRow[];
  readonly mails: readonly Mail[];
  /** By name, without their invite ids. */
  readonly teams: readonly Omit<TeamRow, 'invite_id'>[];
  readonly channels: readonly ChannelRow[];
  /** Of teams and channels, by place and username. */
  readonly memberships: readonly MembershipState[];
  readonly config: SandboxConfig;
  readonly licence: Licence | undefined;
}

export function snapshot(world: World): SandboxState {
  const { store } = world;
  return structuredClone({
    people: [...store.people.sorted()].map((user) => personState(world, user)),
    bots: [...store.bots.values()],
    tokens: [...store.tokens.all()].map(({ token: _secret, ...token }) => token),
    sessions: [...store.sessions.all()].map(withoutSecrets),
    preferences: [...store.preferences.all()],
    mails: store.mails.map(({ link: _link, ...mail }) => mail),
    teams: [...store.teams.values()].map(({ invite_id: _invite, ...team }) => team),
    channels: [...store.channels.all()],
    memberships: membershipStates(world),
    config: world.config,
    licence: world.licence,
  });
}

export function personState(world: World, user: UserRow): PersonState {
  const { password, mfa_secret: _secret, mfa_used_steps: _steps, ...rest } = user;
  return { ...rest, passwordSet: password !== '', isBot: world.isBot(user.id) };
}

function withoutSecrets({ token: _secret, props, ...session }: SessionRow): Omit<SessionRow, 'token'> {
  const { csrf: _csrf, ...rest } = props;
  return { ...session, props: rest };
}
