import { unnamedFolder } from '../../model/destinations.ts';
import { block } from '../../model/messages/blocked-rows.ts';
import { blockEach, type Rail } from './rail.ts';

/** A secret that is written into the default folder, on a machine that is thrown away, is lost with it. */
export const destinationRail: Rail = {
  name: 'destination',
  check: (changes, { delivery }) =>
    blockEach(changes, ({ change }) => {
      if (delivery?.isMachineTemporary !== true || change.destination !== unnamedFolder) return undefined;
      return block('destination', {});
    }),
};
