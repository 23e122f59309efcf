/** What is wrong with the teams and channels of one entry, that no schema can say. */
import type { DesiredUser, EntryPart } from '../model/desired-state.ts';
import { channelPlace, type DesiredChannel, defaultChannel } from '../model/memberships.ts';
import { type ProblemText, refuse } from '../model/messages/problems.ts';
import type { Problem } from '../model/problem.ts';
import { isGuest } from '../model/user-rules.ts';

/** @param placed - a problem at a part of the entry */
export function checkTeams(
  { username, teams, values }: DesiredUser,
  placed: (part: EntryPart, problem: ProblemText) => Problem,
): readonly Problem[] {
  if (teams === undefined) return none;
  const problems: Problem[] = [];
  const add = (place: string, problem: ProblemText): void => {
    problems.push(placed(`teams.${place}`, problem));
  };
  const isGuestThen = values.roles !== undefined && isGuest(values.roles);
  for (const place of twiceIn(teams)) add(place, refuse('duplicate-place', { username, place }));
  for (const { name: team, member, role, channels } of teams) {
    for (const name of twiceIn(channels)) {
      const place = channelPlace(team, name);
      add(place, refuse('duplicate-place', { username, place }));
    }
    for (const { name, role: own } of channels) {
      const place = channelPlace(team, name);
      if (isDirect(name)) add(place, refuse('direct-channel', { username, channel: name }));
      if (isGuestThen && own === 'admin') add(place, refuse('guest-administers', { username, place }));
    }
    if (!isGuestThen || !member) continue;
    if (role === 'admin') add(team, refuse('guest-administers', { username, place: team }));
    if (!channels.some(isOwnChannel)) add(team, refuse('guest-without-channel', { username, team }));
  }
  return problems;
}

const none: readonly Problem[] = [];

function twiceIn(places: readonly DesiredChannel[]): ReadonlySet<string> {
  const names = new Set<string>();
  return new Set(places.flatMap(({ name }) => (names.size === names.add(name).size ? [name] : [])));
}

/** One that the person is added to by itself. */
const isOwnChannel = ({ name, member }: DesiredChannel): boolean => member && name !== defaultChannel;

/** Channels of two people, and of small groups, have such names and belong to no team. */
const isDirect = (name: string): boolean => /^([a-z0-9]{26}__[a-z0-9]{26}|[0-9a-f]{40})$/.test(name);
