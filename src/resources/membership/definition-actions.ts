/** The calls that make changes of memberships: each change is a call of its own. */
import { accessOf, type ChangeOf, type ClassesByKind, isChangeOf } from '../../model/change-classes.ts';
import { isChannelPlace, teamOf } from '../../model/memberships.ts';
import type { ActionDraft, Call, Change, Phase, Precondition } from '../../model/plan.ts';
import type { Person, PlanContext, Transition } from '../../model/resource-definition.ts';
import { placeIn } from './definition-change.ts';

type MembershipClass = ClassesByKind['membership'];
type MembershipChange = ChangeOf<'membership'>;

/** Who stays gains before they lose; who comes back has lost first, and who leaves loses last. */
const phaseOf: Readonly<Record<MembershipClass, Phase>> = {
  'team-join': 'join-teams',
  'channel-join': 'join-channels',
  'team-admin-gain': 'place-roles',
  'team-admin-loss': 'place-roles',
  'channel-admin': 'place-roles',
  'channel-leave': 'leave-channels',
  'team-leave': 'leave-teams',
};

const phaseOfTaking: Readonly<Partial<Record<Transition, Phase>>> = {
  returns: 'leave-before-return',
  leaves: 'leave-after',
};

/** The calls that make changes of one person's memberships. Every change given comes back in exactly one action. */
export function membershipActions(
  person: Person,
  changes: readonly Change[],
  context: PlanContext,
): readonly ActionDraft[] {
  return changes
    .filter((change) => isChangeOf('membership', change))
    .flatMap((change) => actionFor(person, change, context));
}

function actionFor(person: Person, change: MembershipChange, context: PlanContext): readonly ActionDraft[] {
  const call = callOf(change, context);
  if (call === undefined) return [];
  const { user } = person.live;
  const account = user === undefined ? {} : { account: user.id };
  const taking = accessOf(change) === 'takes' ? phaseOfTaking[person.transition] : undefined;
  return [
    {
      phase: taking ?? phaseOf[change.class],
      ...account,
      changes: [change],
      precondition: { ...account, fields: {}, membership: { place: placeIn(change), is: standingBefore(change) } },
      call,
    },
  ];
}

function standingBefore({ before }: Change): NonNullable<Precondition['membership']>['is'] {
  return before === 'admin' || before === 'member' ? before : 'none';
}

function callOf(change: MembershipChange, { common }: PlanContext): Call | undefined {
  const place = placeIn(change);
  const team = common?.membership?.teams.get(teamOf(place))?.id;
  const channel = isChannelPlace(place) ? common?.membership?.channels.get(place)?.id : undefined;
  if (team === undefined) return undefined;
  switch (change.class) {
    case 'team-join':
      return { operation: 'join-team', team };
    case 'team-leave':
      return { operation: 'leave-team', team };
    case 'team-admin-gain':
    case 'team-admin-loss':
      return { operation: 'set-team-role', team, admin: change.after === 'admin' };
    case 'channel-join':
      return channel === undefined ? undefined : { operation: 'join-channel', team, channel };
    case 'channel-leave':
      return channel === undefined ? undefined : { operation: 'leave-channel', team, channel };
    case 'channel-admin':
      return channel === undefined
        ? undefined
        : { operation: 'set-channel-role', team, channel, admin: change.after === 'admin' };
  }
}
