/** What an entry wants of teams and channels, beside what there is. */
import { declaredText } from '../../model/bundles.ts';
import { compareText } from '../../model/compare.ts';
import {
  defaultChannel,
  isChannelPlace,
  type LivePlaces,
  type Standing,
  standingIn,
  teamOf,
} from '../../model/memberships.ts';
import { note } from '../../model/messages/notice-rows.ts';
import { type ProblemText, refuse } from '../../model/messages/problems.ts';
import type { Change, ChangeClass, HeldChange, Notice, Reason } from '../../model/plan.ts';
import type { Problem } from '../../model/problem.ts';
import type { Findings, Person, PlanContext } from '../../model/resource-definition.ts';
import { noFindings, unlessEmpty } from '../../model/resource-definition.ts';
import { changesBeyond, isConcernedBeyond } from './definition-beyond.ts';
import { placeChange, placeIn } from './definition-change.ts';
import { leavesOfDeclared } from './definition-exact.ts';
import { keepGuestsInTeams } from './definition-guests.ts';
import { ownerOf } from './definition-owner-of.ts';
import { isGuestThen, partOf, type WantedPlace, wantedNow } from './definition-wanted.ts';

export function diffMemberships(person: Person, context: PlanContext): Findings {
  const wanted = wantedNow(person);
  const isConcerned = isConcernedBeyond(person, context.policy);
  const exact = leavesOfDeclared(person, placesOf(context), context);
  if (wanted.length === 0 && !isConcerned && exact.changes.length + exact.held.length === 0) return noFindings;
  const problems = [
    ...problemsOf(person, wanted, context),
    ...(isConcerned && !isReadWhole(person) ? [notReadWhole(person, context)] : []),
  ];
  if (problems.length > 0) return { ...noFindings, problems };
  const beyond = changesBeyond(person, wanted, placesOf(context), context);
  const differences = [
    ...beyond.changes,
    ...wanted.flatMap((place) =>
      changesOf(place, person, beyond.rejoined, context).map((change) => ({ place, change })),
    ),
  ];
  const changes: Change[] = [...exact.changes];
  const held: HeldChange[] = [...exact.held];
  for (const { place, change } of differences) {
    const owner = ownerOf(change, place, person, context);
    if (owner === undefined) changes.push(change);
    else held.push({ change, ...owner });
  }
  const kept = keepGuestsInTeams(person, { changes, held }, placesOf(context));
  const notices = [...beyond.notices, ...kept.changes.flatMap((change) => goesWith(change, person))];
  return unlessEmpty({ ...noFindings, ...kept, notices });
}

/** Of whom there is no account, nothing can come back. */
const isReadWhole = ({ live: { user, membership } }: Person): boolean =>
  user === undefined || membership?.asked === 'all';

const notReadWhole = ({ desired, live }: Person, context: PlanContext): Problem => ({
  ...refuse('memberships-not-read', { is: 'any', username: desired.username, id: live.user?.id ?? '' }),
  at: context.desired.locate(desired),
});

/** What goes with a team, and does not come back with it. */
function goesWith(change: Change, { desired, live }: Person): readonly Notice[] {
  if (change.class !== 'team-leave') return [];
  const team = placeIn(change);
  const channels = (live.membership?.members ?? [])
    .filter(({ place }) => isChannelPlace(place) && teamOf(place) === team)
    .map(({ place }) => place.slice(team.length + 1))
    .toSorted(compareText);
  const text =
    channels.length === 0
      ? note('leaves-channels', { is: 'no-channel', team })
      : note('leaves-channels', { is: 'channels', team, channels: channels.join(', ') });
  return [{ ...text, person: desired.username }];
}

const placesOf = ({ common }: PlanContext): LivePlaces => common?.membership ?? nowhere;
const nowhere: LivePlaces = { teams: new Map(), channels: new Map() };

