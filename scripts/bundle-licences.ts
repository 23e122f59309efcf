/** The licences of the packages of which a bundle holds modules. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * @param modules - paths of what was bundled
 * @returns each package with its version and the whole text of its licence, in the order of their names
 * @throws {Error} when a package has no text of a licence
 */
export async function licenceTexts(modules: readonly string[]): Promise<string> {
  const folders = new Set(modules.flatMap((id) => folderOfPackage(id) ?? []));
  const parts: string[] = [];
  for (const folder of [...folders].toSorted()) parts.push(await licenceOf(folder));
  return `dist/cli/ holds code of these packages.\n\n${parts.toSorted().join('\n\n')}`;
}

/** Where the package of a module lies; nothing for a module of ours. */
function folderOfPackage(id: string): string | undefined {
  return /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id.replace(/^\0/, ''))?.[1];
}

async function licenceOf(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  const files = (await readdir(folder)).filter((one) => /^(?:licen[cs]e|copying|notice)(?:\.\w+)?$/i.test(one));
  if (files.length === 0) throw new Error(`${name} has no text of its licence`);
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return [`${'='.repeat(72)}\n${name} ${version}: ${license}`, ...texts.map((text) => text.trim()), ''].join('\n\n');
}
