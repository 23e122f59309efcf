/**
 * Places of `policy.memberships.exact`: whom no entry names there leaves them. Only those who are there are spoken of; who is not
 * in the listing is no one's concern here.
 */
import { compareText } from '../../model/compare.ts';
import { isChannelPlace, isJoinedWithTeam, type LivePlaces, teamOf } from '../../model/memberships.ts';
import { type Hold, hold } from '../../model/messages/held-rows.ts';
import { note } from '../../model/messages/notice-rows.ts';
import type { Change, HeldChange, Notice, Reason } from '../../model/plan.ts';
import type { Findings, Person, PlanContext } from '../../model/resource-definition.ts';
import { noFindings, unlessEmpty } from '../../model/resource-definition.ts';
import { placeChange } from './definition-change.ts';
import { keepGuestsInTeams } from './definition-guests.ts';
import { ownerOf } from './definition-owner-of.ts';
import { isGuestThen, toWantedPlace, type WantedPlace, wantedPlaces } from './definition-wanted.ts';

export interface ExactFindings {
  readonly changes: readonly Change[];
  readonly held: readonly HeldChange[];
}

const nothing: ExactFindings = { changes: [], held: [] };

/** What of a person who stays has to go, since a place is exact and the entry does not name it. */
export function leavesOfDeclared(person: Person, places: LivePlaces, context: PlanContext): ExactFindings {
  const { desired, live, transition } = person;
  if (transition !== 'stays' || live.user === undefined) return nothing;
  const inExact = exactPlacesOf(person, places);
  if (inExact.length === 0) return nothing;
  const wanted = wantedPlaces(desired);
  const named = new Set(wanted.map(({ place }) => place));
  const ended = new Set(wanted.flatMap(({ place, member }) => (member ? [] : [place])));
  const open = inExact.filter(({ place }) => !named.has(place) && !ended.has(teamOf(place)));
  // To find a line means to read its file again: not for people of whom nothing is said.
  if (open.length === 0) return nothing;
  const { file, line, column } = context.desired.locate(desired, 'teams');
  const reason: Reason = { text: 'not named: policy.memberships.exact', rule: 'exact', file, line, column };
  return findingsOf(person, open, reason, context, ({ place }) =>
    desired.teams === undefined ? hold('teams-not-declared', 'the files', { place }) : undefined,
  );
}

/** What becomes of an account that no entry stands for. */
export function leavesOfStranger(person: Person, context: PlanContext): Findings {
  const { user } = person.live;
  const places = context.common?.membership;
  if (user === undefined || places === undefined) return noFindings;
  const reason: Reason = { text: 'not declared: policy.memberships.exact', rule: 'exact' };
  const { changes, held } = findingsOf(person, exactPlacesOf(person, places), reason, context, ({ place }) => {
    if (user.isBot) return hold('bot-in-exact-place', 'no entry', { place });
    return user.isRemote ? hold('remote-member', 'another server', { place }) : undefined;
  });
  return unlessEmpty({ ...noFindings, ...keepGuestsInTeams(person, { changes, held }, places) });
}

interface InPlace {
  readonly place: string;
  readonly isAdmin: boolean;
}

const nowhere: readonly InPlace[] = [];

/** A team before its channels. */
function exactPlacesOf({ live }: Person, { inside }: LivePlaces): readonly InPlace[] {
  if (inside === undefined || inside.size === 0) return nowhere;
  const id = live.user?.id ?? '';
  return [...inside]
    .flatMap(([place, members]) => {
      const isAdmin = members.get(id);
      return isAdmin === undefined ? [] : [{ place, isAdmin }];
    })
    .toSorted((a, b) => compareText(a.place, b.place));
}

function findingsOf(
  person: Person,
  open: readonly InPlace[],
  reason: Reason,
  context: PlanContext,
  holdOf: (one: InPlace) => Hold | undefined,
): ExactFindings {
  const changes: Change[] = [];
  const held: HeldChange[] = [];
  const left = new Set<string>();
  for (const one of open) {
    const { place, isAdmin } = one;
    // The channel goes with its team.
    if (isChannelPlace(place) && left.has(teamOf(place))) continue;
    const change = leave(person, toWantedPlace(place), isAdmin, reason);
    const owner = holdOf(one) ?? ownerOf(change, toWantedPlace(place), person, context);
    if (owner !== undefined) held.push({ change, ...owner });
    else {
      changes.push(change);
      left.add(place);
    }
  }
  return { changes, held };
}

function leave(person: Person, { place, channel }: WantedPlace, isAdmin: boolean, reason: Reason): Change {
  const isMove = channel !== undefined && isGuestThen(person.desired, person.live.user?.values.roles);
  return placeChange(person, {
    place,
    class: channel === undefined ? 'team-leave' : 'channel-leave',
    before: isAdmin ? 'admin' : 'member',
    after: 'none',
    reason,
    // A guest leaves a channel only for another one.
    ...(isMove && { part_of: 'guest-move' as const }),
  });
}

/** A name that means nothing here would look as if it were kept. */
export function missingPlaces({ common, policy }: PlanContext): readonly Notice[] {
  const inside = common?.membership?.inside;
  const missing = policy.exactPlaces.filter((place) => inside?.has(place) !== true);
  const isJoined = (place: string): boolean =>
    common?.membership !== undefined && isJoinedWithTeam(place, common.membership);
  return missing
    .toSorted(compareText)
    .map((place) =>
      isJoined(place) ? note('exact-comes-with-team', { place }) : note('exact-place-missing', { place }),
    );
}
