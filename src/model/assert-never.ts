import { ProgrammingError } from './muster-error.ts';

/** Ends a `switch` over a union, so that the compiler finds every place a new variant reaches. */
export function assertNever(value: never): never {
  throw new ProgrammingError({ is: 'unexpected-value', found: JSON.stringify(value) });
}
