/** Modules of this repository in few files, with all that they import: for processes that are to begin in an instant. */
import { copyFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';

const root = resolve(import.meta.dirname, '../..');

/**
 * @param entries - below the repository, without `.ts`
 * @returns a folder in which each entry is a module ending in `.js`, where it lies in the repository
 */
export async function bundle(entries: readonly string[]): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'muster-bundle-'));
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: dir,
      emptyOutDir: false,
      minify: false,
      rolldownOptions: {
        input: Object.fromEntries(entries.map((name) => [name, join(root, `${name}.ts`)])),
        // As deep as the sources: they look for package.json from where they are.
        output: { entryFileNames: '[name].js', chunkFileNames: 'src/chunks/[name]-[hash].js' },
      },
    },
  });
  await copyFile(join(root, 'package.json'), join(dir, 'package.json'));
  return dir;
}

/** @returns where the one module lies */
export const bundleOf = async (entry: string): Promise<string> => join(await bundle([entry]), `${entry}.js`);
