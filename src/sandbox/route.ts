import type { Call } from './call.ts';
import type { Reply } from './reply.ts';

/**
 * Whether a call needs a session: `required`; `before-mfa`: required, but open to a user who still has to set up MFA;
 * `optional`: a bad token is ignored, and the call goes on without a user.
 */
export type SessionNeed = 'required' | 'before-mfa' | 'optional';

/** One row of the table of routes. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v4`, in the router's notation. */
  readonly path: string;
  readonly session: SessionNeed;
  /** Asked for before anything else; handlers that look at other things first ask for themselves. */
  readonly permission?: string;
  /** Takes a file: a larger limit for the body. */
  readonly takesFile?: boolean;
  /** Has a limiter of its own, per address, while limiting is on, from a version on. */
  readonly limiter?: { readonly perSec: number; readonly maxBurst: number; readonly since: string };
  /** The first version that has this route; older servers know nothing of it. */
  readonly since?: string;
  /** Refused while the server is marked busy. */
  readonly isOffWhenBusy?: boolean;
  /** Reads and decides, then writes: never waits, so every call is one step. */
  readonly handle: (call: Call) => Reply;
}

type Extras = Omit<Route, 'method' | 'path' | 'session' | 'handle'>;
type Handler = Route['handle'];

const route =
  (method: Route['method'], session: SessionNeed) =>
  (path: string, handle: Handler, extras: Extras = {}): Route => ({ method, path, session, handle, ...extras });

export const get: ReturnType<typeof route> = route('GET', 'required');
export const post: ReturnType<typeof route> = route('POST', 'required');
export const put: ReturnType<typeof route> = route('PUT', 'required');
export const del: ReturnType<typeof route> = route('DELETE', 'required');
export const openGet: ReturnType<typeof route> = route('GET', 'optional');
export const openPost: ReturnType<typeof route> = route('POST', 'optional');
export const mfaPost: ReturnType<typeof route> = route('POST', 'before-mfa');
export const mfaPut: ReturnType<typeof route> = route('PUT', 'before-mfa');

/** Any account in the path; the shape is checked by the handler. */
export const userPath = '/users/:user_id{[A-Za-z0-9]+}';
