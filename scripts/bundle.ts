/**
 * The command line in few files, with what it imports: to find and read a thousand modules takes longer than a plan of ten people.
 * Not made smaller: a stack trace names functions and lines that can be read. CommonJS, which Node loads without its slower loader.
 *
 *   node scripts/bundle.ts     writes dist/cli/
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'vite';
import { licenceTexts } from './bundle-licences.ts';

const root = resolve(import.meta.dirname, '..');

/** Loaded by whom it asks for, if at all: a package that is installed on demand, and one of which a process must have one. */
const external: readonly string[] = ['pg-boss', '@opentelemetry/api'];

/**
 * Loaded when they are first called: few runs need them, and to compile them takes time.
 * What a module exports stands here as functions; one that is made with `new` is a function, too.
 */
const onDemand: Readonly<Record<string, readonly string[]>> = {
  'string-width': ['default'],
  diff: ['diffLines'],
  croner: ['Cron'],
  'src/source/any-yaml.ts': ['readAnyYaml', 'readItem', 'indexOf'],
  'src/plan/generated/validate-plan-file.ts': ['validatePlan'],
  'src/source/generated/validate-config-file.ts': ['validateConfigFile'],
  'src/source/generated/validate-users-file.ts': ['validateUsersFile'],
  'src/source/generated/validate-approvals-file.ts': ['validateApprovalsFile'],
  'src/source/generated/validate-waivers-file.ts': ['validateWaiversFile'],
  'src/source/generated/validate-bundles-file.ts': ['validateBundlesFile'],
  'src/source/generated/validate-review-closed.ts': ['validateReviewClosed'],
  'src/source/generated/validate-review-file.ts': ['validateReviewFile'],
  'src/source/generated/validate-review-manifest.ts': ['validateReviewManifest'],
  'src/source/generated/validate-reconcile-state.ts': ['validateReconcileState'],
  'src/source/generated/validate-sandbox-seed-file.ts': ['validateSandboxSeedFile'],
};

/**
 * What `src/api` uses of undici, and no more: its `fetch`, caches, mocks and HTTP/2 take longer to load than a plan takes to ask.
 * A name that is imported and does not stand here ends the build.
 */
const undici = `
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import request from 'undici/lib/api/api-request.js';
export { default as Agent } from 'undici/lib/dispatcher/agent.js';
export { default as Pool } from 'undici/lib/dispatcher/pool.js';
export { default as ProxyAgent } from 'undici/lib/dispatcher/proxy-agent.js';
Object.assign(Dispatcher.prototype, { request });
`;

