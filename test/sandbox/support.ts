import {
  type Sandbox,
  type SandboxOptions,
  seededRandomness,
  startSandbox,
  type UserRow,
} from '../../src/sandbox/index.ts';
import { closeLater } from '../support/opened.ts';

/** A moment for clocks that stand still. */
export const noon: number = Date.UTC(2026, 0, 15, 12);

/** A clock that moves only when it is told to. */
export interface TestClock {
  (): number;
  tick(ms: number): void;
}

export function testClock(start: number = noon): TestClock {
  let now = start;
  return Object.assign(() => now, {
    tick: (ms: number) => {
      now += ms;
    },
  });
}

/** A sandbox that is closed after the test, with tokens switched on and everything repeatable. */
export async function sandboxFor(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({
    random: seededRandomness(1),
    ...options,
    config: { 'ServiceSettings.EnableUserAccessTokens': true, ...options.config },
  });
  closeLater(sandbox);
  return sandbox;
}

type Json = Readonly<Record<string, unknown>>;

/** An answer, read in full. */
export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as an object; an empty one when it is none. */
  readonly json: Json;
  readonly rows: readonly Json[];
  /** A field of the body as a text, for paths. */
  field(name: string): string;
  /** The error id, or `''`. */
  readonly id: string;
  readonly message: string;
}

export type Ask = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Seen>;

/** Somebody who talks to a sandbox: with a token, or as nobody. A text as body is sent as it is. */
export function as(sandbox: Sandbox, token = ''): Ask {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(`${sandbox.url}/api/v4${path}`, {
      method,
      redirect: 'manual',
      headers: { ...(token === '' ? {} : { Authorization: `Bearer ${token}` }), ...headers },
      ...(body === undefined ? {} : { body: bodyOf(body) }),
    });
    return seen(response, await response.text());
  };
}

const bodyOf = (body: unknown): string | FormData =>
  typeof body === 'string' || body instanceof FormData ? body : JSON.stringify(body);

function seen(response: Response, text: string): Seen {
  const value = parsed(text);
  const json: Json = isJson(value) ? value : {};
  return {
    status: response.status,
    headers: response.headers,
    text,
    json,
    field: (name) => String(json[name]),
    rows: Array.isArray(value) ? value.filter(isJson) : [],
    id: 'status_code' in json ? String(json['id']) : '',
    message: 'status_code' in json ? String(json['message']) : '',
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** `status id`, or the status alone: what tables compare. */
export const outcome = ({ status, id }: Seen): string => (id === '' ? String(status) : `${status} ${id}`);

export const admin = (sandbox: Sandbox): Ask => as(sandbox, sandbox.adminToken);

/** A member with a session of their own. */
export function member(sandbox: Sandbox, username: string): { readonly id: string; readonly ask: Ask } {
  const id = sandbox.control.user(username)?.id ?? sandbox.control.createUser({ username, password: 'password1' });
  return { id, ask: as(sandbox, sandbox.control.openSession(id)) };
}

export const unknownId = 'ybndrfg8ejkmcpqxot1uwisza3';
export const invalidBody = '400 api.context.invalid_body_param.app_error';
export const invalidUrl = '400 api.context.invalid_url_param.app_error';
export const forbidden = '403 api.context.permissions.app_error';
export const noUser = '404 app.user.missing_account.const';
export const expired = '401 api.context.session_expired.app_error';

/** A row of the table of accounts, for tests of single rules. */
export const plainUser: UserRow = {
  id: 'ybndrfg8ejkmcpqxot1uwisza3',
  create_at: 1,
  update_at: 1,
  delete_at: 0,
  username: 'ada',
  password: '',
  auth_data: null,
  auth_service: '',
  email: 'ada@example.com',
  email_verified: false,
  nickname: '',
  first_name: '',
  last_name: '',
  position: '',
  roles: 'system_user',
  allow_marketing: false,
  props: {},
  notify_props: {},
  last_password_update: 1,
  last_picture_update: 0,
  failed_attempts: 0,
  locale: 'en',
  timezone: {},
  mfa_active: false,
  mfa_secret: '',
  mfa_used_steps: [],
  remote_id: '',
  last_login: 0,
};
