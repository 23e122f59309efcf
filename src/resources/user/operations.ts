import type { NewUser, User, UserPatch, WriteClient } from '../../api/index.ts';
import { viewOf } from '../../model/account-view.ts';
import type { CallResponse } from '../../model/action-runner.ts';
import { assertNever } from '../../model/assert-never.ts';
import type { CallOf } from '../../model/calls.ts';
import { MusterError } from '../../model/muster-error.ts';
import type { CallFields, CreateUserCall, PasswordOrigin, PatchUserCall } from '../../model/plan.ts';
import type { Secret } from '../../model/secret.ts';
import { isUserAttribute, spellFields } from '../../model/user-attributes.ts';
import type { AccountId, StringMap } from '../../model/user-values.ts';
import type { Passwords } from '../kind-ports.ts';
import { toLiveUser } from '../live-user.ts';
import { runCall } from '../run-call.ts';

/** Makes one call that writes an account. */
export function runUserCall(
  call: CallOf<'user'>,
  account: AccountId,
  client: WriteClient,
  passwords: Passwords,
): Promise<CallResponse> {
  return runCall(async () => {
    switch (call.operation) {
      case 'create-user':
        return createUser(call, client, passwords);
      case 'patch-user':
        await client.users.patch(account, await patchOf(call, account, client));
        return [];
      case 'set-auth':
        await client.users.setAuth(account, call.auth);
        return [];
      case 'set-password':
        await client.users.setPassword(account, { newPassword: await passwordFrom(call.password, passwords) });
        return [];
      case 'disable-mfa':
        await client.mfa.set(account, { activate: false });
        return [];
      case 'promote-guest':
        await client.users.promote(account);
        return [];
      case 'demote-to-guest':
        await client.users.demote(account);
        return [];
      case 'set-roles':
        await client.users.setRoles(account, call.roles);
        return [];
      case 'activate':
        await client.users.setActive(account, true);
        return [];
      case 'deactivate':
        await client.users.setActive(account, false);
        return [];
      default:
        return assertNever(call);
    }
  });
}

async function createUser(call: CreateUserCall, client: WriteClient, passwords: Passwords): Promise<CallResponse> {
  const { email = '', ...fields } = call.fields;
  const body: NewUser = {
    ...fields,
    email,
    ...(call.auth !== undefined && { auth_service: call.auth.service, auth_data: call.auth.data }),
    ...(call.password !== undefined && { password: await passwordFrom(call.password, passwords) }),
    email_verified: call.email_verified,
    disable_welcome_email: !call.welcome_email,
  };
  const made = await client.users.create(body);
  const notes = [...differences(call.fields, made), ...(await invite(call, made, client))];
  return { status: 'written', account: made.id, notes };
}

/** The account is there whatever becomes of the mail, so that is a note. Twice would be a nuisance: it is sent once. */
async function invite(call: CreateUserCall, made: User, client: WriteClient): Promise<readonly string[]> {
  if (call.invite === undefined) return [];
  try {
    await client.passwords.sendReset(made.email);
    return [];
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    return [`the mail with a link to set a password may not have been sent (${error.message})`];
  }
}

function passwordFrom(origin: PasswordOrigin, passwords: Passwords): Promise<Secret> {
  return 'source' in origin ? passwords.read(origin.source) : Promise.resolve(passwords.randomPassword());
}

/** What the server made of the fields it was given. */
function differences(wanted: CallFields, made: User): readonly string[] {
  const now = viewOf(toLiveUser(made));
  return spellFields({ ...wanted }).flatMap(([field, value]) =>
    typeof value === 'string' && isUserAttribute(field) && now.get(field) !== value
      ? [`the server keeps ${field} as ${JSON.stringify(now.get(field))}`]
      : [],
  );
}

/** The server replaces whole maps: the keys that the plan does not name are sent as they are right now. */
async function patchOf({ fields }: PatchUserCall, account: AccountId, client: WriteClient): Promise<UserPatch> {
  const maps = Object.entries(fields).filter(([, value]) => typeof value !== 'string');
  if (maps.length === 0) return fields;
  const live: Readonly<Record<string, unknown>> = { ...(await client.users.get(account)) };
  return { ...fields, ...Object.fromEntries(maps.map(([name, wanted]) => [name, merged(live[name], wanted)])) };
}

const merged = (now: unknown, wanted: StringMap): StringMap => ({ ...(typeof now === 'object' ? now : {}), ...wanted });
