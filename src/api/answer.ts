import { Buffer, isUtf8 } from 'node:buffer';
import { type Message, say } from '../model/messages/message.ts';
import type { ApiResponse } from './api-promise.ts';
import { badAnswer, redirectRefused } from './call-error.ts';
import { Mismatch } from './decode.ts';
import type { ApiError } from './errors.ts';
import { excerpt } from './excerpt.ts';
import { headerText, publicHeaders } from './headers.ts';
import { readInPieces } from './long-lists.ts';
import type { PreparedCall } from './prepare-call.ts';
import { readRateLimit } from './rate-limit.ts';
import type { Redactor } from './redact.ts';
import { errorOfAnswer } from './status-error.ts';
import type { WireAnswer } from './transport.ts';

/** What an answer amounts to: data, or the error to throw. */
export type Reading = { readonly response: ApiResponse<unknown> } | { readonly error: ApiError };

function readRequestId(answer: WireAnswer): string | undefined {
  const requestId = headerText(answer.headers, 'x-request-id');
  return requestId !== undefined && /^[\w.-]{1,64}$/.test(requestId) ? requestId : undefined;
}

/** In lower case, without parameters. */
function readContentType(answer: WireAnswer): string {
  return headerText(answer.headers, 'content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
}

/**
 * Reads an answer for the call that it came to.
 *
 * @param retryAfterMs - what its `Retry-After` says
 * @param attempts - how many times the request was sent
 */
export function readAnswer(
  answer: WireAnswer,
  call: PreparedCall,
  origin: string,
  retryAfterMs: number | undefined,
  attempts: number,
): Reading {
  const { status, headers } = answer;
  const requestId = readRequestId(answer);
  const tellable = (text: string | undefined): string | undefined =>
    text === undefined || call.redactor.isTold(text) ? undefined : text;
  const respond = (data: unknown): Reading => ({
    response: {
      data,
      status,
      headers: publicHeaders(headers),
      requestId,
      etag: headerText(headers, 'etag'),
      rateLimit: readRateLimit(headers),
      attempts,
    },
  });
  const refuse = (message: Message<'API_BAD_ANSWER'>): Reading => ({
    error: badAnswer(message, call.facts, { status, requestId: tellable(requestId) }, call.row.access),
  });

  if (status === 200 || status === 201) {
    const decoded = decodeBody(answer, call);
    return 'problem' in decoded ? refuse(decoded.problem) : respond(decoded.data);
  }
  if (status === 304 && call.isConditional) return respond(undefined);
  if (status >= 300 && status < 400 && status !== 304) {
    const location = headerText(headers, 'location');
    return { error: redirectRefused(status, location, origin, call.facts, call.redactor) };
  }
  // 202 is how a permanent deletion says that a part of it failed.
  if (status === 202 || (status >= 400 && status < 600)) {
    const body = Buffer.from(answer.body.subarray(0, 65_536)).toString('utf8');
    return {
      error: errorOfAnswer(
        { status, body, requestId: tellable(requestId), retryAfterMs },
        call.facts,
        call.row.access,
        call.redactor,
      ),
    };
  }
  return refuse(say('API_BAD_ANSWER', { is: 'odd-status', status }));
}

type Decoded = { readonly data: unknown } | { readonly problem: Message<'API_BAD_ANSWER'> };

function decodeBody(answer: WireAnswer, call: PreparedCall): Decoded {
  const { row } = call;
  try {
    if (row.answers === 'bytes') return { data: row.decode(answer.body, answer.headers) };
    const contentType = readContentType(answer);
    const isLines = row.answers === 'json-lines';
    const type = isLines ? 'application/x-ndjson' : 'application/json';
    if (contentType !== type) {
      const found = contentType === '' ? 'no content type' : excerpt(call.redactor.withhold(contentType), 60);
      return { problem: say('API_BAD_ANSWER', { is: 'no-json', type, found }) };
    }
    if (!isUtf8(answer.body)) return { problem: say('API_BAD_ANSWER', { is: 'no-utf-8' }) };
    const items = row.decodeItem === undefined ? undefined : readInPieces(answer.body, row.decodeItem);
    const data = items ?? row.decode(isLines ? parseLines(answer.body) : parse(answer.body), answer.headers);
    const disagreement = row.disagrees?.(data, call.args);
    return disagreement === undefined ? { data } : { problem: say('API_BAD_ANSWER', { is: disagreement }) };
  } catch (error) {
    if (error instanceof Mismatch) return { problem: mismatchProblem(error, call.redactor) };
    throw error;
  }
}

/** Parses JSON; what JSON.parse itself says about a bad text would quote from it, and with it perhaps a secret. */
function parse(body: Uint8Array): unknown {
  return parseText(textOf(body));
}

/** A value on each line, and a line end behind the last. */
function parseLines(body: Uint8Array): readonly unknown[] {
  const lines = textOf(body).split('\n');
  if (lines.pop() !== '') throw new Mismatch('', 'lines of JSON', 'a last line that was cut short');
  return lines.map(parseText);
}

const textOf = (body: Uint8Array): string =>
  Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Mismatch('', 'JSON', text.trim() === '' ? 'nothing' : 'text that is not JSON or was cut short');
  }
}

/** What a decoder found wrong, with nothing in it that the server wrote unless it is printable and no secret. */
function mismatchProblem({ path, expected, found }: Mismatch, redactor: Redactor): Message<'API_BAD_ANSWER'> {
  const where = path === '' ? 'the answer' : path;
  const message = say('API_BAD_ANSWER', { is: 'wrong-value', where, expected, found });
  return message.redacted((text) => excerpt(redactor.withhold(text)));
}
