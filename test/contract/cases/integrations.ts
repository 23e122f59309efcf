import { expect } from 'vitest';
import { type ContractCase, type ContractCases, fact, type Needs, refusal } from '../support/contract-case.ts';
import type { Refused } from '../support/expectations.ts';

/** Teams, webhooks and slash commands, as far as an audit reads them. */

const forbidden: Refused = [403, 'api.context.permissions.app_error'];

const pastTheEnd = (path: string, needs: Needs = {}): ContractCase =>
  fact(
    'is empty as "[]" past the end',
    async (stage) => {
      expect((await stage.admin.get(path)).json).toEqual([]);
    },
    needs,
  );

const forPeople = (path: string): ContractCase =>
  refusal('is refused to people who may make none', forbidden, async (stage) =>
    (await stage.sharedMember()).caller.get(path),
  );

const switchedOff = (id: string, name: string, path: string): ContractCase =>
  refusal('is refused while they are switched off', [501, id], (stage) => stage.admin.get(path), {
    config: { [`ServiceSettings.${name}`]: false },
  });

const incoming: readonly ContractCase[] = [
  pastTheEnd('/hooks/incoming?page=1000', { config: { 'ServiceSettings.EnableIncomingWebhooks': true } }),
  forPeople('/hooks/incoming'),
  switchedOff('api.incoming_webhook.disabled.app_error', 'EnableIncomingWebhooks', '/hooks/incoming'),
];

const outgoing: readonly ContractCase[] = [
  pastTheEnd('/hooks/outgoing?page=1000', { config: { 'ServiceSettings.EnableOutgoingWebhooks': true } }),
  forPeople('/hooks/outgoing'),
  switchedOff('api.outgoing_webhook.disabled.app_error', 'EnableOutgoingWebhooks', '/hooks/outgoing'),
];

const commands: readonly ContractCase[] = [
  fact('has none of a team that nobody knows', async (stage) => {
    const path = `/commands?custom_only=true&team_id=${stage.unknownId}`;

    expect((await stage.admin.get(path)).json).toEqual([]);
  }),
  refusal('wants a team', [400, 'api.context.invalid_body_param.app_error'], (stage) =>
    stage.admin.get('/commands?custom_only=true'),
  ),
  refusal('is refused to people outside of the team', forbidden, async (stage) =>
    (await stage.sharedMember()).caller.get(`/commands?custom_only=true&team_id=${stage.unknownId}`),
  ),
];

export const integrationCases: ContractCases = {
  'teams.list': [pastTheEnd('/teams?page=1000')],
  'webhooks.incoming': incoming,
  'webhooks.outgoing': outgoing,
  'slashCommands.list': commands,
};
