/** What is known of tokens, and by which reads; what a list tells that only its holder should know. */
import type { Area } from './mutant.ts';

export const reads: Area = {
  mutants: [
    {
      file: 'resources/shared-values.ts',
      noticedBy: ['resources/shared-values'],
      text: 'key !== keys[i++] || one[key] !== other[key]',
      becomes: 'key !== keys[i++]',
      breaks: 'The settings of one person are taken for those of another.',
    },
    {
      file: 'resources/shared-values.ts',
      noticedBy: ['resources/shared-values'],
      text: 'return i === keys.length;',
      becomes: 'return true;',
      breaks: 'A setting that only some people have is not seen.',
    },
    {
      file: 'resources/live-user.ts',
      noticedBy: ['resources/live-user'],
      text: '(text === expected ? expected : text)',
      becomes: '(expected ?? text)',
      breaks: 'An account seems to be as its entry wants it, and is never changed.',
    },
    {
      file: 'api/long-lists.ts',
      noticedBy: ['api/long-lists'],
      text: 'if (!Array.isArray(list)) return undefined;',
      becomes: 'if (!Array.isArray(list)) break;',
      breaks: 'An answer that is no list passes for a list of nobody.',
    },
    {
      file: 'api/long-lists.ts',
      noticedBy: ['api/long-lists'],
      text: "isLast ? '' : ']'",
      becomes: "isLast && bytes.at(-1) === 0x5d ? '' : ']'",
      breaks: 'A list that was cut short between two people passes for the whole.',
    },
    {
      file: 'resources/token/pages.ts',
      noticedBy: ['resources/token/pages'],
      text: 'isProven: isSound && isAgain',
      becomes: 'isProven: isSound',
      breaks: 'One reading of the tokens passes for everything that is there.',
    },
    {
      file: 'resources/token/live.ts',
      noticedBy: ['app/token-requests'],
      text: '.filter(([, tokens]) => !tokens.every(isForeign))',
      becomes: '.filter(() => false)',
      breaks: 'An import lists the tokens of a person without having asked for them.',
    },
    {
      file: 'app/plan.ts',
      noticedBy: ['app/token-requests'],
      text: 'const decided = new Set(older?.plan.actions.flatMap(({ account }) => account ?? []));',
      becomes: 'const decided = new Set<string>();',
      breaks: 'A token that is gone when a reviewed plan is applied is called stale.',
    },
    {
      file: 'resources/audit/reader.ts',
      noticedBy: ['cli/leak'],
      titles: /tells a secret audit/,
      text: 'id: shortId(id)',
      becomes: 'id',
      breaks: 'A report tells the id of an incoming webhook, by which anybody may post.',
    },
  ],
};
