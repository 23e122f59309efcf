import { createHash } from 'node:crypto';

/** JSON with sorted keys and no spaces: equal values give equal text. `undefined` properties are left out. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const parts: string[] = [];
  for (const [key, part] of Object.entries(value)) {
    if (part !== undefined) parts.push(`${JSON.stringify(key)}:${canonicalJson(part)}`);
  }
  // Sorted as they are written: a quoted key and its colon sort as the key does.
  return `{${parts.toSorted().join(',')}}`;
}

/** `sha256:` and 64 hex digits, of the canonical JSON. */
export function digestOf(value: unknown): string {
  return `sha256:${createHash('sha256').update(canonicalJson(value)).digest('hex')}`;
}
