import type { OwnedReader } from '../../model/live-reader.ts';
import type { LiveMemberships } from '../../model/memberships.ts';
import type { ResourceKind } from '../kind-ports.ts';
import { membership } from './definition.ts';
import { membershipReader } from './live.ts';
import { membershipRunner } from './runner.ts';

export const membershipKind: ResourceKind<'membership', OwnedReader<LiveMemberships>> = {
  definition: membership,
  reader: membershipReader,
  runner: membershipRunner,
};