/** What is wrong with the places that an entry names on this server. */
function problemsOf(person: Person, wanted: readonly WantedPlace[], context: PlanContext): readonly Problem[] {
  const { desired, live } = person;
  const { username } = desired;
  const problems: Problem[] = [];
  const add = (place: string, problem: ProblemText): void => {
    problems.push({ ...problem, at: context.desired.locate(desired, partOf(place)) });
  };
  const known = placesOf(context);
  for (const one of wanted) {
    const { place, team: name, member, channel } = one;
    const team = known.teams.get(name);
    if (team === undefined) {
      // Of the channels of a team that is not there, nothing more is said.
      if (channel === undefined) add(place, refuse('no-such-place', { is: 'team', username, team: name }));
      continue;
    }
    const there = channel === undefined ? team : known.channels.get(place);
    if (there === undefined)
      add(place, refuse('no-such-place', { is: 'channel', username, channel: channel ?? '', team: name }));
    else if (member && there.isArchived) add(place, refuse('archived-place', { username, place }));
    else if (live.user !== undefined && standingNow(person, place) === undefined)
      add(place, refuse('memberships-not-read', { is: 'place', username, id: live.user.id, place }));
  }
  if (problems.length === 0)
    for (const team of guestsWithoutChannel(person, wanted))
      add(team, refuse('guest-without-channel', { username, team }));
  return problems;
}

/** A guest sees nothing of a team but the channels that they are added to. */
function guestsWithoutChannel({ desired, live }: Person, wanted: readonly WantedPlace[]): readonly string[] {
  if (!isGuestThen(desired, live.user?.values.roles)) return [];
  const teams = wanted.filter(({ channel, member }) => channel === undefined && member);
  return teams.map(({ team }) => team).filter((team) => !wanted.some((one) => isChannelIn(team, one)));
}

const isChannelIn = (team: string, one: WantedPlace): boolean =>
  one.team === team && one.channel !== undefined && one.channel !== defaultChannel && one.member;

/** What the person is in a place; `undefined`: that was not read. */
function standingNow({ live }: Person, place: string): Standing | undefined {
  if (live.user === undefined) return 'none';
  return live.membership === undefined ? undefined : standingIn(live.membership, place);
}

function changesOf(
  wanted: WantedPlace,
  person: Person,
  rejoined: ReadonlySet<string>,
  context: PlanContext,
): readonly Change[] {
  const { place, team, channel, member, role } = wanted;
  const now = rejoined.has(team) ? 'none' : (standingNow(person, place) ?? 'none');
  const isTeam = channel === undefined;
  // Where a line stands is asked for what differs alone.
  const change = (name: ChangeClass, before: Standing, after: Standing): Change =>
    placeChange(person, { place, class: name, before, after, reason: reasonOf(person, place, context) });
  if (!member)
    return now === 'none' ? [] : [leave(change(isTeam ? 'team-leave' : 'channel-leave', now, 'none'), person)];
  // Everyone in the team is in it, by no call of its own.
  const joins = now === 'none' && channel !== defaultChannel;
  const standing = now === 'none' ? 'member' : now;
  // Who comes back administers only what the entry says.
  if (role === undefined && now === 'admin' && person.transition === 'returns') {
    const loss = change(roleClass(isTeam, 'member'), now, 'member');
    return [{ ...loss, part_of: 'return', reason: asReturner(loss.reason) }];
  }
  return [
    ...(joins ? [change(isTeam ? 'team-join' : 'channel-join', 'none', 'member')] : []),
    ...(role === undefined || role === standing ? [] : [change(roleClass(isTeam, role), standing, role)]),
  ];
}

/**
 * Adds come before removals for a guest: a guest who leaves their last channel leaves the team. Who comes back joins nothing before,
 * and has another channel here, or leaves the team as a whole.
 */
const leave = (change: Change, { desired, live, transition }: Person): Change =>
  change.class === 'channel-leave' && transition !== 'returns' && isGuestThen(desired, live.user?.values.roles)
    ? { ...change, part_of: 'guest-move' }
    : change;

const asReturner = (reason: Reason): Reason => ({
  ...reason,
  rule: 'returner',
  text: 'comes back without the administration of before: name a role to give it',
});

const roleClass = (isTeam: boolean, role: Standing): ChangeClass =>
  isTeam ? (role === 'admin' ? 'team-admin-gain' : 'team-admin-loss') : 'channel-admin';

function reasonOf({ desired }: Person, place: string, context: PlanContext): Reason {
  const origin = context.desired.locate(desired, partOf(place));
  const { file, line, column } = origin;
  return { text: declaredText(origin), file, line, column };
}
