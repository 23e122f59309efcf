/** A change of a membership, as plans name it. */
import type { Standing } from '../../model/memberships.ts';
import type { Change } from '../../model/plan.ts';
import type { Person } from '../../model/resource-definition.ts';
import { partOf } from './definition-wanted.ts';

interface PlaceChange extends Pick<Change, 'class' | 'reason' | 'part_of'> {
  readonly place: string;
  readonly before: Standing;
  readonly after: Standing;
}

/** A change of a membership as a plan names it. */
export function placeChange(
  { desired: { username } }: Person,
  { place, class: name, before, after, reason, part_of: part }: PlaceChange,
): Change {
  return {
    id: `${username}/teams.${place}/${name}`,
    class: name,
    person: username,
    attribute: partOf(place),
    ...(before !== 'none' && { before }),
    ...(after !== 'none' && { after }),
    ...(part !== undefined && { part_of: part }),
    reason,
  };
}

/** The place that a change is about. */
export const placeIn = ({ attribute }: Pick<Change, 'attribute'>): string => attribute.slice('teams.'.length);
