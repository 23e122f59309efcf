import type { WriteClient } from '../../api/index.ts';
import { fieldsWritten, isAsWanted, viewOf } from '../../model/account-view.ts';
import type { KindRunner, WrittenCall } from '../../model/action-runner.ts';
import { type CallOf, isCallOf } from '../../model/calls.ts';
import type { LiveUser } from '../../model/live-state.ts';
import type { MusterError } from '../../model/muster-error.ts';
import { ProgrammingError } from '../../model/muster-error.ts';
import type { Action } from '../../model/plan.ts';
import { isSameValue } from '../../model/user-attributes.ts';
import { NotVerifiedError, quote, type Verdict } from '../../model/verdict.ts';
import type { KindPorts } from '../kind-ports.ts';
import { readUser, type UserReader, userReader } from './live.ts';
import { runUserCall } from './operations.ts';

/** What an apply does with accounts. The executor itself looks at the fields of those that are there. */
export function userRunner({ client, secrets }: KindPorts): KindRunner {
  const users = userReader(client.readOnly());
  return {
    run: (action, account = '') => runUserCall(userCallOf(action), account, client, secrets),
    look: async (action, _account, isAfterLoss) => {
      const call = userCallOf(action);
      return call.operation === 'create-user' ? lookForNew(action, call, users, client, isAfterLoss) : { go: 'write' };
    },
    verify: (written) => verifyUsers(written, users),
    // No call of this kind makes anything that carries a mark, or leaves anything behind but the account itself.
    markFor: () => undefined,
    clear: () => Promise.resolve(),
    sweep: () => Promise.resolve({ left: new Map(), cleared: new Map() }),
  };
}

function userCallOf({ call }: Action): CallOf<'user'> {
  if (isCallOf('user', call)) return call;
  throw new ProgrammingError({ is: 'no-account-call', operation: call.operation });
}

/**
 * Absence is only ever the answer to a look-up: by name, and by e-mail. An account that has both is the person wanted
 * when everything else fits, too, or when it must be what a create left behind whose response was lost.
 */
async function lookForNew(
  action: Action,
  call: CallOf<'user'> & { operation: 'create-user' },
  users: UserReader,
  client: WriteClient,
  isAfterLoss: boolean,
): Promise<Verdict> {
  const { username = '', email = '' } = call.fields;
  const [listed] = await users.usersByNames([username]);
  const byName = await asNow(listed, ({ values }) => values.username === username, client);
  const byEmail = await asNow(await users.userByEmail(email), ({ values }) => values.email === email, client);
  const found = byName ?? byEmail;
  if (found === undefined) return { go: 'write' };
  const isWanted = isOnePerson(found, byName, byEmail) && (isAfterLoss || isAsWanted(action, viewOf(found)));
  if (isWanted) return { go: 'already', account: found.id };
  return {
    go: 'stale',
    expected: `no account with the name ${username} or the e-mail ${email}`,
    found: `the account ${found.values.username} (id ${found.id})`,
  };
}

/** A look-up may come from a replica that still shows a name or an e-mail which is free by now. */
async function asNow(
  found: LiveUser | undefined,
  isMeant: (live: LiveUser) => boolean,
  client: WriteClient,
): Promise<LiveUser | undefined> {
  const live = found === undefined ? undefined : await readUser(client.readOnly(), found.id);
  return live !== undefined && isMeant(live) ? live : undefined;
}

/** A create leaves an account with just this name and this e-mail, active. */
function isOnePerson(found: LiveUser, byName: LiveUser | undefined, byEmail: LiveUser | undefined): boolean {
  return byName?.id === byEmail?.id && found.values.active && !found.isBot && !found.isRemote;
}

async function verifyUsers(
  written: readonly WrittenCall[],
  users: UserReader,
): Promise<ReadonlyMap<string, MusterError>> {
  const ids = [...new Set(written.map(({ account }) => account))];
  const found = new Map((await users.usersByIds(ids)).map((live) => [live.id, live]));
  return new Map(
    written.flatMap((one) => {
      const flaw = flawOf(one, found.get(one.account));
      return flaw === undefined ? [] : [[one.action.id, flaw]];
    }),
  );
}

function flawOf({ action, expected }: WrittenCall, live: LiveUser | undefined): NotVerifiedError | undefined {
  if (live === undefined) return new NotVerifiedError('the account', 'there', 'no such account');
  const view = viewOf(live);
  for (const field of fieldsWritten(action, expected).keys()) {
    const wanted = expected.get(field);
    if (live.values.auth.isHidden === true && field === 'auth') continue;
    if (!isSameValue(field, view.get(field), wanted))
      return new NotVerifiedError(field, quote(wanted), quote(view.get(field)));
  }
  return undefined;
}
