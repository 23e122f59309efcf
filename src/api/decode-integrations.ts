/** Answers about what posts into teams. Tokens of outgoing webhooks and slash commands are left behind here. */
import { type Decoder, fields, id, listOrNull, textOrEmpty } from './decode.ts';
import type { IncomingWebhook, OutgoingWebhook, SlashCommand } from './wire.ts';

const decodeIncomingWebhook: Decoder<IncomingWebhook> = (value) => {
  const from = fields(value);
  return {
    id: id(from, 'id'),
    user_id: textOrEmpty(from, 'user_id'),
    team_id: textOrEmpty(from, 'team_id'),
    channel_id: textOrEmpty(from, 'channel_id'),
    display_name: textOrEmpty(from, 'display_name'),
  };
};
export const decodeIncomingWebhooks: Decoder<readonly IncomingWebhook[]> = listOrNull(decodeIncomingWebhook);

const decodeOutgoingWebhook: Decoder<OutgoingWebhook> = (value) => {
  const from = fields(value);
  return {
    id: id(from, 'id'),
    creator_id: textOrEmpty(from, 'creator_id'),
    team_id: textOrEmpty(from, 'team_id'),
    channel_id: textOrEmpty(from, 'channel_id'),
    display_name: textOrEmpty(from, 'display_name'),
  };
};
export const decodeOutgoingWebhooks: Decoder<readonly OutgoingWebhook[]> = listOrNull(decodeOutgoingWebhook);

const decodeSlashCommand: Decoder<SlashCommand> = (value) => {
  const from = fields(value);
  return {
    id: id(from, 'id'),
    creator_id: textOrEmpty(from, 'creator_id'),
    team_id: textOrEmpty(from, 'team_id'),
    trigger: textOrEmpty(from, 'trigger'),
    display_name: textOrEmpty(from, 'display_name'),
  };
};
export const decodeSlashCommands: Decoder<readonly SlashCommand[]> = listOrNull(decodeSlashCommand);
