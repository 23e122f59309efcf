import type { ReadClient, WriteClient } from '../api/index.ts';
import type { ActionRunner, KindRunner } from '../model/action-runner.ts';
import { callRowOf } from '../model/calls.ts';
import type { Kind } from '../model/kinds.ts';
import type { LiveReader } from '../model/live-reader.ts';
import type { MusterError } from '../model/muster-error.ts';
import type { Action } from '../model/plan.ts';
import type { ResourceDefinition } from '../model/resource-definition.ts';
import type { KindPorts } from './kind-ports.ts';
import { membershipKind } from './membership/index.ts';
import { readAdmins, readEmailDomains, readFacts, readRoleFacts } from './server/facts.ts';
import { tokenKind } from './token/index.ts';
import { userKind } from './user/index.ts';
import { readUser, userReader } from './user/live.ts';

export { createAuditReader } from './audit/reader.ts';
export type { KindPorts } from './kind-ports.ts';
export { readServerKey } from './server/facts.ts';
export { forgetLeft, isLeftOpen, type Lease, takeLease } from './server/lease.ts';
export { isPlanNotedOnServer, notePlanUseOnServer } from './server/plan-uses.ts';
export {
  correctUse,
  giveBackUse,
  raiseUse,
  readUseRecords,
  recordUse,
  useSince,
  WindowNotRecordedError,
} from './server/window-record.ts';
export { createWarmSource } from './user/warm.ts';

/** Every kind that muster manages. A new kind is a line here. */
const resources = { user: userKind, token: tokenKind, membership: membershipKind };

/** What the kinds mean, in the order in which their changes are looked for. */
export const kinds: readonly ResourceDefinition[] = Object.values(resources).map(({ definition }) => definition);

/** @param requests - tells how many requests were made so far */
export function createLiveReader(client: ReadClient, requests: () => number): LiveReader {
  return {
    facts: (roles) => readFacts(client, roles),
    emailDomains: () => readEmailDomains(client),
    roles: (names) => readRoleFacts(client, names),
    ...resources.user.reader(client),
    owned: { token: resources.token.reader(client), membership: resources.membership.reader(client) },
    requests,
  };
}

/** Composes the kinds' runners into what an apply needs. */
export function createActionRunner(
  client: WriteClient,
  secrets: KindPorts['secrets'],
  waits: KindPorts['waits'],
): ActionRunner {
  const ports: KindPorts = { client, secrets, waits };
  const runners: Readonly<Record<Kind, KindRunner>> = {
    user: resources.user.runner(ports),
    token: resources.token.runner(ports),
    membership: resources.membership.runner(ports),
  };
  const all = Object.values(runners);
  const runnerOf = ({ call }: Action): KindRunner => runners[callRowOf(call).kind];
  const read = client.readOnly();
  const users = userReader(read);
  return {
    run: (action, account, attempt) => runnerOf(action).run(action, account, attempt),
    look: (action, account, isAfterLoss) => runnerOf(action).look(action, account, isAfterLoss),
    verify: async (written) => {
      const flaws = new Map<string, MusterError>();
      for (const runner of all) {
        const own = written.filter(({ action }) => runnerOf(action) === runner);
        if (own.length > 0) for (const [id, flaw] of await runner.verify(own)) flaws.set(id, flaw);
      }
      return flaws;
    },
    togetherFor: (action) => runnerOf(action).together,
    markFor: (action, attempt) => runnerOf(action).markFor(action, attempt),
    clear: async (lost) => {
      for (const runner of all) await runner.clear(lost);
    },
    sweep: async () => {
      const left = new Map<string, MusterError>();
      const cleared = new Map<string, MusterError>();
      for (const runner of all) {
        const swept = await runner.sweep();
        for (const [id, error] of swept.left) left.set(id, error);
        for (const [id, error] of swept.cleared) cleared.set(id, error);
      }
      return { left, cleared };
    },
    readPeople: async (ids) => new Map((await users.usersByIds(ids)).map((live) => [live.id, live])),
    readPerson: (id) => readUser(read, id),
    readAdmins: async () => users.usersByIds((await readAdmins(read)).map(({ id }) => id)),
  };
}
