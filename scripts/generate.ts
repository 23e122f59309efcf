/**
 * Makes TypeScript types and validators from `schemas/`, the single source of what may be written, the table of controls
 * from `controls/`, the manual page from the rows of the command line, and the page of messages from `src/model/messages/`.
 *
 * `npm run generate` writes them; `npm run generate:check` fails when what is there is stale. Validators are made here
 * and not at every start of muster, which would take longer than everything else that it does with a small file.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import addFormats from 'ajv-formats';
import { compile, type JSONSchema } from 'json-schema-to-typescript';
import { errorsPage } from './errors-page.ts';
import { manPage } from './man-page.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const typesDir = 'src/model/generated';
const banner = '// Generated from schemas/ by `npm run generate`. Do not edit.\n';

const schemas = [
  { file: 'users.schema.json', name: 'users-file', type: 'UsersFile', room: 'source', isReadAtEachStart: true },
  { file: 'bundles.schema.json', name: 'bundles-file', type: 'BundlesFile', room: 'source' },
  { file: 'config.schema.json', name: 'config-file', type: 'ConfigFile', room: 'source', isReadAtEachStart: true },
  { file: 'approvals.schema.json', name: 'approvals-file', type: 'ApprovalsFile', room: 'source' },
  { file: 'waivers.schema.json', name: 'waivers-file', type: 'WaiversFile', room: 'source' },
  { file: 'review.schema.json', name: 'review-file', type: 'ReviewFile', room: 'source' },
  { file: 'review-manifest.schema.json', name: 'review-manifest', type: 'ReviewManifest', room: 'source' },
  { file: 'review-closed.schema.json', name: 'review-closed', type: 'ReviewClosed', room: 'source' },
  { file: 'sandbox-seed.schema.json', name: 'sandbox-seed-file', type: 'SandboxSeedFile', room: 'source' },
  { file: 'reconcile-state.schema.json', name: 'reconcile-state', type: 'ReconcileState', room: 'source' },
  // Written by muster: that it is wrong is enough to know, where and why need not be told.
  { file: 'plan.schema.json', name: 'plan-file', type: 'Plan', room: 'plan' },
  // Only written: nothing reads it back.
  { file: 'audit-report.schema.json', name: 'audit-report', type: 'AuditReport' },
  { file: 'access-report.schema.json', name: 'access-report', type: 'AccessReport' },
  { file: 'chain-report.schema.json', name: 'chain-report', type: 'ChainReport' },
  { file: 'evidence.schema.json', name: 'evidence-file', type: 'EvidenceFile' },
] as const;

type ReadSchema = Extract<(typeof schemas)[number], { readonly room: string }>;

/** The generator has no option for it, and everything in muster is read-only. */
function asReadonly(source: string): string {
  return source
    .replace(/^(\s+)(\[k: string\]|['"]?[a-z_-]+['"]?\??):/gm, '$1readonly $2:')
    .replace(/(?<![\w.])([A-Z]\w*|string|\([^()\n]*\)|\{[^{}\n]*\})\[\](?!\w)/g, 'readonly $1[]')
    .replace(/= \[/g, '= readonly [')
    .replace(/: \[([A-Z]\w*|string), \.\.\.readonly \1\[\]\]/g, ': readonly [$1, ...$1[]]')
    .replace(/\[([A-Z]\w*|string), \.\.\.readonly \1\[\]\]/g, '[$1, ...$1[]]');
}

/**
 * Ajv copies all errors found so far for each part that adds some, and keeps every one: quadratic, and larger than the
 * memory, for a file that is full of them. Here they are kept in one list, the first ones, and the others counted.
 */
const joinsErrors = /vErrors = vErrors === null \? (validate\d+\.errors) : vErrors\.concat\(\1\)/g;
const addsError = /vErrors\.push\((err\d+)\)/g;
/** What is said of a part where only that something is wrong has to be known. */
const saysWhat =
  /\.errors = \[\{instancePath(?:"(?:[^"\\]|\\.)*"|[^";])*\}\];(?=return false)|(?<=const err\d+ = )\{instancePath(?:"(?:[^"\\]|\\.)*"|[^";])*\}(?=;)/g;
