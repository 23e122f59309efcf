/** Places that muster does not decide about: a directory, an access policy, or the server does. */
import type { ServerFacts } from '../../model/live-state.ts';
import { defaultChannel, type LiveChannel, type LiveTeam } from '../../model/memberships.ts';
import { type Hold, hold } from '../../model/messages/held-rows.ts';
import type { Change } from '../../model/plan.ts';

export interface OwnedPlace {
  readonly change: Change;
  readonly team: LiveTeam;
  /** Absent: the change is about the team. */
  readonly channel?: LiveChannel;
  /** As it is once the plan is made; absent: the account has none. */
  readonly email?: string;
  readonly isGuest: boolean;
  readonly facts: ServerFacts;
}

/** Who decides about a membership, if not muster. */
export function ownerOfMembership(owned: OwnedPlace): Hold | undefined {
  for (const rule of rules) {
    const owner = rule(owned);
    if (owner !== undefined) return owner;
  }
  return undefined;
}

const movesPeople = ({ class: name }: Change): boolean =>
  name === 'team-join' || name === 'team-leave' || name === 'channel-join' || name === 'channel-leave';

const rules: ReadonlyArray<(owned: OwnedPlace) => Hold | undefined> = [
  ({ change, team, channel }) =>
    movesPeople(change) && (channel ?? team).isGroupSynced
      ? hold('group-owns-membership', 'group sync', { place: nameOf(team, channel) })
      : undefined,
  // A policy of a public channel only advises.
  ({ change, team, channel }) =>
    (change.class === 'team-join' && team.hasPolicy) ||
    (change.class === 'channel-join' && channel?.hasPolicy === true && channel.isPrivate)
      ? hold('policy-owns-membership', 'access policy', { place: nameOf(team, channel) })
      : undefined,
  ({ change, channel, isGuest }) =>
    change.class === 'channel-leave' && channel?.name === defaultChannel && !isGuest
      ? hold('default-channel', 'the server', { team: channel.team })
      : undefined,
  ({ change, team, email = '', isGuest, facts: { emailDomains } }) => {
    if (change.class !== 'team-join') return undefined;
    const allowed = isGuest ? [emailDomains?.guests ?? []] : [team.allowedDomains, emailDomains?.members ?? []];
    const refused = allowed.find((domains) => domains.length > 0 && !domains.some((one) => email.endsWith(`@${one}`)));
    return refused === undefined
      ? undefined
      : hold('domain-not-allowed', 'the server', { team: team.name, domains: refused.join(', ') });
  },
  ({ change, team, channel, isGuest }) =>
    isGuest && change.after === 'admin'
      ? hold('guest-cannot-administer', 'the server', { place: nameOf(team, channel) })
      : undefined,
];

const nameOf = (team: LiveTeam, channel: LiveChannel | undefined): string =>
  channel === undefined ? team.name : `${team.name}/${channel.name}`;
