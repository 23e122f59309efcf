import type { OwnedReader } from '../../model/live-reader.ts';
import type { LiveToken } from '../../model/live-state.ts';
import type { ResourceKind } from '../kind-ports.ts';
import { token } from './definition.ts';
import { tokenReader } from './live.ts';
import { tokenRunner } from './runner.ts';

export const tokenKind: ResourceKind<'token', OwnedReader<readonly LiveToken[]>> = {
  definition: token,
  reader: tokenReader,
  runner: tokenRunner,
};
