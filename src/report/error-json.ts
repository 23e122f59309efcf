import { asTold } from '../model/machine-error.ts';
import { docsOf } from '../model/messages/register.ts';
import { MusterError } from '../model/muster-error.ts';
import { InputError } from '../model/problem.ts';

/** What went wrong, for programs, with the place of the documentation that explains each code. */
export function errorJson(thrown: unknown): Readonly<Record<string, unknown>> {
  const error = asTold(thrown);
  if (!(error instanceof MusterError)) {
    const message = error instanceof Error ? error.message : String(error);
    return { error: { code: 'UNEXPECTED', blame: 'bug', message, docs: docsOf('UNEXPECTED') } };
  }
  const { code, blame, message, hint } = error;
  const docs = docsOf(code);
  if (!(error instanceof InputError)) return { error: { code, blame, message, hint, docs } };
  const problems = error.problems.map((problem) => ({ ...problem, docs: docsOf(problem.code) }));
  return { error: { code, blame, message, docs, problems } };
}
