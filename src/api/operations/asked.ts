import type { Disagreement } from '../operation.ts';

/** Refuses an answer about a person who was not asked for, or about the same person twice. */
export function ofAskedPeople(
  rows: readonly { readonly user_id: string }[],
  asked: readonly string[],
): Disagreement | undefined {
  const expected = new Set(asked);
  const seen = new Set<string>();
  for (const { user_id } of rows) {
    if (!expected.has(user_id)) return 'not-asked-for';
    if (seen.has(user_id)) return 'account-twice';
    seen.add(user_id);
  }
  return undefined;
}
