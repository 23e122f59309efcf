import { decodeSlashCommands } from '../decode-integrations.ts';
import type { Read } from '../operation.ts';
import type { SlashCommand } from '../wire.ts';

export interface SlashCommandOperations {
  /** Reads the slash commands that people made for one team, without their tokens. */
  readonly list: Read<[teamId: string], readonly SlashCommand[]>;
}

export const slashCommandOperations: SlashCommandOperations = {
  list: {
    access: 'read',
    method: 'GET',
    path: '/commands?custom_only=true&team_id={team_id}',
    permission: 'view_team and manage_own_slash_commands; those of others: manage_others_slash_commands',
    tellsSecret: true,
    decode: decodeSlashCommands,
  },
};
