import { compareText } from '../model/compare.ts';
import type { Problem } from '../model/problem.ts';

/** Problems in the order in which a person goes through them: by file, line and column; those without a place first. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted(
    ({ at: a }, { at: b }) =>
      compareText(a?.file ?? '', b?.file ?? '') ||
      (a?.line ?? 0) - (b?.line ?? 0) ||
      (a?.column ?? 0) - (b?.column ?? 0),
  );
}