/** What ajv hands on to tell where something is wrong, and notes for keywords that no schema here has. */
const handsOn = [
  /,\s*\{instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors=\{\}\}=\{\}/g,
  /,\s*\{instancePath[,:][^{}]*\}(?=\))/g,
  /const evaluated0 = validate\d+\.evaluated;if\(evaluated0\.dynamicProps\)\{evaluated0\.props = undefined;\}if\(evaluated0\.dynamicItems\)\{evaluated0\.items = undefined;\}/g,
  /validate\d+\.evaluated = \{[^{}]*\};|evaluated0\.props = props\d+;/g,
];
const keepErrors = `
function withError(found, error) {
  if (found.length < 1000) found.push(error);
  else found.unkept = (found.unkept ?? 0) + 1;
}
function withErrors(found, more) {
  if (found === null) return more;
  for (const error of more) withError(found, error);
  if (more.unkept !== undefined) found.unkept = (found.unkept ?? 0) + more.unkept;
  return found;
}
`;

/** What a schema says to people alone. */
const annotations: readonly string[] = ['$schema', '$id', '$comment', 'title', 'description', 'x-expected', 'examples'];

/** A schema without what it says to people; what looks like that below `properties` or `$defs` is a name. */
function withoutAnnotations(schema: unknown, holdsNames = false): unknown {
  if (Array.isArray(schema)) return schema.map((item) => withoutAnnotations(item));
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(([key]) => holdsNames || !annotations.includes(key));
  const isValue = (key: string) => !holdsNames && (key === 'const' || key === 'enum' || key === 'default');
  const holds = (key: string) =>
    !holdsNames && ['properties', 'patternProperties', '$defs', 'definitions'].includes(key);
  return Object.fromEntries(
    kept.map(([key, value]) => [key, isValue(key) ? value : withoutAnnotations(value, holds(key))]),
  );
}

/** A check that can only say no, from the code of one that says what is wrong: with nothing that only the second needs. */
function sayingNo(code: string): string {
  let short = code.replace(saysWhat, (what) => (what.startsWith('{') ? '{}' : '.errors = [{}];'));
  for (const part of handsOn) short = short.replace(part, '');
  const left = /instancePath|rootData|dynamicAnchors|evaluated/.exec(short);
  if (left !== null)
    throw new Error(`ajv writes ${left[0]} otherwise than before: look at what is taken out of a short check`);
  return short.replace(
    /const (schema\d+) = (\{.*?\});(?=const |function |export )/g,
    (_whole, name: string, schema: string) =>
      short.split(new RegExp(String.raw`\b${name}\b`)).length > 2
        ? `const ${name} = ${JSON.stringify(namesAlone(JSON.parse(schema)))};`
        : '',
  );
}

/** Of a schema what a check asks itself: which properties it has. */
function namesAlone({ properties }: { readonly properties?: Readonly<Record<string, object>> }): object {
  if (properties === undefined) return {};
  return { properties: Object.fromEntries(Object.entries(properties).map(([name, own]) => [name, namesAlone(own)])) };
}

/**
 * A module with the one function that a schema is compiled to.
 *
 * @param howMuch - what the function says of a value that is not as the schema wants it
 */
