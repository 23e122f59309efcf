/** Ends a `switch` over a union, so that the compiler finds every place a new variant reaches. */
export function assertNever(value: never): never {
  throw new TypeError(`unexpected value: ${JSON.stringify(value)}`);
}
