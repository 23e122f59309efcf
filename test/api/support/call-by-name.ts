/** Calls a method of a client as JavaScript would: whatever the arguments, the compiler has no say. */
export function callByName(client: object, name: string, args: readonly unknown[]): unknown {
  let found: unknown = client;
  for (const part of name.split('.')) {
    found = typeof found === 'object' && found !== null ? Reflect.get(found, part) : undefined;
  }
  if (typeof found !== 'function') throw new TypeError(`no method ${name}`);
  return found(...args);
}
