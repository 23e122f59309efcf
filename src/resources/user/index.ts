import type { ResourceKind } from '../kind-ports.ts';
import { user } from './definition.ts';
import { type UserReader, userReader } from './live.ts';
import { userRunner } from './runner.ts';

export const userKind: ResourceKind<'user', UserReader> = {
  definition: user,
  reader: userReader,
  runner: userRunner,
};
