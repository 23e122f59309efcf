/** A seed that contradicts itself. */
export class SeedRefusedError extends Error {
  override readonly name = 'SeedRefusedError';
}
