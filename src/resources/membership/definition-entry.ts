/** What an entry says of teams and channels, for `explain`. */
import type { DesiredUser } from '../../model/desired-state.ts';
import type { Description, EntryPiece } from '../../model/resource-definition.ts';
import { partOf, wantedPlaces } from './definition-wanted.ts';

export function describeMemberships(desired: DesiredUser): Description {
  return {
    managed: wantedPlaces(desired).map(({ place, member, role }) => ({
      name: partOf(place),
      wanted: member ? (role ?? 'member, as it is') : 'no member',
    })),
    unmanaged: desired.teams === undefined ? ['teams'] : [],
  };
}

/** What `import` writes of them: nothing, so that a plan right after it leaves them alone. */
export const toMembershipEntry = (): EntryPiece => ({ fields: {}, withheld: [], remarks: [] });
