import type { ReadClient, WriteClient } from '../api/index.ts';
import type { ActionRunner } from '../model/action-runner.ts';
import type { LiveReader } from '../model/live-reader.ts';
import type { Change } from '../model/plan.ts';
import type { ResourceDefinition } from '../model/resource-definition.ts';
import type { AccountId } from '../model/user-values.ts';
import { readAdmins, readFacts } from './server/facts.ts';
import { token } from './token/definition.ts';
import { type FormerToken, formerTokens } from './token/definition-undo.ts';
import { tokenReader } from './token/live.ts';
import { LostTokens, type Waits } from './token/lost-tokens.ts';
import { markOfToken, runChangeTokenCall, runCreateTokenCall, type TokenSink } from './token/operations.ts';
import { user } from './user/definition.ts';
import { isSameValue } from './user/definition-attributes.ts';
import { readUser, userReader } from './user/live.ts';
import { type Passwords, runUserCall } from './user/operations.ts';

export { readRoles, readServerKey } from './server/facts.ts';
export { type Lease, takeLease } from './server/lease.ts';
export { isPlanNotedOnServer, notePlanUseOnServer } from './server/plan-uses.ts';
export { attributeNames, isSameValue } from './user/definition-attributes.ts';

/** Every kind that muster manages. */
export const kinds: readonly ResourceDefinition[] = [user, token];

const asBefore = ({ reason, ...change }: Change): Change => ({
  ...change,
  reason: reason.rule === undefined ? { ...reason, rule: 'undo', text: 'as before the run' } : reason,
});

/** The kinds for a plan that takes a run back: fields by what the entries say, tokens by what they were. */
export function kindsForUndo(tokens: ReadonlyMap<AccountId, readonly FormerToken[]>): readonly ResourceDefinition[] {
  const formerFields: ResourceDefinition = {
    ...user,
    diff: (person, context) => {
      const found = user.diff(person, context);
      return {
        ...found,
        changes: found.changes.map(asBefore),
        held: found.held.map((held) => ({ ...held, change: asBefore(held.change) })),
      };
    },
  };
  return [formerFields, formerTokens(tokens)];
}

/** @param requests - tells how many requests were made so far */
export function createLiveReader(client: ReadClient, requests: () => number): LiveReader {
  return { facts: (roles) => readFacts(client, roles), ...userReader(client), ...tokenReader(client), requests };
}

/**
 * Composes the kinds' operations into what an apply needs.
 *
 */
export function createActionRunner(client: WriteClient, secrets: Passwords & TokenSink, waits: Waits): ActionRunner {
  const read = client.readOnly();
  const users = userReader(read);
  const tokens = tokenReader(read);
  const lost = new LostTokens(client, waits);
  return {
    run: (action, account = '', attempt) => {
      const { call } = action;
      switch (call.operation) {
        case 'create-token':
          return runCreateTokenCall(action, call, {
            account,
            attempt,
            client,
            sink: secrets,
            lost,
            pause: waits.pause,
          });
        case 'enable-token':
        case 'disable-token':
        case 'revoke-token':
          return runChangeTokenCall(call, client);
        default:
          return runUserCall(call, account, client, secrets);
      }
    },
    markOf: ({ call }, attempt) => (call.operation === 'create-token' ? markOfToken(call, attempt) : undefined),
    clear: (one) => lost.clear(one),
    readPeople: async (ids) => new Map((await users.usersByIds(ids)).map((live) => [live.id, live])),
    readPerson: (id) => readUser(read, id),
    readByNames: users.usersByNames,
    readByEmail: users.userByEmail,
    readTokens: async (account) => (await tokens.tokensOf(account)).filter(({ id }) => !lost.isRevoked(id)),
    readAdmins: async () => users.usersByIds((await readAdmins(read)).map(({ id }) => id)),
    sweep: () => lost.sweep(),
    isSame: isSameValue,
  };
}
