import type { ResourceDefinition } from '../../model/resource-definition.ts';
import type { Rail } from './rail.ts';

/** What each kind says of its changes together: too little would be left of a thing that accounts share, or there is no room. */
export const kindRails = (kinds: readonly ResourceDefinition[]): readonly Rail[] =>
  kinds.map((kind) => ({
    name: 'prerequisite',
    check: (changes, context) => kind.refusals(changes, context),
  }));
