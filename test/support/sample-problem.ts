import { type ProblemText, refuse } from '../../src/model/messages/problems.ts';

/** A problem that says what a test wants to see shown. */
export function sampleProblem(message: string, hint?: string): ProblemText {
  const { hint: _, ...plain } = refuse('usage', { what: message, advice: '' });
  return hint === undefined ? plain : { ...plain, hint };
}
