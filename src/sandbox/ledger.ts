/** One request, as tests and logs see it: no secret, whatever the body held. */
export interface RequestRecord {
  /** Milliseconds since the epoch, by the sandbox's clock. */
  readonly at: number;
  readonly method: string;
  /** The whole path, without the query. */
  readonly path: string;
  readonly query: string;
  /** 0 when no answer was sent. */
  readonly status: number;
  readonly durationMs: number;
  /** Whose session it was; empty without a user. */
  readonly userId: string;
  /** The JSON of the body with passwords, codes and tokens masked; undefined when there was none. */
  readonly body: unknown;
  /** The kinds of the faults that struck. */
  readonly faults: readonly string[];
}

const mask = '(masked)';
const secretNames: ReadonlySet<string> = new Set([
  'password',
  'new_password',
  'current_password',
  'token',
  'code',
  'mfa_code',
  'mfa_secret',
  'magic_link_token',
]);

/** The body of a request without its secrets; a body that is no JSON is left out. */
export function maskedBody(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return masked(JSON.parse(body.toString('utf8')));
  } catch {
    return '(not JSON)';
  }
}

function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, secretNames.has(name.toLowerCase()) ? mask : masked(item)]),
  );
}

export const maskedQuery = (query: string): string => query.replace(/(access_token|[?&]t)=[^&]*/g, `$1=${mask}`);
