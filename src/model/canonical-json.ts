import { createHash } from 'node:crypto';

/** JSON with keys in one order and no spaces: equal values give equal text. `undefined` properties are left out. */
export function canonicalJson(value: unknown): string {
  // A copy in order that the engine writes itself is three times as fast as writing piece by piece.
  return JSON.stringify(inOrder(value)) ?? 'null';
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isObject(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(value).toSorted()) {
    const part = inOrder(value[name]);
    // An assignment to this name would change what the copy is, not what it has.
    if (name === '__proto__') Object.defineProperty(copy, name, { value: part, enumerable: true });
    else copy[name] = part;
  }
  return copy;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** `sha256:` and 64 hex digits, of the canonical JSON. */
export function digestOf(value: unknown): string {
  return `sha256:${createHash('sha256').update(canonicalJson(value)).digest('hex')}`;
}
