/**
 * A map that inherits nothing, as `Object.create(null)` makes one. Engines keep this one as compactly as any other object,
 * and read it as fast.
 */
export class BareMap {
  [name: string]: unknown;
}

Object.setPrototypeOf(BareMap.prototype, null);
Reflect.deleteProperty(BareMap.prototype, 'constructor');

/** Names that mean something to the engine. */
export const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
