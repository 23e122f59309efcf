import { everybody, type OwnerRule } from '../../model/review.ts';

/** Tells who reviews a person: the first rule that matches, of those that `policy.review.owners` lists. */
export function ownerRules(rules: readonly OwnerRule[]): (username: string, file: string | undefined) => string {
  const readable = rules.map(({ owner, users, files }) => ({ owner, users: matcher(users), files: matcher(files) }));
  return (username, file) =>
    readable.find(({ users, files }) => users(username) || (file !== undefined && files(file)))?.owner ?? everybody;
}

/** `*` stands for any characters but a slash, `**` for slashes too, `?` for one character. */
function matcher(patterns: readonly string[]): (text: string) => boolean {
  const expressions = patterns.map(
    (pattern) =>
      new RegExp(
        `^${pattern
          .split(/(\*\*|\*|\?)/)
          .map(partOf)
          .join('')}$`,
        'u',
      ),
  );
  return (text) => expressions.some((expression) => expression.test(text));
}

const wildcards = new Map([
  ['**', '.*'],
  ['*', '[^/]*'],
  ['?', '[^/]'],
]);

const partOf = (part: string): string => wildcards.get(part) ?? part.replace(/[.+^${}()|[\]\\/]/g, '\\$&');
