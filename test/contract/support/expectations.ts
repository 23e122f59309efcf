// oxlint-disable vitest/no-standalone-expect, vitest/valid-expect -- operations.test.ts makes tests of what stands here; a second argument says where
import { expect } from 'vitest';
import type { Reply } from './caller.ts';

/** Status and stable id of a refusal. */
export type Refused = readonly [status: number, id: string];

const ids = 'api.context';
/** A key of the body is missing or wrong. */
export const invalidBody: Refused = [400, `${ids}.invalid_body_param.app_error`];
/** A part of the path or the query is wrong. */
export const invalidUrl: Refused = [400, `${ids}.invalid_url_param.app_error`];
export const forbidden: Refused = [403, `${ids}.permissions.app_error`];
export const noSession: Refused = [401, `${ids}.session_expired.app_error`];
export const noRoute: Refused = [404, `${ids}.404.app_error`];
export const tooLarge: Refused = [413, `${ids}.request_body_too_large.app_error`];
export const noUser: Refused = [404, 'app.user.missing_account.const'];
export const unreadable: Refused = [400, 'api.payload.parse.error'];
export const noToken: Refused = [404, 'app.user_access_token.get_by_user.app_error'];

export function expectRefused(reply: Reply, [status, id]: Refused): void {
  const where = `${reply.method} ${reply.path} → ${reply.text.slice(0, 300)}`;
  expect({ status: reply.status, id: fieldsOf(reply.json)['id'] }, where).toEqual({ status, id });
}

/** The short yes of a write; its body never ends in a newline. */
export function expectOk(reply: Reply): void {
  expect({ status: reply.status, body: reply.text }, `${reply.method} ${reply.path}`).toEqual({
    status: 200,
    body: '{"status":"OK"}',
  });
}

/** @returns the object that a call answered with; its status has to be as given */
export function objectOf(reply: Reply, status = 200): Readonly<Record<string, unknown>> {
  expect(reply.status, `${reply.method} ${reply.path} → ${reply.text.slice(0, 300)}`).toBe(status);
  return fieldsOf(reply.json);
}

/** @returns the objects of a list */
export function listOf(reply: Reply): readonly Readonly<Record<string, unknown>>[] {
  expect(reply.status, `${reply.method} ${reply.path} → ${reply.text.slice(0, 300)}`).toBe(200);
  if (!Array.isArray(reply.json)) throw new TypeError(`expected a list, found ${reply.text.slice(0, 100)}`);
  return reply.json.map(fieldsOf);
}

/** The keys of an object, in the order of the wire. */
export const keysOf = (value: unknown): readonly string[] => Object.keys(fieldsOf(value));

export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

export function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`expected a text, found ${JSON.stringify(value)}`);
  return value;
}

export function numberOf(value: unknown): number {
  if (typeof value !== 'number') throw new TypeError(`expected a number, found ${JSON.stringify(value)}`);
  return value;
}
