import { rowOf } from '../../model/change-classes.ts';
import { count } from '../../model/count.ts';
import type { ServerFacts } from '../../model/live-state.ts';
import { block } from '../../model/messages/blocked-rows.ts';
import type { PersonChange } from '../person-change.ts';
import { blockEach, type Rail } from './rail.ts';

const takesSeat = ({ change }: PersonChange): boolean => rowOf(change).seat === 'takes';
const freesSeat = ({ change }: PersonChange): boolean => rowOf(change).seat === 'frees';

/** Seats that are free now: infinite where the server has no limit, negative where more are used than it allows. */
function freeSeats({ seats }: ServerFacts): number {
  return seats.limit === undefined ? Number.POSITIVE_INFINITY : seats.limit - seats.used;
}

/** Whether people can only come in after others have left, so that their order matters. */
export function areSeatsTight(changes: readonly PersonChange[], facts: ServerFacts): boolean {
  return changes.filter(takesSeat).length > freeSeats(facts);
}

/** More people than seats, even after everybody who leaves: no one comes in, rather than some by chance. */
export const seats: Rail = {
  name: 'seats',
  check: (changes, { facts, mayJoin = 0 }) => {
    const taken = changes.filter(takesSeat);
    const available = Math.max(0, freeSeats(facts) + changes.filter(freesSeat).length);
    if (taken.length + mayJoin <= available) return new Map();
    const needing = count(taken.length, 'person needs', 'people need');
    const places = { needing, available, limit: facts.seats.limit ?? 0 };
    const said =
      mayJoin === 0
        ? block('seats', { is: 'plain', ...places })
        : block('seats', { is: 'some-unusable', more: mayJoin, ...places });
    return blockEach(taken, () => said);
  },
};