function validatorOf(
  schema: object,
  { name: file, type, room }: ReadSchema,
  howMuch: 'nothing' | 'first' | 'everything' = room === 'source' ? 'everything' : 'first',
): string {
  const forPeople = howMuch === 'everything';
  const ajv = new Ajv2020({
    allErrors: forPeople,
    verbose: forPeople,
    messages: howMuch !== 'nothing',
    // What several places refer to is then compiled once, but where something is wrong is told less exactly.
    inlineRefs: howMuch !== 'nothing',
    strict: true,
    strictTypes: false,
    strictRequired: false,
    code: { source: true, esm: true },
  });
  // Both are CommonJS: under nodenext the default export is the namespace.
  addFormats.default(ajv);
  ajv.addKeyword({ keyword: 'x-expected', schemaType: 'string' });
  const imports: string[] = [];
  const code = standalone
    .default(ajv, ajv.compile(howMuch === 'nothing' ? (withoutAnnotations(schema) as object) : schema))
    .replace('"use strict";', '')
    .replace(joinsErrors, 'vErrors = withErrors(vErrors, $1)')
    .replace(addsError, 'withError(vErrors, $1)')
    .replace(
      /export const validate = (\w+);export default \w+;/,
      howMuch === 'nothing'
        ? `export const is${type}: (value: unknown) => value is ${type} = $1;\n`
        : `export const validate${type}: Validator<${type}> = $1;\n`,
    )
    .replace(/require\("([^"]+)"\)\.(\w+)/g, (_, path: string, name: string) => {
      const local = `imported${imports.length}`;
      imports.push(`import ${name === 'default' ? local : `{ ${name} as ${local} }`} from '${path}.js';\n`);
      // What CommonJS calls its default is a property of it, or has been unpacked already: that depends on who loads it.
      return name === 'default' ? `(${local}.default ?? ${local})` : local;
    });
  const said = howMuch === 'nothing' ? sayingNo(code) : code;
  if (/\.concat\(|vErrors\.push/.test(code)) throw new Error(`the validator of ${file} still keeps all errors`);
  return `${banner}// @ts-nocheck
${imports.join('')}import type { ${type} } from '../../model/generated/${file}.ts';
${howMuch === 'nothing' ? '' : "import type { Validator } from '../../model/validator.ts';\n"}
${said}${code.includes('withError') ? keepErrors : ''}`;
}

/** Texts by path. */
async function outputs(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const row of schemas) {
    const { file, name } = row;
    const schema = JSON.parse(await readFile(join(root, 'schemas', file), 'utf8')) as JSONSchema;
    if ('room' in row) files.set(`src/${row.room}/generated/validate-${name}.ts`, validatorOf(schema, row));
    if ('isReadAtEachStart' in row)
      files.set(`src/${row.room}/generated/is-${name}.ts`, validatorOf(schema, row, 'nothing'));
    const types = await compile(schema, name, {
      bannerComment: banner,
      additionalProperties: false,
      ignoreMinAndMaxItems: true,
      style: { singleQuote: true, printWidth: 120 },
    });
    files.set(`${typesDir}/${name}.ts`, asReadonly(types));
  }
  files.set('src/audit/generated/controls.ts', await controlsModule());
  files.set('man/muster.1', manPage());
  files.set('docs/reference/errors.md', errorsPage());
  return files;
}

interface ControlsFile {
  readonly framework: string;
  readonly controls: readonly { readonly id: string; readonly title: string; readonly rules: readonly string[] }[];
}

/** The controls of each framework, in the order of the files of `controls/`. */
async function controlsModule(): Promise<string> {
  const folder = join(root, 'controls');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).toSorted();
  const rows: string[] = [];
  for (const name of names) {
    const { framework, controls } = JSON.parse(await readFile(join(folder, name), 'utf8')) as ControlsFile;
    for (const { id, title, rules } of controls) rows.push(JSON.stringify({ framework, id, title, rules }));
  }
  return `${banner.replace('schemas/', 'controls/')}import type { AuditRule } from '../../model/audit-rules.ts';
import type { Control } from '../../model/generated/audit-report.ts';

export const controls: readonly (Control & { readonly rules: readonly AuditRule[] })[] = [
${rows.map((row) => `  ${row},\n`).join('')}];
`;
}

const check = process.argv.includes('--check');
const stale: string[] = [];
for (const [name, text] of await outputs()) {
  const path = join(root, name);
  const found = await readFile(path, 'utf8').catch(() => '');
  if (found === text) continue;
  if (check) {
    stale.push(name);
  } else {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}
if (stale.length > 0) {
  console.error(`stale: ${stale.join(', ')}; run npm run generate`);
  process.exitCode = 1;
}
