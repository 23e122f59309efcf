/** What an access review needs to know of memberships: which change gave them, and how an entry takes them away. */
import { isChangeOf } from '../../model/change-classes.ts';
import { byText } from '../../model/compare.ts';
import type { DesiredChannel, DesiredTeam } from '../../model/memberships.ts';
import { channelPlace, defaultChannel, isChannelPlace, teamOf } from '../../model/memberships.ts';
import type { RevokedFrom } from '../../model/resource-definition.ts';
import { accountKey, type GrantsOfChange, type MadeChange, noRemoval, type Removal } from '../../model/review.ts';
import { isGuest } from '../../model/user-rules.ts';
import { placeIn } from './definition-change.ts';
import { toTeamEntry } from './definition-entry.ts';

/** Of the membership in a team or channel, and of its administration. A team keeps its name for ever. */
export const grantKey = (place: string): string => `${isChannelPlace(place) ? 'channel' : 'team'}:${place}`;
export const adminKey = (place: string): string => `${isChannelPlace(place) ? 'channel' : 'team'}-admin:${place}`;

export function grantsOfMembershipChange({ change }: MadeChange): GrantsOfChange {
  if (!isChangeOf('membership', change)) return { given: [], taken: [] };
  const place = placeIn(change);
  switch (change.class) {
    case 'team-join':
    case 'channel-join':
      return { given: [grantKey(place)], taken: [] };
    case 'team-leave':
    case 'channel-leave':
      return { given: [], taken: [grantKey(place), adminKey(place)] };
    case 'team-admin-gain':
    case 'team-admin-loss':
    case 'channel-admin':
      return change.after === 'admin'
        ? { given: [adminKey(place)], taken: [] }
        : { given: [], taken: [adminKey(place)] };
  }
}

/** The teams of the entry with what is revoked ended; what the entry does not write so far is written for it. */
export function revokeMemberships(
  keys: ReadonlySet<string>,
  { account, live, desired }: Pick<RevokedFrom, 'account' | 'live' | 'desired'>,
): Removal {
  const members = live.membership?.members ?? [];
  const left = members.map(({ place }) => place).filter((place) => keys.has(grantKey(place)));
  const lost = members.map(({ place }) => place).filter((place) => keys.has(adminKey(place)) && !left.includes(place));
  const edited: string[] = [];
  const byHand = new Map<string, string>();
  let teams: readonly DesiredTeam[] = desired?.teams ?? [];
  const isAway = !account.values.active || keys.has(accountKey);
  for (const place of left) {
    if (isLastChannel(place)) byHand.set(grantKey(place), 'a guest needs a channel in a team: revoke the team, too');
    else {
      teams = withPlace(teams, place, { member: false });
      // An entry of a guest names a channel of each team.
      if (isChannelPlace(place) && isGuest(account.values.roles))
        for (const one of channelsKept(place)) teams = withPlace(teams, one, { member: true });
      edited.push(grantKey(place));
      if (keys.has(adminKey(place))) edited.push(adminKey(place));
    }
  }
  for (const place of lost) {
    if (isAway)
      byHand.set(adminKey(place), 'take it away in the System Console: entries decide about people who are there');
    else {
      teams = withPlace(teams, place, { member: true, role: 'member' });
      edited.push(adminKey(place));
    }
  }
  if (edited.length === 0 && byHand.size === 0) return noRemoval;
  // An entry that ends what its bundle gives would contradict it.
  if ((desired?.bundlePlaces ?? []).length > 0) {
    const hint = 'bundles of the entry name teams: change the bundles, or the entry by hand';
    return { ...noRemoval, byHand: new Map([...edited.map((key) => [key, hint] as const), ...byHand]) };
  }
  const edits = edited.length === 0 ? [] : [{ field: 'teams' as const, value: teams.map(toTeamEntry) }];
  return { edits, edited, byHand };

  function isLastChannel(place: string): boolean {
    if (!isChannelPlace(place) || isAway || !isGuest(account.values.roles)) return false;
    return !left.includes(teamOf(place)) && channelsKept(place).length === 0;
  }

  function channelsKept(channel: string): readonly string[] {
    return members
      .map(({ place }) => place)
      .filter((place) => isChannelPlace(place) && teamOf(place) === teamOf(channel) && !left.includes(place))
      .filter((place) => place !== channelPlace(teamOf(place), defaultChannel));
  }
}

/** The teams, with one place changed. A team that is left has no channels to speak of. */
function withPlace(
  teams: readonly DesiredTeam[],
  place: string,
  wanted: Pick<DesiredChannel, 'member' | 'role'>,
): readonly DesiredTeam[] {
  const team = teamOf(place);
  const own = teams.find(({ name }) => name === team) ?? { name: team, member: true, channels: [] };
  if (!own.member) return teams;
  const others = teams.filter(({ name }) => name !== team);
  if (!isChannelPlace(place))
    return [...others, { name: team, ...wanted, channels: wanted.member ? own.channels : [] }].toSorted(byName);
  const name = place.slice(team.length + 1);
  const before = own.channels.find((one) => one.name === name);
  // What the entry says of a channel already stays, unless it is to be left.
  const channel = before !== undefined && wanted.member && wanted.role === undefined ? before : { name, ...wanted };
  const channels = [...own.channels.filter((one) => one.name !== name), channel].toSorted(byName);
  return [...others, { ...own, channels }].toSorted(byName);
}

const byName = byText(({ name }: DesiredChannel) => name);
