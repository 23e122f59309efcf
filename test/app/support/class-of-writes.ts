/**
 * What each write made of accounts and tokens, in the words of change classes: read from the server before and after, and
 * not from anything that muster says of itself.
 */
import type { ChangeClass } from '../../../src/model/plan.ts';
import type { PersonState, RequestRecord, SandboxState } from '../../../src/sandbox/index.ts';
import { apiPath, isWrite } from '../../apply/support/stage.ts';

export interface SeenWrite {
  /** Of the account, afterwards. */
  readonly username: string;
  readonly class: ChangeClass;
  readonly request: string;
}

/** Writes that no plan names. */
const withoutTrace = /\/preferences(?:\/delete)?$|^\/users\/password\/reset\/send$/;

/** Whether a request writes nothing to accounts and tokens: it was refused, or says something about the run itself. */
export const isSilent = (request: RequestRecord): boolean =>
  !isWrite(request) || request.status >= 400 || withoutTrace.test(apiPath(request));

/** @throws for a write that changed nothing: then it is not known what it was */
export function classesOf(request: RequestRecord, before: SandboxState, after: SandboxState): readonly SeenWrite[] {
  const path = apiPath(request);
  const seen = [...accountWrites(before, after), ...tokenWrites(before, after, request.at)];
  if (seen.length === 0) throw new Error(`${request.method} ${path} changed nothing`);
  const names = new Map(after.people.map(({ id, username }) => [id, username]));
  return seen.map(({ account, class: name }) => ({
    username: names.get(account) ?? account,
    class: name,
    request: `${request.method} ${path}`,
  }));
}

interface Seen extends Pick<SeenWrite, 'class'> {
  /** Id of the account. */
  readonly account: string;
}

function accountWrites(before: SandboxState, after: SandboxState): readonly Seen[] {
  const known = new Map(before.people.map((person) => [person.id, person]));
  return after.people.flatMap((is) => {
    const was = known.get(is.id);
    const classes: readonly ChangeClass[] = was === undefined ? ['create'] : classesBetween(was, is);
    return classes.map((name) => ({ account: is.id, class: name }));
  });
}

const profile = ['first_name', 'last_name', 'nickname', 'position', 'locale'] as const;

function classesBetween(was: PersonState, is: PersonState): readonly ChangeClass[] {
  const isOther = (field: keyof PersonState): boolean => was[field] !== is[field];
  return [
    ...(was.delete_at === 0 && is.delete_at !== 0 ? ['deactivate' as const] : []),
    ...(was.delete_at !== 0 && is.delete_at === 0 ? ['activate' as const] : []),
    ...(isOther('email') ? ['email' as const] : []),
    ...(isOther('username') ? ['rename' as const] : []),
    ...(isOther('auth_service') || isOther('auth_data') ? ['auth' as const] : []),
    ...(was.mfa_active && !is.mfa_active ? ['mfa' as const] : []),
    ...(profile.some(isOther) ? ['update' as const] : []),
    ...roleClasses(wordsOf(was.roles), wordsOf(is.roles)),
  ];
}

const wordsOf = (roles: string): ReadonlySet<string> => new Set(roles.split(' ').filter((role) => role !== ''));
const baseRoles: ReadonlySet<string> = new Set(['system_user', 'system_guest']);

function roleClasses(was: ReadonlySet<string>, is: ReadonlySet<string>): readonly ChangeClass[] {
  const changed = (from: ReadonlySet<string>, to: ReadonlySet<string>): readonly string[] =>
    [...to].filter((role) => !from.has(role) && !baseRoles.has(role));
  return [
    ...(was.has('system_guest') === is.has('system_guest') ? [] : ['guest' as const]),
    ...changed(was, is).map((role) => (role === 'system_admin' ? 'admin-gain' : 'role-grant')),
    ...changed(is, was).map((role) => (role === 'system_admin' ? 'admin-loss' : 'role-revoke')),
  ];
}

function tokenWrites(before: SandboxState, after: SandboxState, nowMs: number): readonly Seen[] {
  const known = new Map(before.tokens.map((token) => [token.id, token]));
  const left = new Set(after.tokens.map(({ id }) => id));
  const made = after.tokens.flatMap(({ id, user_id: account, is_active: isActive }): readonly Seen[] => {
    const was = known.get(id);
    if (was === undefined) return [{ account, class: 'token-create' }];
    if (was.is_active === isActive) return [];
    return [{ account, class: isActive ? 'token-enable' : 'token-disable' }];
  });
  // What expired is taken away by the server itself.
  const isAlive = ({ expires_at: at }: { readonly expires_at: number }): boolean => at === 0 || at > nowMs;
  const gone = before.tokens.filter((token) => !left.has(token.id) && isAlive(token));
  return [...made, ...gone.map(({ user_id: account }): Seen => ({ account, class: 'token-revoke' }))];
}
