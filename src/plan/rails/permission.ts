import { permissionFor } from '../../model/change-classes.ts';
import { block } from '../../model/messages/blocked-rows.ts';
import { blockEach, type Rail } from './rail.ts';

/** What the caller may not do is refused by the server, every time. */
export const permission: Rail = {
  name: 'permission',
  check: (changes, { facts }) =>
    blockEach(changes, ({ change }) => {
      const needed = permissionFor(change);
      if (facts.caller.permissions.has(needed)) return undefined;
      return block('permission', { caller: facts.caller.username, permission: needed });
    }),
};
