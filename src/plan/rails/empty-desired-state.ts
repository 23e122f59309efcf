import { blockEach, type Rail } from './rail.ts';

/** Nobody declared is never a wish: loading refuses it, and so does planning, whoever calls. */
export const emptyDesiredState: Rail = {
  name: 'empty-desired-state',
  check: (changes, { desired }) =>
    blockEach(changes, () =>
      desired.users.length > 0
        ? undefined
        : {
            rail: 'empty-desired-state',
            reason: 'the desired state declares nobody',
            hint: 'check the users files: an empty list is never a wish',
          },
    ),
};
