import { type ErrorCode, errorRowOf } from '../model/messages/errors.ts';

/** What to do about errors whose own text does not say it. */
export function defaultHint(code: ErrorCode): string | undefined {
  const row = errorRowOf(code);
  return 'texts' in row ? row.todo : undefined;
}
