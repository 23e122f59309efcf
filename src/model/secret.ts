import { inspect } from 'node:util';
import { ProgrammingError } from './muster-error.ts';

const values = new WeakMap<Secret, string>();

/**
 * A value that must not be seen: however it is printed, logged, interpolated or serialised, it reads `(secret)`.
 *
 * `model/reveal-secret.ts` opens it; only the rooms `api` and `secrets` may import that.
 */
export class Secret {
  /** @param value - the clear text; kept outside the object, so that no inspection reaches it */
  constructor(value: string) {
    values.set(this, value);
  }

  toString(): string {
    return '(secret)';
  }

  toJSON(): string {
    return '(secret)';
  }
}

for (const method of [Symbol.toPrimitive, inspect.custom]) {
  Object.defineProperty(Secret.prototype, method, { value: () => '(secret)' });
}

/** Reads the clear text; for `reveal-secret.ts` alone. */
export function readSecretValue(secret: Secret): string {
  const value = values.get(secret);
  if (value === undefined) throw new ProgrammingError({ is: 'no-secret' });
  return value;
}
