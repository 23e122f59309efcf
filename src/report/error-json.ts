import { MusterError } from '../model/muster-error.ts';
import { InputError } from '../model/problem.ts';

/** What went wrong, for programs. */
export function errorJson(error: unknown): Readonly<Record<string, unknown>> {
  if (error instanceof InputError)
    return { error: { code: error.code, blame: error.blame, message: error.message, problems: error.problems } };
  if (error instanceof MusterError)
    return { error: { code: error.code, blame: error.blame, message: error.message, hint: error.hint } };
  return {
    error: { code: 'UNEXPECTED', blame: 'bug', message: error instanceof Error ? error.message : String(error) },
  };
}