/** What stands for parts that are not used, and for modules of Node that take long to load and few runs need. */
const instead: ReadonlyArray<readonly [importer: RegExp, id: RegExp, text: string]> = [
  [/\/undici\//, /\/client-h2(?:\.js)?$/, `module.exports = () => { throw new Error('HTTP/2 is left out'); };`],
  [
    /\/undici\//,
    /\/fetch\/body(?:\.js)?$/,
    `exports.extractBody = () => { throw new TypeError('only texts and bytes can be sent'); };`,
  ],
  [
    /\/undici\//,
    /^node:assert$/,
    `module.exports = (holds, message) => {
  if (!holds) throw message instanceof Error ? message : new Error(message ?? 'an assumption of undici does not hold');
};`,
  ],
  [/\/undici\//, /\/llhttp_simd-wasm(?:\.js)?$/, parserModule('llhttp_simd')],
  [/\/undici\//, /\/llhttp-wasm(?:\.js)?$/, parserModule('llhttp')],
  [/./, /^node:child_process$/, deferringModule('node:child_process', ['spawn', 'execFile'])],
  [
    /\/cli\/run-process\.ts$/,
    /^node:readline\/promises$/,
    deferringModule('node:readline/promises', ['createInterface']),
  ],
];

/**
 * The HTTP parser, which is WebAssembly, from a file: as text in the program it would be read by each run that makes no request.
 *
 * Node optimizes it after a few answers: that costs more than a plan of ten people, and pays after tens of thousands of answers. Here it
 * waits a thousand times longer. Said just before it is compiled, when all other modules of Node are loaded: with a flag that is not as it
 * was when Node was built, V8 no longer takes their code from Node's own cache, and compiles each of them.
 */
function parserModule(name: string): string {
  return `
require('node:v8').setFlagsFromString('--wasm-tiering-budget=1800000000');
module.exports = require('node:fs').readFileSync(require('node:path').join(__dirname, '${name}.wasm'));`;
}

function deferringModule(name: string, functions: readonly string[]): string {
  return functions.map((one) => `export const ${one} = (...args) => require('${name}').${one}(...args);`).join('\n');
}

const lean = '\0lean:';

/** Bundles with the rules above. */
function leanPlugin(bundled: Set<string>): Plugin {
  const files = new Map(Object.keys(onDemand).map((name) => [name, fileOfDemand(name)]));
  const texts = new Map<string, string>([[`${lean}undici`, undici]]);
  return {
    name: 'lean',
    enforce: 'pre',
    buildStart() {
      for (const [name, fileName] of files)
        this.emitFile({ type: 'chunk', id: name.startsWith('src/') ? join(root, name) : name, fileName });
    },
    async resolveId(id, importer = '') {
      if (importer.startsWith(lean)) {
        const file = [...files.values()].find((one) => id === `./${one}`);
        return file === undefined
          ? this.resolve(id, join(root, 'package.json'), { skipSelf: true })
          : { id, external: true };
      }
      // An entry is what it is, also where others get a function that loads it.
      if (importer === '') return null;
      if (id === 'undici') return `${lean}undici`;
      for (const [i, [from, what, text]] of instead.entries()) {
        if (!from.test(importer) || !what.test(id)) continue;
        const made = `${lean}instead-${i}.${text.startsWith('export ') ? 'js' : 'cjs'}`;
        texts.set(made, text);
        return made;
      }
      const found = await this.resolve(id, importer, { skipSelf: true });
      const name = found?.id.startsWith(`${root}/src/`) === true ? found.id.slice(root.length + 1) : id;
      const file = files.get(name);
      if (file === undefined) return found;
      const made = `${lean}${file}`;
      texts.set(made, deferring(file, onDemand[name] ?? []));
      return made;
    },
    load(id) {
      return texts.get(id) ?? null;
    },
    moduleParsed({ id }) {
      bundled.add(id);
    },
  };
}

const fileOfDemand = (name: string): string => `on-demand-${name.replace(/^.*\/|\.ts$/g, '')}.js`;

/** A module that loads another when one of its functions is called; what that leaves on the function, such as `errors`, is there, too. */
function deferring(file: string, names: readonly string[]): string {
  const lines = names.map(
    (name) => `
function made_${name}(...args) {
  const made = load()[${JSON.stringify(name)}];
  if (new.target !== undefined) return new made(...args);
  const result = made(...args);
  made_${name}.errors = made.errors;
  return result;
}
export { made_${name} as ${name} };`,
  );
  return `let loaded;\nconst load = () => (loaded ??= require('./${file}'));\n${lines.join('\n')}`;
}

/** What a short run loads lies in few files: to find, open and compile one takes a third of a millisecond, whatever is in it. */
const together = [
  { name: 'start', test: /src\/cli\/run-process\.ts$/, priority: 3 },
  { name: 'validate', test: /src\/cli\/commands\/validate\.ts$/, priority: 2 },
  { name: 'plan', test: /src\/cli\/commands\/plan\.ts$/, priority: 1 },
];

async function write(
  input: Readonly<Record<string, string>>,
  outDir: string,
  plugins: readonly Plugin[],
): Promise<void> {
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    publicDir: false,
    plugins: [...plugins],
    ssr: { noExternal: true, external: [...external] },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: false,
      minify: false,
      target: 'node20',
      rolldownOptions: {
        input,
        output: {
          format: 'cjs',
          entryFileNames: '[name].js',
          chunkFileNames: '[name]-[hash].js',
          exports: 'named',
          codeSplitting: { groups: together },
        },
      },
    },
  });
}

const ofUndici = createRequire(import.meta.url);

/** @param dist - the folder of the build */
export async function bundleCommandLine(dist: string): Promise<void> {
  const outDir = join(dist, 'cli');
  await rm(outDir, { recursive: true, force: true });
  await mkdir(outDir, { recursive: true });
  const bundled = new Set<string>();
  await write({ main: join(root, 'src/cli/main.ts') }, outDir, [leanPlugin(bundled)]);
  for (const name of ['llhttp_simd', 'llhttp'])
    await writeFile(join(outDir, `${name}.wasm`), ofUndici(`undici/lib/llhttp/${name}-wasm.js`) as Uint8Array);
  await writeFile(join(outDir, 'package.json'), `${JSON.stringify({ type: 'commonjs' })}\n`);
  await writeFile(join(outDir, 'LICENSES.txt'), await licenceTexts([...bundled]));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await bundleCommandLine(join(root, 'dist'));
