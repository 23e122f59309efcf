const pattern = /^[a-z0-9]{26}$/;

/** Whether a value is an id as the server makes them, of accounts, teams, tokens and everything else. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && pattern.test(value);
}
