import { isRecord } from '../model/is-record.ts';
import { revealSecret } from '../model/reveal-secret.ts';
import type { Secret } from '../model/secret.ts';
import { BadArgument, wholeArgument } from './arguments.ts';
import { argumentError } from './call-error.ts';
import { kindOf } from './decode.ts';
import type { CallFacts } from './errors.ts';
import type { AnyCall } from './operation.ts';
import { Redactor } from './redact.ts';
import { encodeBody } from './request-body.ts';
import { countSegments, fillPath } from './request-path.ts';
import { encodeQuery, shownQuery } from './request-query.ts';
import type { WireRequest } from './transport.ts';

/** A call whose arguments were checked: everything that its attempts need. */
export interface PreparedCall {
  readonly row: AnyCall;
  /** The positional arguments, without the options. */
  readonly args: readonly unknown[];
  readonly facts: CallFacts;
  readonly request: WireRequest;
  /** Of the request, as it may be shown; and its template, from the root of the origin as well. */
  readonly shownPath: string;
  readonly template: string;
  /** Whether the server may say that nothing changed. */
  readonly isConditional: boolean;
  readonly redactor: Redactor;
}

export interface CallSettings {
  /** Before `/api/v4`. */
  readonly prefix: string;
  readonly userAgent: string;
  readonly token: Secret | undefined;
  /** Where it comes from, for messages. */
  readonly tokenFrom: string | undefined;
  readonly timeoutMs: number;
  /** Ends the call as well as its own. */
  readonly signal: AbortSignal | undefined;
}

const maxTimeoutMs = 3_600_000;

function readCallOptions(options: unknown): {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number | undefined;
  readonly ifNoneMatch: string | undefined;
} {
  if (options !== undefined && !isRecord(options)) {
    throw new BadArgument({ is: 'no-object', name: 'options', found: kindOf(options) });
  }
  const { signal, timeoutMs, ifNoneMatch } = options ?? {};
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new BadArgument({ is: 'no-signal', found: kindOf(signal) });
  }
  if (ifNoneMatch !== undefined && !(typeof ifNoneMatch === 'string' && /^[\x20-\x7e]{1,1024}$/.test(ifNoneMatch))) {
    throw new BadArgument({ is: 'no-etag', found: kindOf(ifNoneMatch) });
  }
  return {
    signal,
    timeoutMs: timeoutMs === undefined ? undefined : wholeArgument(timeoutMs, 'timeoutMs', 1, maxTimeoutMs),
    ifNoneMatch,
  };
}

/**
 * Checks the arguments of a call and makes its request.
 *
 * @param name - of the client's method, as `users.get`
 * @param args - as the method got them: path values, body, options
 * @throws {ApiInvalidArgumentError} and nothing was sent
 */
export function prepareCall(
  name: string,
  row: AnyCall,
  args: readonly unknown[],
  settings: CallSettings,
): PreparedCall {
  const bare: CallFacts = { operation: name, method: row.method, path: row.path, tokenFrom: settings.tokenFrom };
  const redactor = new Redactor(row.tellsSecret);
  try {
    const segments = countSegments(row.path);
    const positional = segments + (row.body === undefined ? 0 : (row.bodyArguments ?? 1));
    const filled = fillPath(row.path, args);
    const options = args[positional];
    const { signal, timeoutMs, ifNoneMatch } = readCallOptions(options);
    if (ifNoneMatch !== undefined && row.access === 'write') throw new BadArgument({ is: 'etag-of-write' });
    const query = encodeQuery(row.query, options);
    const root = `${settings.prefix}/api/v4`;
    const path = `${root}${filled.path}`;
    const template = `${root}${row.path}`;
    const body = row.body === undefined ? undefined : encodeBody(row.body(args[positional - 1], args), redactor);
    const headers: Record<string, string> = {
      accept: row.answers === 'bytes' ? 'image/*, application/json' : 'application/json',
      'accept-encoding': 'gzip',
      // The server translates its messages.
      'accept-language': 'en',
      'user-agent': settings.userAgent,
    };
    if (body !== undefined) headers['content-type'] = body.contentType;
    if (ifNoneMatch !== undefined) headers['if-none-match'] = ifNoneMatch;
    if (settings.token !== undefined) headers['authorization'] = `Bearer ${openToken(settings.token, redactor)}`;
    return {
      row,
      args: args.slice(0, positional),
      facts: { ...bare, subject: filled.subject },
      request: {
        method: row.method,
        path: `${path}${query}`,
        headers,
        body: body?.bytes,
        signal: eitherOf(signal, settings.signal),
        timeoutMs: timeoutMs ?? settings.timeoutMs,
      },
      // A caller may put a secret where a name belongs.
      shownPath: redactor.isTold(path) ? template : `${path}${shownQuery(query)}`,
      template,
      isConditional: ifNoneMatch !== undefined,
      redactor,
    };
  } catch (error) {
    throw argumentError(error, bare);
  }
}

function eitherOf(one: AbortSignal | undefined, other: AbortSignal | undefined): AbortSignal | undefined {
  return one === undefined || other === undefined ? (one ?? other) : AbortSignal.any([one, other]);
}

function openToken(token: Secret, redactor: Redactor): string {
  const clear = revealSecret(token);
  if (!/^[\x21-\x7e]{1,512}$/.test(clear)) {
    throw new BadArgument({ is: 'odd-token' });
  }
  redactor.add(clear, token);
  return clear;
}
