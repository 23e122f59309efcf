import { writeJson } from './go-json.ts';

/** An answer before it goes onto the wire. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

interface ReplyOptions {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export const text = (body: string, options: ReplyOptions = {}): Reply => ({
  status: options.status ?? 200,
  headers: options.headers ?? {},
  body: Buffer.from(body),
});

/** A body from the server's stream encoder: it ends in a newline. */
export const json = (value: unknown, options: ReplyOptions = {}): Reply => text(`${writeJson(value)}\n`, options);

/** A body that the server marshals first: no newline at the end. */
export const marshalled = (value: unknown, options: ReplyOptions = {}): Reply => text(writeJson(value), options);

export const ok: Reply = marshalled({ status: 'OK' });

export const picture = (body: Buffer, headers: Readonly<Record<string, string>>): Reply => ({
  status: 200,
  headers: { 'Content-Type': 'image/png', ...headers },
  body,
});

export const nothing = (status: number, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers,
  body: Buffer.alloc(0),
});
