import { blockEach, type Rail } from './rail.ts';

/** An empty desired state is never intended: loading refuses it, and so does planning. */
export const emptyDesiredState: Rail = {
  name: 'empty-desired-state',
  check: (changes, { desired }) =>
    blockEach(changes, () =>
      desired.users.length > 0
        ? undefined
        : {
            rail: 'empty-desired-state',
            reason: 'the desired state declares no one',
            hint: 'an empty list is refused: removing everyone is never intended',
          },
    ),
};
