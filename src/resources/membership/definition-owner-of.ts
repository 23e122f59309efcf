/** Who decides about a change of a membership, as the person and the place are. */
import { channelPlace, type LiveChannel, type LiveTeam } from '../../model/memberships.ts';
import type { Change, HeldChange } from '../../model/plan.ts';
import type { Person, PlanContext } from '../../model/resource-definition.ts';
import { ownerOfMembership } from './definition-owner.ts';
import { isGuestThen, type WantedPlace } from './definition-wanted.ts';

type Owner = Omit<HeldChange, 'change'>;

export function ownerOf(
  change: Change,
  { team: name, channel }: WantedPlace,
  person: Person,
  context: PlanContext,
): Owner | undefined {
  const { desired, live, handsOff } = person;
  if (handsOff !== undefined && (handsOff.classes === undefined || handsOff.classes.has(change.class))) {
    const { code, owner, reason, hint } = handsOff;
    return { code, owner, reason, hint };
  }
  const known = context.common?.membership;
  const team: LiveTeam | undefined = known?.teams.get(name);
  const there: LiveChannel | undefined =
    channel === undefined ? undefined : known?.channels.get(channelPlace(name, channel));
  const email = desired.values.email ?? live.user?.values.email;
  if (team === undefined) return undefined;
  return ownerOfMembership({
    change,
    team,
    ...(there !== undefined && { channel: there }),
    ...(email !== undefined && { email }),
    isGuest: isGuestThen(desired, live.user?.values.roles),
    facts: context.facts,
  });
}
