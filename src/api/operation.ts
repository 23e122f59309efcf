import type { WhatOfError } from '../model/messages/message.ts';
import type { ApiPromise } from './api-promise.ts';
import type { Decoder } from './decode.ts';
import type { Feature } from './features.ts';
import type { ApiHeaders } from './headers.ts';

// An operation is one row of the table that the whole client is made from: its types become the methods of
// `ReadClient` and `WriteClient`, its values become the requests. A new endpoint is one more row.

/** How an answer is about something else than what was asked. */
export type Disagreement = Extract<
  WhatOfError<'API_BAD_ANSWER'>['is'],
  `${'other' | 'token' | 'tokens' | 'account'}-${string}` | 'not-asked-for'
>;

export type Access = 'read' | 'write';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** What every call takes, beside the options of its own operation. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** For each attempt, from the first byte sent to the last one read. */
  readonly timeoutMs?: number;
  readonly ifNoneMatch?: undefined;
}

/** The options of a call that asks for data only if they changed; without a change the call gives `undefined`. */
export interface ConditionalCallOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** An `etag` from an earlier answer to the same token: the server's etags do not depend on the viewer. */
  readonly ifNoneMatch: string;
}

/** From the name of an option to the name of the query parameter that carries it. */
export type QueryNames<Query> = { readonly [Name in keyof Query]-?: string };

type Last<Args extends readonly unknown[]> = Args extends readonly [...unknown[], infer Value] ? Value : unknown;

type ItemOf<Data> = Data extends readonly (infer Item)[] ? Item : never;

interface OperationBase<Args extends readonly unknown[], Data, Query> {
  readonly method: HttpMethod;
  /** Below `/api/v4`; each `{name}` takes one argument of the method, in order. May end in a constant query. */
  readonly path: `/${string}`;
  /** The name in the server's generated reference, where the operation has one. */
  readonly reference?: string;
  /** Who may call it, in the words of the API reference. */
  readonly permission: string;
  /** Makes the body from the last positional argument, and refuses what the server would misread. */
  body?(input: Last<Args>, args: Args): unknown;
  /** How many arguments follow those of the path, where there is a body; 1 if not said. */
  readonly bodyArguments?: number;
  readonly query?: QueryNames<Query>;
  readonly answers?: 'json' | 'json-lines' | 'bytes';
  /** Whether the answer tells a secret that the server made. */
  readonly tellsSecret?: boolean;
  /** Turns what came from outside into data, or throws a `Mismatch`. */
  decode(answer: unknown, headers: ApiHeaders): Data;
  /** Reads one item, where the answer is a list that can be long: `decode` reads a list of them. */
  readonly decodeItem?: Decoder<ItemOf<Data>>;
  /** Says what is wrong with well-formed data that do not answer this question. */
  disagrees?(data: Data, args: Args): Disagreement | undefined;
  /** A feature that only newer servers have and that these arguments need. */
  needs?(args: Args): Feature | undefined;
  /** Never set: it carries the types of the method. */
  signature?(args: Args, query: Query): Data;
}

/** Changes nothing on the server, whatever its HTTP method; it may always be sent again. */
export interface Read<Args extends readonly unknown[], Data, Query = unknown> extends OperationBase<Args, Data, Query> {
  readonly access: 'read';
}

/** Changes something on the server. */
export interface Write<Args extends readonly unknown[], Data, Query = unknown>
  extends OperationBase<Args, Data, Query> {
  readonly access: 'write';
  /**
   * `safe`: done twice is as done once. `look-first`: it is not, or a second time fails. After a lost response the state
   * is read in either case; this says what may follow if it does not tell.
   */
  readonly repeat: 'safe' | 'look-first';
}

export interface PageQuery {
  /** From 0. */
  readonly page?: number;
  /** 1 to 200; the server's default is 60. */
  readonly perPage?: number;
}

export interface PagesOptions extends CallOptions {
  readonly perPage?: number;
  /** Fails when the server has more pages than this. */
  readonly maxPages?: number;
  /** How many items there are as far as is known: their pages are asked for ahead, a few at a time, where the listing has numbered ones. */
  readonly expected?: number;
}

/** All pages of a reading operation, one after the other, as an async iterable. */
export interface Pages<Args extends readonly unknown[], Item, Filters = unknown, Query = Filters & PageQuery> {
  readonly access: 'read';
  readonly pagesOf: Read<Args, readonly Item[], Query>;
  /** The query options of the page after this one. */
  next(previous: object, page: readonly Item[]): object;
  /** The query options of a page by its number, from 0; absent where a page is known from the one before alone. */
  at?(query: object, page: number): object;
  /** The greatest page that the server gives. */
  readonly perPage: number;
  /** Never set: it carries the types of the method. */
  items?(args: Args, filters: Filters): Item;
}

/** Any single call of the table, with its types forgotten: what the engine works with. */
export interface AnyCall {
  readonly access: Access;
  readonly repeat?: 'safe' | 'look-first';
  readonly method: HttpMethod;
  readonly path: `/${string}`;
  readonly reference?: string;
  readonly permission: string;
  body?(input: unknown, args: readonly unknown[]): unknown;
  readonly bodyArguments?: number;
  readonly query?: Readonly<Record<string, string>>;
  readonly answers?: 'json' | 'json-lines' | 'bytes';
  readonly tellsSecret?: boolean;
  decode(answer: unknown, headers: ApiHeaders): unknown;
  readonly decodeItem?: Decoder<unknown>;
  disagrees?(data: unknown, args: readonly unknown[]): Disagreement | undefined;
  needs?(args: readonly unknown[]): Feature | undefined;
}

export interface AnyPages {
  readonly access: 'read';
  readonly pagesOf: AnyCall;
  next(previous: object, page: readonly unknown[]): object;
  at?(query: object, page: number): object;
  readonly perPage: number;
}

export type AnyOperation = AnyCall | AnyPages;

/** The method of the client that an operation becomes. */
export type Method<Row> = Row extends {
  readonly pagesOf: unknown;
  items?(args: infer Args, filters: infer Filters): infer Item;
}
  ? PagesMethod<Args, Item, Filters>
  : Row extends { readonly access: 'read'; signature?(args: infer Args, query: infer Query): infer Data }
    ? ReadMethod<Args, Data, Query>
    : Row extends { readonly access: 'write'; signature?(args: infer Args, query: infer Query): infer Data }
      ? WriteMethod<Args, Data, Query>
      : never;

type Values<Args> = Args extends readonly unknown[] ? Args : never;

type PagesMethod<Args, Item, Filters> = (
  ...args: [...args: Values<Args>, options?: Filters & PagesOptions]
) => AsyncIterable<readonly Item[]>;

type WriteMethod<Args, Data, Query> = (
  ...args: [...args: Values<Args>, options?: Query & CallOptions]
) => ApiPromise<Data>;

interface ReadMethod<Args, Data, Query> {
  (...args: [...args: Values<Args>, options?: Query & CallOptions]): ApiPromise<Data>;
  (...args: [...args: Values<Args>, options: Query & ConditionalCallOptions]): ApiPromise<Data | undefined>;
}
