/** How entries of the base differ from those here, in what no action of a plan shows. */
import { relative, resolve, sep } from 'node:path';
import { type ComparedEntry, compareEntries } from '../config/compare-entries.ts';
import type { Base, UsersFileInBase } from '../config/load-base.ts';
import type { Settings } from '../config/settings.ts';
import { pickFiles, usersFileName } from '../desired/find-files.ts';
import { entriesIn, type PeopleOptions } from '../desired/load-desired-state.ts';
import type { DesiredState } from '../model/desired-state.ts';
import type { SettingDifference } from '../model/plan.ts';

/**
 * Files that are the same to the letter declare the same, so that only the others are read as entries, by the rules and the bundles
 * of here: what those change is compared by itself.
 *
 * @param options - by which entries are read here
 */
export async function compareEntriesWith(
  base: Base,
  settings: Settings,
  options: PeopleOptions,
  { fromFiles, unusable }: Pick<DesiredState, 'fromFiles' | 'unusable'>,
): Promise<readonly SettingDifference[]> {
  if (fromFiles === undefined) return [];
  const own = fromFiles.texts;
  const patterns = patternsIn(base, settings);
  const there = await base.usersFilesBelow((names) => pickFiles(patterns, names));
  const here = new Set(own.map(({ text }) => text));
  const others = there.filter(({ text }) => text === undefined || !here.has(text));
  if (others.length === 0) return [];
  const known = new Set(there.map(({ text }) => text));
  const { entries: before, unread } = entriesOf(others, options);
  const { entries: after } = entriesOf(
    own.filter(({ text }) => !known.has(text)),
    options,
  );
  const names = new Set(
    unusable.flatMap(({ person, user }) => [person, user?.username].filter((name) => name !== undefined)),
  );
  return [
    ...unread.map((name): SettingDifference => ({ field: 'files', before: `${name} (cannot be read)` })),
    ...compareEntries({ before, after, unusable: names }),
  ];
}

/** Which files of the base are its users files: those that its config names, or those that a flag names here. */
function patternsIn({ config }: Base, { files, base, configDir }: Settings): readonly string[] {
  if (files.from !== 'flag') return config.files ?? [usersFileName];
  return files.value.map((pattern) => relative(configDir, resolve(base, pattern)).split(sep).join('/'));
}

function entriesOf(
  files: readonly UsersFileInBase[],
  options: PeopleOptions,
): { readonly entries: readonly ComparedEntry[]; readonly unread: readonly string[] } {
  const entries: ComparedEntry[] = [];
  const unread: string[] = [];
  for (const { name, text } of files) {
    const found = text === undefined ? undefined : entriesIn(name, text, options);
    if (found === undefined) unread.push(name);
    for (const entry of found ?? []) entries.push(entry);
  }
  return { entries, unread };
}
