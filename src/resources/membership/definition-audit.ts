/** What an audit finds about teams and channels, and what access reviews list of them. */
import type { AuditSubject, FindingDraft, Grant } from '../../model/audit.ts';
import { type AuditRule, isAuditRule } from '../../model/audit-rules.ts';
import { byText } from '../../model/compare.ts';
import type { LiveByKind } from '../../model/kinds.ts';
import type { LiveUser } from '../../model/live-state.ts';
import { isChannelPlace, type LiveMembership, teamOf } from '../../model/memberships.ts';
import { isGuest } from '../../model/user-rules.ts';
import { adminKey, grantKey } from './definition-review.ts';

type MembershipRule = Extract<AuditRule, 'no-team' | 'guest-without-channel' | 'leaver-channel' | 'leaver-place-admin'>;

interface Found {
  readonly text: string;
  readonly places: readonly string[];
}

/** A sentence about one account; nothing where it has no such fault. */
type Look = (account: LiveUser, members: readonly LiveMembership[], isWhole: boolean) => Found | undefined;

const looks: Readonly<Record<MembershipRule, Look>> = {
  // On a server without teams no one is in one.
  'no-team': ({ isBot, isRemote, values: { active } }, members, isWhole) =>
    isWhole && active && !isBot && !isRemote && !members.some(({ place }) => !isChannelPlace(place))
      ? { text: 'is active and in no team', places: [] }
      : undefined,
  'guest-without-channel': ({ values: { active, roles } }, members) => {
    if (!active || !isGuest(roles)) return undefined;
    const teams = members.map(({ place }) => place).filter((place) => !isChannelPlace(place));
    const empty = teams.filter((team) => !members.some(({ place }) => isChannelPlace(place) && teamOf(place) === team));
    return foundIn(empty, (places) => `is a guest without a channel in ${places}`);
  },
  'leaver-channel': ({ isBot, values: { active } }, members) =>
    active || isBot
      ? undefined
      : foundIn(placesOf(members.filter(isPrivate)), (places) => `is inactive and in the private channels ${places}`),
  'leaver-place-admin': ({ isBot, values: { active } }, members) =>
    active || isBot
      ? undefined
      : foundIn(
          placesOf(members.filter(({ isAdmin }) => isAdmin)),
          (places) => `is inactive and administers ${places}`,
        ),
};

const isPrivate = (one: LiveMembership): boolean => one.isPrivate === true;
const placesOf = (members: readonly LiveMembership[]): readonly string[] => members.map(({ place }) => place);

const foundIn = (places: readonly string[], text: (places: string) => string): Found | undefined =>
  places.length === 0 ? undefined : { text: text(places.join(', ')), places };

/** Of an account whose memberships were not read nothing is found. */
export function auditMemberships({ account, live: { membership } }: AuditSubject): readonly FindingDraft[] {
  if (membership === undefined) return [];
  const members = membership.members.toSorted(byText(({ place }) => place));
  return Object.entries(looks).flatMap(([rule, look]): readonly FindingDraft[] => {
    const found = look(account, members, membership.asked === 'all');
    if (found === undefined || !isAuditRule(rule)) return [];
    const fact = found.places.length === 0 ? 'no team' : found.places.join(', ');
    return [{ rule, account, text: found.text, evidence: [{ read: 'memberships', fact }] }];
  });
}

/**
 * Teams, private channels, of guests every channel, and administration of each. A public channel gives its team nothing that
 * its members could not take themselves. Of an account that is away those count that would let it in where no one else may go.
 */
export function membershipGrants(
  { values: { active, roles } }: LiveUser,
  { membership }: Partial<LiveByKind>,
): readonly Grant[] {
  const members = (membership?.members ?? []).toSorted(byText(({ place }) => place));
  return members.flatMap((one): readonly Grant[] => {
    const { place, isAdmin } = one;
    const isChannel = isChannelPlace(place);
    const what = isChannel ? `${isPrivate(one) ? 'private ' : ''}channel ${place}` : `team ${place}`;
    const isListed = !isChannel || isPrivate(one) || isGuest(roles);
    const isHeld = active || isPrivate(one);
    return [
      ...(isListed ? [{ key: grantKey(place), text: what, isPrivileged: false, isHeld }] : []),
      ...(isAdmin
        ? [{ key: adminKey(place), text: `administers ${what}`, isPrivileged: !isChannel, isHeld: true }]
        : []),
    ];
  });
}
