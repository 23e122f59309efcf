import { isRecord } from '../model/is-record.ts';
import { type Message, say, type WhatOfError } from '../model/messages/message.ts';
import { Secret } from '../model/secret.ts';
import { isId } from '../model/server-id.ts';
import { type Fields, kindOf } from './decode.ts';
import { excerpt } from './excerpt.ts';

// Checks of what callers give, made before a request is sent: the types hold for TypeScript, these for everybody.

/** What is wrong with an argument. The engine turns it into an `ApiInvalidArgumentError` that names the call. */
export class BadArgument extends Error {
  override readonly name = 'BadArgument';
  readonly refusal: Message<'API_INVALID_ARGUMENT'>;

  constructor(what: WhatOfError<'API_INVALID_ARGUMENT'>) {
    const refusal = say('API_INVALID_ARGUMENT', what);
    super(refusal.text);
    this.refusal = refusal;
  }
}

/** Describes a value without showing what might be a secret: texts only where they are names or ids. */
function shown(value: unknown): string {
  return typeof value === 'string' && value !== '' ? `"${excerpt(value, 40)}"` : kindOf(value);
}

export function idArgument(value: unknown, name: string): string {
  if (isId(value)) return value;
  throw new BadArgument({ is: 'no-id', name, found: shown(value) });
}

/** An id, or `me` for the account of the token. */
export function userIdArgument(value: unknown, name: string): string {
  return value === 'me' ? value : idArgument(value, name);
}

/** A text that is not empty; its value is never shown. */
export function textArgument(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new BadArgument({ is: 'no-text', name, found: kindOf(value) });
}

export function flagArgument(value: unknown, name: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new BadArgument({ is: 'no-flag', name, found: kindOf(value) });
}

export function wholeArgument(value: unknown, name: string, min: number, max: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max) return value;
  const found = typeof value === 'number' ? String(value) : kindOf(value);
  throw new BadArgument({ is: 'no-whole-number', name, min, max, found });
}

export function oneOfArgument<Word extends string>(value: unknown, name: string, words: readonly Word[]): Word {
  const word = words.find((one) => one === value);
  if (word !== undefined) return word;
  throw new BadArgument({ is: 'no-such-word', name, words: words.join(', '), found: shown(value) });
}

export function secretArgument(value: unknown, name: string): Secret {
  if (value instanceof Secret) return value;
  throw new BadArgument({ is: 'no-secret', name, found: kindOf(value) });
}

export function optionalSecretArgument(value: unknown, name: string): Secret | undefined {
  return value === undefined ? undefined : secretArgument(value, name);
}

/** A list that is not empty, each item checked. */
export function listArgument<Item>(
  value: unknown,
  name: string,
  item: (value: unknown, name: string) => Item,
  max: number = Number.POSITIVE_INFINITY,
): readonly Item[] {
  if (!Array.isArray(value)) throw new BadArgument({ is: 'no-list', name, found: kindOf(value) });
  if (value.length === 0) throw new BadArgument({ is: 'empty-list', name });
  if (value.length > max) throw new BadArgument({ is: 'long-list', name, max, found: value.length });
  return value.map((element: unknown, index) => item(element, `${name}[${index}]`));
}

const roleName = /^[a-z0-9_]{1,64}$/;

export function roleArgument(value: unknown, name: string): string {
  if (typeof value === 'string' && roleName.test(value)) return value;
  throw new BadArgument({ is: 'no-role', name, found: shown(value) });
}

/**
 * Refuses keys that the server would silently ignore, and keeps the others.
 *
 * @param keys - what may stand in the object
 */
export function knownKeys<Input extends object>(input: Input, name: string, keys: ReadonlySet<string>): Input;
export function knownKeys(input: unknown, name: string, keys: ReadonlySet<string>): Fields;
export function knownKeys(input: unknown, name: string, keys: ReadonlySet<string>): Fields {
  if (!isRecord(input)) throw new BadArgument({ is: 'no-object', name, found: kindOf(input) });
  for (const key of Object.keys(input)) {
    if (!keys.has(key)) {
      throw new BadArgument({ is: 'unknown-key', key: `${name}.${excerpt(key, 40)}`, known: [...keys].join(', ') });
    }
  }
  return input;
}
