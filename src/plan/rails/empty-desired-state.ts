import { block } from '../../model/messages/blocked-rows.ts';
import { blockEach, type Rail } from './rail.ts';

/** An empty desired state is never intended: loading refuses it, and so does planning. */
export const emptyDesiredState: Rail = {
  name: 'empty-desired-state',
  check: (changes, { desired }) =>
    blockEach(changes, () => (desired.users.length > 0 ? undefined : block('empty-desired-state', {}))),
};
