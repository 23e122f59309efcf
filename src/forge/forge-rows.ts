import type { ForgeKind } from '../model/forge.ts';

interface ForgeRow {
  /** As people call it. */
  readonly name: string;
  /** The variables that may hold the token, the one that counts first. */
  readonly tokenIn: readonly string[];
  /** The user that git names beside that token. */
  readonly gitUser: string;
}

/** What is true of a forge, for its API and for git. */
export const forgeRows: Readonly<Record<ForgeKind, ForgeRow>> = {
  github: { name: 'GitHub', tokenIn: ['MUSTER_FORGE_TOKEN', 'GITHUB_TOKEN'], gitUser: 'x-access-token' },
  gitlab: { name: 'GitLab', tokenIn: ['MUSTER_FORGE_TOKEN', 'GITLAB_TOKEN'], gitUser: 'oauth2' },
  plain: { name: 'the forge', tokenIn: [], gitUser: 'git' },
};

/** Issues of ours are found by it. */
export const driftLabel = 'muster-drift';
