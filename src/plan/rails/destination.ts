import { unnamedFolder } from '../../model/destinations.ts';
import { blockEach, type Rail } from './rail.ts';

/** A secret that is written into the default folder, on a machine that is thrown away, is lost with it. */
export const destinationRail: Rail = {
  name: 'destination',
  check: (changes, { delivery }) =>
    blockEach(changes, ({ change }) => {
      if (delivery?.isMachineTemporary !== true || change.destination !== unnamedFolder) return undefined;
      return {
        rail: 'destination',
        reason: 'the secret would go to the default folder of this machine, and be lost with it',
        hint: 'name a sink for the token, secrets.default_sink, or secrets.dir in muster.yaml',
      };
    }),
};
