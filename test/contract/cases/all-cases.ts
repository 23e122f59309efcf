import type { ContractCases } from '../support/contract-case.ts';
import { beyondCases } from './beyond.ts';
import { channelMemberCases } from './channel-members.ts';
import { channelCases } from './channels.ts';
import { creatingCases } from './creating.ts';
import { gateCases } from './gates.ts';
import { integrationCases } from './integrations.ts';
import { profileCases } from './profile.ts';
import { readingCases } from './reading.ts';
import { sessionCases } from './sessions.ts';
import { standingCases } from './standing.ts';
import { teamMemberCases } from './team-members.ts';
import { teamCases } from './teams.ts';
import { tokenCases } from './tokens.ts';
import { upkeepCases } from './upkeep.ts';

const parts: readonly ContractCases[] = [
  gateCases,
  creatingCases,
  profileCases,
  standingCases,
  readingCases,
  sessionCases,
  tokenCases,
  upkeepCases,
  beyondCases,
  integrationCases,
  teamCases,
  teamMemberCases,
  channelCases,
  channelMemberCases,
];

/** Every fact of the contract, by operation. */
export const allCases: ContractCases = collect(parts);

function collect(all: readonly ContractCases[]): ContractCases {
  const collected: Record<string, ContractCases[string]> = {};
  for (const part of all) {
    for (const [operation, cases] of Object.entries(part)) {
      collected[operation] = [...(collected[operation] ?? []), ...cases];
    }
  }
  return collected;
}
