/** Which calls that write mean the same, whoever names them: a request at the door, or an action of a plan. */
import type { Action } from '../../../src/model/plan.ts';
import type { Passage } from './door.ts';
import { markOf } from './portrait.ts';
import { isWrite } from './stage.ts';

/** One write: what it is about, and a name that it shares with its repetitions alone. */
export interface Write {
  readonly key: string;
  /** What a look after a lost response must have asked for: an id, a username or an e-mail. */
  readonly subjects: readonly string[];
  readonly isToken: boolean;
}

const field = (body: unknown, name: string): string => {
  const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
  return typeof value === 'string' ? value : String(value);
};

/**
 * The write that a request is; nothing where it reads, or notes something for muster alone.
 *
 * @param owners - the accounts of tokens, by the token's id
 */
export function writeOf(passage: Passage, owners: ReadonlyMap<string, string>): Write | undefined {
  const { path, body } = passage;
  if (!isWrite(passage) || path.includes('/preferences')) return undefined;
  if (path === '/users') {
    const subjects = [field(body, 'username'), field(body, 'email')];
    return { key: `create-user ${subjects[0]}`, subjects, isToken: false };
  }
  const [, ofToken] = /^\/users\/tokens\/(\w+)$/.exec(path) ?? [];
  if (ofToken !== undefined) {
    const token = field(body, 'token_id');
    return { key: `${ofToken} ${token}`, subjects: [owners.get(token) ?? token], isToken: true };
  }
  const [, id = '', what] = /^\/users\/([a-z0-9]{26})\/(\w+)$/.exec(path) ?? [];
  if (what === 'tokens')
    return { key: `create-token ${id} ${markOf(field(body, 'description'))}`, subjects: [id], isToken: true };
  return {
    key: what === 'active' ? `active ${id} ${field(body, 'active')}` : `${what ?? path} ${id}`,
    subjects: [id],
    isToken: false,
  };
}

/** The key of the write that an action makes; nothing where its account is not known beforehand. */
export function keyOf({ call, account, person }: Action): string | undefined {
  if (call.operation === 'create-user') return `create-user ${call.fields.username ?? person}`;
  if (account === undefined) return undefined;
  switch (call.operation) {
    case 'patch-user':
      return `patch ${account}`;
    case 'set-auth':
      return `auth ${account}`;
    case 'set-password':
      return `password ${account}`;
    case 'disable-mfa':
      return `mfa ${account}`;
    case 'set-roles':
      return `roles ${account}`;
    case 'promote-guest':
      return `promote ${account}`;
    case 'demote-to-guest':
      return `demote ${account}`;
    case 'activate':
      return `active ${account} true`;
    case 'deactivate':
      return `active ${account} false`;
    case 'create-token':
      return `create-token ${account} ${call.name}@${call.generation}`;
    case 'enable-token':
      return `enable ${call.token}`;
    case 'disable-token':
      return `disable ${call.token}`;
    case 'revoke-token':
      return `revoke ${call.token}`;
    case 'join-team':
    case 'leave-team':
    case 'set-team-role':
    case 'join-channel':
    case 'leave-channel':
    case 'set-channel-role':
      // Several people may share one request.
      return undefined;
  }
}
