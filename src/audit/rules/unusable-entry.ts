import type { FindingDraft } from '../../model/audit.ts';
import { byText } from '../../model/compare.ts';
import type { PopulationRule } from '../population.ts';

/** An account that an entry may mean, and that is not managed as long as the entry cannot be used. */
export const unusableEntry: PopulationRule = ({ matching: { unusable } }) =>
  unusable.map(({ person, at, problems, accounts }): FindingDraft => {
    const { file, line, column } = at;
    const [first] = problems;
    return {
      rule: 'unusable-entry',
      ...(person !== undefined && { person }),
      thing: person ?? `${file}:${line}`,
      text: first?.message ?? 'the entry is not understood',
      evidence: [
        ...problems.map(({ code, at: place }) => ({
          read: 'users files',
          fact: place === undefined ? code : `${code} at ${place.file}:${place.line}`,
        })),
        ...accounts
          .map(({ values }) => ({ read: 'accounts', fact: `left alone: ${values.username}` }))
          .toSorted(byFact),
      ],
      at: { file, line, column },
    };
  });

const byFact = byText(({ fact }: { readonly fact: string }) => fact);
