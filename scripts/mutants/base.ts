/** What a pull request changes of entries that no action shows. */
import type { Area } from './mutant.ts';

const entries = { file: 'config/compare-entries.ts', noticedBy: ['config/compare-entries'] };
const people = { file: 'app/compare-people.ts', noticedBy: ['cli/base'], titles: /someone leaves/ };

export const entriesBesideABase: Area = {
  mutants: [
    {
      ...entries,
      text: 'return unusable.has(person) ? [] :',
      becomes: 'return unusable.size > 0 ? [] :',
      breaks: 'One entry that cannot be used hides all that are gone.',
    },
    {
      ...entries,
      text: 'if (other !== undefined) return differencesOf(entry, other);',
      becomes: 'if (other !== undefined) return leftAlone(entry, other).map((row) => ({ person, ...row }));',
      breaks: 'A date that moves, and another sink, are not told.',
    },
    {
      ...entries,
      text: "return !isUserAttribute(attribute) || userAttributes[attribute].isLookedAt === 'always';",
      becomes: 'return !isUserAttribute(attribute);',
      breaks: 'Roles of many people that are managed no more have no names.',
    },
    {
      ...entries,
      text: "(['starts', 'ends'] as const)",
      becomes: "(['starts'] as const)",
      breaks: 'A leaver stays, and no plan says so.',
    },
    {
      ...entries,
      text: "if (isUnknown && (whole === 'roles' || whole === 'teams')) return [];",
      becomes: 'if (isUnknown) return [];',
      breaks: 'A bundle that is not there hides that tokens are managed no more.',
    },
    {
      ...people,
      text: 'const others = there.filter(({ text }) => text === undefined || !here.has(text));',
      becomes: 'const others = there.filter(({ text }) => text === undefined);',
      breaks: 'No file is compared.',
    },
  ],
};
