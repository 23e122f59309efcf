import { type Message, say } from '../model/messages/message.ts';
import type { ApiErrorCode } from './api-error.ts';
import { excerpt } from './excerpt.ts';
import { BodyProblem } from './read-body.ts';

/**
 * An attempt without a usable answer.
 *
 * `unreachable`: no connection stood, nothing was sent. `proxy-refused`: the same, and the proxy would say so again.
 * `tls`: the certificate or the handshake failed. `unknown`: sent, and the response was lost. `bad-answer`: an answer came
 * that cannot be read. `aborted`: by the caller's signal.
 */
export interface Failure {
  readonly kind: 'failure';
  readonly stage: 'unreachable' | 'proxy-refused' | 'tls' | 'unknown' | 'bad-answer' | 'aborted';
  readonly message: Message<ApiErrorCode>;
  /** Whether the request, or a part of it, may have reached the server. */
  readonly isSent: boolean;
  readonly status?: number | undefined;
  readonly cause?: TransportCause;
}

/**
 * What the HTTP library said, as code and text alone: its own errors may hold sockets, certificates and requests, which
 * have no place in an error that is printed.
 */
export class TransportCause extends Error {
  override readonly name = 'TransportCause';
  readonly code: string | undefined;

  constructor(code: string | undefined, text: string) {
    super(text);
    this.code = code;
  }
}

/** A proxy that ended, or did not answer, when it was asked to connect. */
export class ProxyBrokeOff extends Error {
  override readonly name = 'ProxyBrokeOff';
  readonly code = 'PROXY_BROKE_OFF';

  constructor(cause: Error) {
    super('', { cause });
  }
}

/** A proxy that answered with a status of its own when it was asked to connect. */
export class ProxyRefusal extends Error {
  override readonly name = 'ProxyRefusal';
  readonly code = 'PROXY_REFUSED';
  readonly status: number;
  readonly proxy: string;

  /** @param proxy - its host and port, without user and password */
  constructor(status: number, proxy: string) {
    super();
    this.status = status;
    this.proxy = proxy;
  }
}

// These come from looking the name up, or from connecting, and from nowhere else.
const unreachableCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const certificateCode =
  /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT|HOSTNAME_MISMATCH$|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_EXCEEDED$)/;
const handshakeCode = /^(?:ERR_SSL_|ERR_TLS_|EPROTO$)/;
const parserCode = /^(?:HPE_|UND_ERR_HEADERS_OVERFLOW$|UND_ERR_RES_CONTENT_LENGTH_MISMATCH$)/;

function member(error: unknown, name: string): string | undefined {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** The errors behind an error: several addresses may have been tried, and a proxy's error wraps another. */
function* chain(error: unknown): Generator {
  yield error;
  if (error instanceof AggregateError) yield* error.errors;
  if (error instanceof Error && error.cause !== undefined) yield* chain(error.cause);
}

/**
 * Tells what kind of failure the HTTP library reported. In doubt the request counts as sent.
 *
 * @param status - of the answer that had begun, if any
 * @param host - to which the request was to go: named whatever went wrong
 */
export function failureOf(error: unknown, status: number | undefined, host: string): Failure {
  if (error instanceof BodyProblem) {
    const message = say('API_BAD_ANSWER', { ...error.what, host });
    return { kind: 'failure', stage: 'bad-answer', message, isSent: true, status };
  }
  const errors = [...chain(error)];
  const codes = errors.map((one) => member(one, 'code')).filter((code) => code !== undefined);
  const text = excerpt(member(error, 'message') ?? 'no reason given');
  const cause = new TransportCause(codes[0], text);
  if (error instanceof ProxyRefusal) return { ...proxyFailure(error, host), isSent: false, cause };
  if (error instanceof ProxyBrokeOff) {
    const message = say('API_UNREACHABLE', { is: 'proxy-closed', host });
    return { kind: 'failure', stage: 'unreachable', message, isSent: false, cause };
  }
  if (codes.some((code) => certificateCode.test(code))) {
    const message = say('API_TLS', { is: 'certificate', why: text, host });
    return { kind: 'failure', stage: 'tls', message, isSent: false, cause };
  }
  if (codes.some((code) => handshakeCode.test(code))) {
    const why = tlsReason(text);
    const message = say('API_TLS', { is: why === 'wrong version number' ? 'no-tls-there' : 'handshake', why, host });
    return { kind: 'failure', stage: 'tls', message, isSent: true, cause };
  }
  const isConnecting = errors.some((one) => ['connect', 'getaddrinfo'].includes(member(one, 'syscall') ?? ''));
  if (isConnecting || codes.some((code) => unreachableCodes.has(code))) {
    const message = say('API_UNREACHABLE', { is: 'no-connection', why: codes[0] ?? text, host });
    return { kind: 'failure', stage: 'unreachable', message, isSent: false, cause };
  }
  const isUnparsable = errors.some((one) => member(one, 'name') === 'HTTPParserError');
  if (isUnparsable || codes.some((code) => parserCode.test(code))) {
    const message = say('API_BAD_ANSWER', { is: 'no-http', host });
    return { kind: 'failure', stage: 'bad-answer', message, isSent: true, status, cause };
  }
  const message = say('API_OUTCOME_UNKNOWN', { is: status === undefined ? 'broken-before' : 'broken-within', host });
  return { kind: 'failure', stage: 'unknown', message, isSent: true, status, cause };
}

/** What OpenSSL says, without the numbers and files of its own source. */
const tlsReason = (text: string): string => /SSL routines:[^:]*:([^:]+)/.exec(text)?.[1] ?? text;

/** What a proxy says of the caller holds for every try; what it says of itself or of the server may pass. */
function proxyFailure({ status, proxy }: ProxyRefusal, host: string): Pick<Failure, 'kind' | 'stage' | 'message'> {
  const refusing = (is: 'proxy-failed' | 'proxy-refused' | 'proxy-wants-password'): Message<ApiErrorCode> =>
    say('API_UNREACHABLE', { is, proxy, status, host });
  const isFinal = status >= 400 && status < 500 && status !== 408 && status !== 429;
  if (!isFinal) return { kind: 'failure', stage: 'unreachable', message: refusing('proxy-failed') };
  const is = status === 407 ? 'proxy-wants-password' : 'proxy-refused';
  return { kind: 'failure', stage: 'proxy-refused', message: refusing(is) };
}
