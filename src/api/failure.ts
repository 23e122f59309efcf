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
  readonly problem: string;
  /** What to do, where the stage alone does not tell. */
  readonly hint?: string;
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
    super('the proxy closed the connection instead of connecting', { cause });
  }
}

/** A proxy that answered with a status of its own when it was asked to connect. */
export class ProxyRefusal extends Error {
  override readonly name = 'ProxyRefusal';
  readonly code = 'PROXY_REFUSED';
  readonly status: number;

  /** @param proxy - its host and port, without user and password */
  constructor(status: number, proxy: string) {
    super(`the proxy ${proxy} answered ${status} instead of connecting`);
    this.status = status;
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
 */
export function failureOf(error: unknown, status: number | undefined): Failure {
  if (error instanceof BodyProblem) {
    return { kind: 'failure', stage: 'bad-answer', problem: error.message, isSent: true, status };
  }
  const errors = [...chain(error)];
  const codes = errors.map((one) => member(one, 'code')).filter((code) => code !== undefined);
  const text = excerpt(member(error, 'message') ?? 'no reason given');
  const cause = new TransportCause(codes[0], text);
  if (error instanceof ProxyRefusal) return { ...proxyFailure(error), isSent: false, cause };
  if (error instanceof ProxyBrokeOff)
    return { kind: 'failure', stage: 'unreachable', problem: error.message, isSent: false, cause };
  if (codes.some((code) => certificateCode.test(code))) {
    return { kind: 'failure', stage: 'tls', problem: `the certificate was refused: ${text}`, isSent: false, cause };
  }
  if (codes.some((code) => handshakeCode.test(code))) {
    const reason = tlsReason(text);
    const isPlain = reason === 'wrong version number';
    const hint = 'the server does not speak TLS there: check https:// and the port';
    const problem = `no TLS connection: ${reason}`;
    return { kind: 'failure', stage: 'tls', problem, isSent: true, cause, ...(isPlain && { hint }) };
  }
  const isConnecting = errors.some((one) => ['connect', 'getaddrinfo'].includes(member(one, 'syscall') ?? ''));
  if (isConnecting || codes.some((code) => unreachableCodes.has(code))) {
    return {
      kind: 'failure',
      stage: 'unreachable',
      problem: `no connection: ${codes[0] ?? text}`,
      isSent: false,
      cause,
    };
  }
  const isUnparsable = errors.some((one) => member(one, 'name') === 'HTTPParserError');
  if (isUnparsable || codes.some((code) => parserCode.test(code))) {
    return { kind: 'failure', stage: 'bad-answer', problem: 'the answer is not HTTP', isSent: true, status, cause };
  }
  const problem =
    status === undefined ? 'the connection broke before an answer' : 'the connection broke within the answer';
  return { kind: 'failure', stage: 'unknown', problem, isSent: true, status, cause };
}

/** What OpenSSL says, without the numbers and files of its own source. */
const tlsReason = (text: string): string => /SSL routines:[^:]*:([^:]+)/.exec(text)?.[1] ?? text;

/** What a proxy says of the caller holds for every try; what it says of itself or of the server may pass. */
function proxyFailure({ status, message }: ProxyRefusal): Pick<Failure, 'kind' | 'stage' | 'problem' | 'hint'> {
  const isFinal = status >= 400 && status < 500 && status !== 408 && status !== 429;
  if (!isFinal) return { kind: 'failure', stage: 'unreachable', problem: message };
  const hint =
    status === 407
      ? 'put user and password into the address of the proxy: http://user:password@host:port'
      : 'let the proxy allow connections to the server, or list the server in NO_PROXY';
  return { kind: 'failure', stage: 'proxy-refused', problem: message, hint };
}
