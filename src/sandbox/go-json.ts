/**
 * Reads and writes JSON as the server's language does (API §3.2): only the first value of a body counts, names of
 * fields match in any case, `null` means "not given", a wrong type anywhere spoils the whole body, maps are written
 * with sorted keys, and `<`, `>`, `&` are written as escapes.
 */

/** The body is not what the handler decodes into. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}

/** The first JSON value of a text; what follows it is not looked at. */
export function parseFirstValue(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return parse(text.slice(0, endOfFirstValue(text)));
  }
}

/** Half of a pair is no character: the server reads it as the one for those that are none. */
const halfPair = /\\u[dD][89a-fA-F]/;

const wellFormed = (_: string, value: unknown): unknown =>
  typeof value === 'string' ? Buffer.from(value).toString() : value;

function parse(text: string): unknown {
  try {
    return JSON.parse(text, halfPair.test(text) ? wellFormed : undefined);
  } catch (cause) {
    throw new DecodeError('not JSON', { cause });
  }
}

/** Where the first object, list, text or word ends; it need not be well-formed. */
function endOfFirstValue(text: string): number {
  let depth = 0;
  let inText = false;
  for (let index = 0; index < text.length; index++) {
    const sign = text.charAt(index);
    if (inText) {
      if (sign === '\\') index++;
      else if (sign === '"') inText = false;
      if (!inText && depth === 0) return index + 1;
    } else if (sign === '"') inText = true;
    else if (sign === '{' || sign === '[') depth++;
    else if (sign === '}' || sign === ']') {
      depth--;
      if (depth <= 0) return index + 1;
    } else if (depth === 0 && /[\s,:]/.test(sign) && text.slice(0, index).trim() !== '') return index;
  }
  return text.length;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object decoded into known fields; each getter throws on a value of another type. */
export class Fields {
  readonly #values: ReadonlyMap<string, unknown>;

  constructor(value: unknown) {
    if (value !== null && !isObject(value)) throw new DecodeError('not an object');
    this.#values = new Map(
      Object.entries(value ?? {})
        .filter(([, field]) => field !== null)
        .map(([name, field]) => [name.toLowerCase(), field]),
    );
  }

  string(name: string): string | undefined {
    const value = this.#values.get(name.toLowerCase());
    if (value === undefined || typeof value === 'string') return value;
    throw new DecodeError(`${name} is not a string`);
  }

  boolean(name: string): boolean | undefined {
    const value = this.#values.get(name.toLowerCase());
    if (value === undefined || typeof value === 'boolean') return value;
    throw new DecodeError(`${name} is not a boolean`);
  }

  integer(name: string): number | undefined {
    const value = this.#values.get(name.toLowerCase());
    if (value === undefined || (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 63))
      return value;
    throw new DecodeError(`${name} is not a whole number`);
  }

  strings(name: string): readonly string[] | undefined {
    const value = this.#values.get(name.toLowerCase());
    return value === undefined ? undefined : stringsOf(value);
  }

  stringMap(name: string): Readonly<Record<string, string>> | undefined {
    const value = this.#values.get(name.toLowerCase());
    return value === undefined ? undefined : stringMapOf(value);
  }
}

/** A list of texts; `null` is an empty one, and in it an empty text. */
export function stringsOf(value: unknown): readonly string[] {
  if (value === null) return [];
  if (!Array.isArray(value)) throw new DecodeError('not a list');
  return value.map((item: unknown) => {
    if (item === null) return '';
    if (typeof item !== 'string') throw new DecodeError('not a list of strings');
    return item;
  });
}

/** A map of texts: names count in their exact case here, `null` values become empty. */
export function stringMapOf(value: unknown): Readonly<Record<string, string>> {
  if (value === null) return {};
  if (!isObject(value)) throw new DecodeError('not a map');
  const map: Record<string, string> = {};
  for (const [name, item] of Object.entries(value)) {
    if (item !== null && typeof item !== 'string') throw new DecodeError(`${name} is not a string`);
    map[name] = item ?? '';
  }
  return map;
}

/** The texts of a map, by exact names: whatever is of another type is left out, whatever is no map is an empty one. */
export const textsOf = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(anyMapOf(value)).flatMap(([name, item]) => (typeof item === 'string' ? [[name, item]] : [])),
  );

/** A map of anything, by exact names; whatever is not an object counts as an empty one. */
export const anyMapOf = (value: unknown): Readonly<Record<string, unknown>> => (isObject(value) ? value : {});

/** A map with its keys in order, as the server writes it. */
export function sortedMap(map: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(map).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['<', '\\u003c'],
  ['>', '\\u003e'],
  ['&', '\\u0026'],
  ['\u2028', '\\u2028'],
  ['\u2029', '\\u2029'],
]);

export const writeJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (sign) => escapes.get(sign) ?? sign);
