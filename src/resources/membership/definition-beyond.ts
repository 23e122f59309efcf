/**
 * What a person is in that the entry does not name, where that matters: one who comes back would have all of it again, from
 * private channels to the administration of teams, and one who leaves may have to leave it.
 */
import { byText } from '../../model/compare.ts';
import {
  isChannelPlace,
  isJoinedWithTeam,
  type LivePlaces,
  type Standing,
  standingIn,
  teamOf,
} from '../../model/memberships.ts';
import { note } from '../../model/messages/notice-rows.ts';
import type { Change, Notice, Reason } from '../../model/plan.ts';
import type { Match, Person, PlanContext } from '../../model/resource-definition.ts';
import type { Policy } from '../../model/settings.ts';
import { placeChange } from './definition-change.ts';
import { isGuestThen, toWantedPlace, type WantedPlace } from './definition-wanted.ts';

/** Whether a plan rests on everything that the person is in. */
export function isConcernedBeyond(
  { transition, desired }: Pick<Match, 'transition' | 'desired'>,
  policy: Policy,
): boolean {
  switch (transition) {
    case 'returns':
      return true;
    case 'leaves':
    case 'stays-away':
      return policy.leaverMemberships === 'leave' && desired.values.active === false;
    case 'joins':
    case 'stays':
      return false;
  }
}

/** A place that no entry names, and how it changes. */
export interface ChangeBeyond {
  readonly place: WantedPlace;
  readonly change: Change;
}

export interface Beyond {
  readonly changes: readonly ChangeBeyond[];
  readonly notices: readonly Notice[];
  /** Teams that the entry names and that the person leaves, to join them again. */
  readonly rejoined: ReadonlySet<string>;
}

const nothing: Beyond = { changes: [], notices: [], rejoined: new Set() };

/** What becomes of places that the entry does not name. */
export function changesBeyond(
  person: Person,
  wanted: readonly WantedPlace[],
  places: LivePlaces,
  context: PlanContext,
): Beyond {
  if (!isConcernedBeyond(person, context.policy)) return nothing;
  const unnamed = placesUnnamed(person, wanted);
  if (person.transition !== 'returns') return leavesEverything(person, unnamed, context);
  return comesBack(person, unnamed, wanted, places, context);
}

interface Unnamed {
  readonly place: string;
  readonly now: Exclude<Standing, 'none'>;
}

function placesUnnamed({ live }: Person, wanted: readonly WantedPlace[]): readonly Unnamed[] {
  const named = new Set(wanted.map(({ place }) => place));
  const left = new Set(wanted.flatMap(({ place, member }) => (member ? [] : [place])));
  return (live.membership?.members ?? [])
    .filter(({ place }) => !named.has(place) && !left.has(teamOf(place)))
    .map(({ place, isAdmin }) => ({ place, now: isAdmin ? ('admin' as const) : ('member' as const) }))
    .toSorted(byText(({ place }) => place));
}

const isTeam = ({ place }: Unnamed): boolean => !isChannelPlace(place);

/** With each team its channels go. */
function leavesEverything(person: Person, unnamed: readonly Unnamed[], context: PlanContext): Beyond {
  const reason = reasonOf(person, context, 'leaves: policy.leavers.memberships', 'leaver');
  return { ...nothing, changes: unnamed.filter(isTeam).map((one) => leaves(person, one, 'leave', reason)) };
}

const leaves = (person: Person, one: Unnamed, part: 'leave' | 'return', reason: Reason): ChangeBeyond => {
  const name = isTeam(one) ? 'team-leave' : 'channel-leave';
  const { place, now: before } = one;
  return {
    place: toWantedPlace(one.place),
    change: placeChange(person, { place, class: name, before, after: 'none', reason, part_of: part }),
  };
};

/**
 * Leaves first what the policy says: teams with their channels, private channels of teams that the entry names, exact places. Comes
 * back to the rest, and administers none of it.
 */
