import { permissionFor } from '../../model/change-classes.ts';
import { blockEach, type Rail } from './rail.ts';

/** What the caller may not do is refused by the server, every time. */
export const permission: Rail = {
  name: 'permission',
  check: (changes, { facts }) =>
    blockEach(changes, ({ change }) => {
      const needed = permissionFor(change);
      if (facts.caller.permissions.has(needed)) return undefined;
      return {
        rail: 'permission',
        reason: `the caller ${facts.caller.username} lacks the permission ${needed}`,
        hint: `give a role of ${facts.caller.username} the permission, or use the token of a full system administrator`,
      };
    }),
};
