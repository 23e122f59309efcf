import { mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(import.meta.dirname, '../../..');

/**
 * Makes plain JavaScript of a module of this repository and of all that it imports from there, for processes that are
 * to begin in an instant.
 *
 * @returns where it lies
 */
export async function compile(entry: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'muster-compiled-'));
  await writeFile(join(dir, 'package.json'), '{"type":"module"}');
  await symlink(join(root, 'node_modules'), join(dir, 'node_modules'));
  const done = new Set<string>();
  const open = [resolve(entry)];
  const placeOf = (path: string): string => join(dir, relative(root, path).replace(/\.ts$/, '.js'));
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (done.has(path)) continue;
    done.add(path);
    const { outputText } = ts.transpileModule(await readFile(path, 'utf8'), {
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2023,
        verbatimModuleSyntax: true,
        rewriteRelativeImportExtensions: true,
      },
    });
    await mkdir(dirname(placeOf(path)), { recursive: true });
    await writeFile(placeOf(path), outputText);
    for (const [, name = ''] of outputText.matchAll(/from ["'](\.[^"']+)\.js["']/g))
      open.push(resolve(dirname(path), `${name}.ts`));
  }
  return placeOf(resolve(entry));
}