function comesBack(
  person: Person,
  unnamed: readonly Unnamed[],
  wanted: readonly WantedPlace[],
  places: LivePlaces,
  context: PlanContext,
): Beyond {
  const { returnerMemberships, exactPlaces } = context.policy;
  const exact = new Set(
    person.desired.teams === undefined ? [] : exactPlaces.filter((place) => !isJoinedWithTeam(place, places)),
  );
  const isGrave = (one: Unnamed): boolean => isTeam(one) || places.channels.get(one.place)?.isPrivate === true;
  const isLeft = (one: Unnamed): boolean => exact.has(one.place) || (returnerMemberships === 'leave' && isGrave(one));
  const left = new Set(unnamed.filter(isLeft).map(({ place }) => place));
  const rejoined = guestTeams(person, left, wanted);
  const goesAlong = (one: Unnamed): boolean =>
    rejoined.has(teamOf(one.place)) || (!isTeam(one) && left.has(teamOf(one.place)));
  const others = unnamed.filter((one) => !goesAlong(one));
  const kept = others.filter((one) => !isLeft(one));
  const because = (rule: string): Reason => reasonOf(person, context, `comes back without it: ${rule}`, 'returner');
  const again = reasonOf(person, context, 'leaves its last channel: joins again once back', 'returner');
  const listed = kept.filter(isGrave).map(({ place }) => place);
  const text = note('comes-back-to', { places: listed.join(', ') });
  return {
    changes: [
      ...[...rejoined].map((place) => leaves(person, { place, now: nowIn(person, place) }, 'return', again)),
      ...others
        .filter(isLeft)
        .map((one) =>
          leaves(
            person,
            one,
            'return',
            because(exact.has(one.place) ? 'policy.memberships.exact' : 'policy.returners.memberships'),
          ),
        ),
      ...kept.flatMap((one) => losesAdmin(person, one, context)),
    ],
    notices: listed.length === 0 ? [] : [{ ...text, person: person.desired.username }],
    rejoined,
  };
}

function losesAdmin(person: Person, one: Unnamed, context: PlanContext): readonly ChangeBeyond[] {
  if (one.now !== 'admin') return [];
  const name = isTeam(one) ? 'team-admin-loss' : 'channel-admin';
  const reason = reasonOf(person, context, 'comes back without the administration of before', 'returner');
  const change = {
    place: one.place,
    class: name,
    before: one.now,
    after: 'member',
    reason,
    part_of: 'return',
  } as const;
  return [{ place: toWantedPlace(one.place), change: placeChange(person, change) }];
}

const nowIn = ({ live: { membership } }: Person, place: string): Unnamed['now'] =>
  membership !== undefined && standingIn(membership, place) === 'admin' ? 'admin' : 'member';

/**
 * The server takes a guest who left their last channel of a team out of the team, and an inactive account joins no other
 * channel first. So they leave such a team as a whole, and join it again once they are back.
 *
 * @param left - what they leave in addition to what the entry ends
 */
function guestTeams(
  { desired, live }: Person,
  left: ReadonlySet<string>,
  wanted: readonly WantedPlace[],
): ReadonlySet<string> {
  // Roles are set before.
  if (!isGuestThen(desired, live.user?.values.roles)) return new Set();
  const ended = wanted.flatMap(({ place, member }) => (member ? [] : [place]));
  const leaving = new Set([...ended, ...left]);
  const channels = (live.membership?.members ?? []).map(({ place }) => place).filter(isChannelPlace);
  const staying = new Set(channels.filter((place) => !leaving.has(place)).map(teamOf));
  const losing = new Set(channels.filter((place) => leaving.has(place)).map(teamOf));
  const named = wanted.filter(({ channel, member }) => channel === undefined && member).map(({ team }) => team);
  return new Set(named.filter((team) => losing.has(team) && !staying.has(team)));
}

function reasonOf({ desired }: Person, context: PlanContext, text: string, rule: 'leaver' | 'returner'): Reason {
  const { file, line, column } = context.desired.locate(desired, 'active');
  return { text, rule, file, line, column };
}
