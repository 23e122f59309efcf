/**
 * The command line in few files, with what it imports: to find and read a thousand modules takes longer than a plan of ten people.
 * Not made smaller: a stack trace names functions and lines that can be read. CommonJS, which Node loads without its slower loader.
 *
 *   node scripts/bundle.ts     writes dist/cli/
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'vite';
import { licenceTexts } from './bundle-licences.ts';
import { deferringText, entryText, type FileOnDemand, filesOnDemand } from './bundle-on-demand.ts';

const root = resolve(import.meta.dirname, '..');
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { readonly version: string };

/** Loaded by whom it asks for, if at all: a package that is installed on demand, and one of which a process must have one. */
const external: readonly string[] = ['pg-boss', '@opentelemetry/api'];

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
  [
    /\/src\//,
    /^node:crypto$/,
    deferringModule('node:crypto', [
      'createCipheriv',
      'createDecipheriv',
      'createHash',
      'createHmac',
      'createPrivateKey',
      'createPublicKey',
      'createSecretKey',
      'hash',
      'hkdfSync',
      'randomBytes',
      'randomInt',
      'randomUUID',
      'sign',
      'timingSafeEqual',
      'verify',
    ]),
  ],
  [/\/src\//, /^node:fs\/promises$/, promisedFiles()],
  [/\/src\//, /^node:v8$/, deferringModule('node:v8', ['setFlagsFromString'])],
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
 * waits a thousand times longer. Said just before it is compiled, when the other modules of Node are loaded: with a flag that is not as it
 * was when Node was built, V8 no longer takes their code from Node's own cache, and compiles each of them. `node:crypto` is needed later.
 */
function parserModule(name: string): string {
  return `
require('node:crypto');
require('node:v8').setFlagsFromString('--wasm-tiering-budget=1800000000');
module.exports = require('node:fs').readFileSync(require('node:path').join(__dirname, '${name}.wasm'));`;
}

function deferringModule(name: string, functions: readonly string[]): string {
  return functions.map((one) => `export const ${one} = (...args) => require('${name}').${one}(...args);`).join('\n');
}

/** Functions that every run calls, by those of `node:fs`: to load `node:fs/promises` takes longer than all that a short run reads. */
function promisedFiles(): string {
  const early = ['lstat', 'readdir', 'readlink', 'stat'];
  const late = [
    'access',
    'appendFile',
    'chmod',
    'link',
    'mkdir',
    'mkdtemp',
    'open',
    'readFile',
    'rename',
    'rm',
    'statfs',
    'utimes',
    'writeFile',
  ];
  return `export { constants } from 'node:fs';
import * as files from 'node:fs';
import { promisify } from 'node:util';
${early.map((name) => `export const ${name} = promisify(files.${name});`).join('\n')}
export const realpath = promisify(files.realpath.native);
${deferringModule('node:fs/promises', late)}`;
}

const lean = '\0lean:';

/**
 * A module of CommonJS becomes a function in parentheses, which V8 compiles as it reads it; an arrow function in their place, which is run
 * at once all the same, it would read a second time.
 */
const withEagerModules = (code: string): string =>
  code.replace(/__commonJSMin\(\(\(([\w, ]*)\) => \{/g, '__commonJSMin((function($1) {');

/** What never changes is exported as it is, and not by a function that is asked for it each time another file uses it. */
const withPlainExports = (code: string): string =>
  code.replace(
    /^Object\.defineProperty\(exports, "(\w+)", \{\s*enumerable: true,\s*get: function ?\(\) \{\s*return (\w+);\s*\}\s*\}\);$/gm,
    (getter, name: string, own: string) => (isConstant(code, own) ? `exports.${name} = ${own};` : getter),
  );

/** Whether a name is written where it is declared, and nowhere else. One that a function has, too, may seem to be written again: no harm. */
function isConstant(code: string, name: string): boolean {
  const written = new RegExp(String.raw`(?<![\w$.])${name}\s*(?:[-+*/%&|^?]{0,3}=(?!=|>)|\+\+|--)`, 'g');
  const isDeclaredWithValue = new RegExp(String.raw`^(?:var|let|const) ${name} =`, 'm').test(code);
  return [...code.matchAll(written)].length === (isDeclaredWithValue ? 1 : 0);
}

/**
 * Letters beyond ASCII as escapes: V8 keeps a file with a single such letter as two bytes a letter, which takes twice the memory and longer to
 * read. In what is written raw, and after a backslash, an escape would say something else.
 */
function withAsciiAlone(code: string): string {
  const other = /String\.raw`[^`]*[^\0-\x7F]|(?<!\\)(?:\\\\)*\\[^\0-\x7F]/.exec(code);
  if (other !== null) throw new Error(`"${other[0]}" ends with a letter beyond ASCII that no escape can stand for`);
  // By code units, of which a letter beyond the first 65,536 has two: the same in texts and in patterns.
  return code.replace(/[^\0-\x7F]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Bundles with the rules above. */
function leanPlugin(onDemand: readonly FileOnDemand[], bundled: Set<string>): Plugin {
  const deferred = new Map(onDemand.flatMap((one) => one.modules.map((module) => [module.name, { ...one, module }])));
  const texts = new Map<string, string>([
    [`${lean}undici`, undici],
    // Known by now: it need not be read from package.json.
    [join(root, 'src/app/version.ts'), `export const toolVersion = () => ${JSON.stringify(version)};`],
  ]);
  for (const one of onDemand) texts.set(`${lean}of-${one.file}`, entryText(one, pathOf));
  return {
    name: 'lean',
    enforce: 'pre',
    buildStart() {
      for (const { file } of onDemand)
        this.emitFile({ type: 'chunk', id: `${lean}of-${file}`, fileName: file, preserveSignature: 'strict' });
    },
    async resolveId(id, importer = '') {
      if (id.startsWith(lean)) return id;
      if (id === 'undici') return `${lean}undici`;
      if (importer.startsWith(lean) && !(importer === `${lean}undici` && deferred.has(id))) {
        if (onDemand.some(({ file }) => id === `./${file}`)) return { id, external: true };
        return this.resolve(id, join(root, 'package.json'), { skipSelf: true });
      }
      for (const [i, [from, what, text]] of instead.entries()) {
        if (!from.test(importer) || !what.test(id)) continue;
        const made = `${lean}instead-${i}.${text.startsWith('export ') ? 'js' : 'cjs'}`;
        texts.set(made, text);
        return made;
      }
      const found = await this.resolve(id, importer, { skipSelf: true });
      const name = found === null ? id : nameOf(found.id);
      const there = deferred.get(name) ?? deferred.get(id);
      // Those that lie in a file together need no one to load it.
      if (there === undefined || there.modules.some((one) => one.name === nameOf(importer))) return found;
      const made = `${lean}${name.replaceAll('/', '-')}`;
      texts.set(made, deferringText(there.file, there.module));
      return made;
    },
    load(id) {
      return texts.get(id) ?? null;
    },
    moduleParsed({ id }) {
      bundled.add(id);
    },
    renderChunk: (code) => withPlainExports(withEagerModules(code)),
    // What prints the code after that would write the letters again.
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) if (file.type === 'chunk') file.code = withAsciiAlone(file.code);
    },
  };
}

/** What a module is called in tables: a source from the repository on, a module of a package from the name of that on. */
const nameOf = (path: string): string => path.replace(/^.*\/node_modules\//, '').replace(`${root}/`, '');

function pathOf(name: string): string {
  if (name.startsWith('src/')) return join(root, name);
  return name.includes('/') ? join(root, 'node_modules', name) : name;
}

/** What a short run loads lies in few files: to find, open and compile one takes a third of a millisecond, whatever is in it. */
const together = [
  // Alone, for `muster --version`.
  { name: 'version', test: /src\/app\/version\.ts$/, priority: 6 },
  // With what errors, problems and help need, which lie elsewhere.
  { name: 'start', test: /src\/(?:cli\/run-process|model\/messages\/text|model\/audit-rules)\.ts$/, priority: 5 },
  { name: 'verdicts', test: /src\/model\/messages\/(?:held|blocked|notice|warning)-rows\.ts$/, priority: 4 },
  { name: 'validate', test: /src\/cli\/commands\/validate\.ts$/, priority: 3 },
  // Without the client, which this command does not need.
  { name: 'show', test: /src\/cli\/commands\/show\.ts$/, priority: 2 },
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
  await write({ main: join(root, 'src/cli/main.ts') }, outDir, [leanPlugin(await filesOnDemand(root), bundled)]);
  for (const name of ['llhttp_simd', 'llhttp'])
    await writeFile(join(outDir, `${name}.wasm`), ofUndici(`undici/lib/llhttp/${name}-wasm.js`) as Uint8Array);
  await writeFile(join(outDir, 'package.json'), `${JSON.stringify({ type: 'commonjs' })}\n`);
  await writeFile(join(outDir, 'LICENSES.txt'), await licenceTexts([...bundled]));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await bundleCommandLine(join(root, 'dist'));
