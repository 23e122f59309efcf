/**
 * Makes TypeScript types and importable schemas from `schemas/`, the single source of what may be written.
 *
 * `npm run generate` writes `src/model/generated/`; `npm run generate:check` fails when what is there is stale.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile, type JSONSchema } from 'json-schema-to-typescript';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, 'src/model/generated');
const banner = '// Generated from schemas/ by `npm run generate`. Do not edit.\n';

const schemas = [
  { file: 'users.schema.json', name: 'users-file', constant: 'usersSchema' },
  { file: 'config.schema.json', name: 'config-file', constant: 'configSchema' },
  { file: 'approvals.schema.json', name: 'approvals-file', constant: 'approvalsSchema' },
  { file: 'plan.schema.json', name: 'plan-file', constant: 'planSchema' },
  { file: 'sandbox-seed.schema.json', name: 'sandbox-seed-file', constant: 'sandboxSeedSchema' },
] as const;

/** The generator has no option for it, and everything in muster is read-only. */
function asReadonly(source: string): string {
  return source
    .replace(/^(\s+)(\[k: string\]|['"]?[a-z_-]+['"]?\??):/gm, '$1readonly $2:')
    .replace(/(?<![\w.])([A-Z]\w*|string|\([^()\n]*\)|\{[^{}\n]*\})\[\](?!\w)/g, 'readonly $1[]')
    .replace(/= \[/g, '= readonly [')
    .replace(/: \[([A-Z]\w*|string), \.\.\.readonly \1\[\]\]/g, ': readonly [$1, ...$1[]]')
    .replace(/\[([A-Z]\w*|string), \.\.\.readonly \1\[\]\]/g, '[$1, ...$1[]]');
}

async function outputs(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const { file, name, constant } of schemas) {
    const text = await readFile(join(root, 'schemas', file), 'utf8');
    const schema = JSON.parse(text) as JSONSchema;
    const types = await compile(schema, name, {
      bannerComment: banner,
      additionalProperties: false,
      ignoreMinAndMaxItems: true,
      style: { singleQuote: true, printWidth: 120 },
    });
    files.set(`${name}.ts`, asReadonly(types));
    files.set(
      `${name}-schema.ts`,
      `${banner}\nexport const ${constant}: Readonly<Record<string, unknown>> = ${JSON.stringify(JSON.parse(text), undefined, 2)};\n`,
    );
  }
  return files;
}

const check = process.argv.includes('--check');
const stale: string[] = [];
await mkdir(target, { recursive: true });
for (const [name, text] of await outputs()) {
  const path = join(target, name);
  const found = await readFile(path, 'utf8').catch(() => '');
  if (found === text) continue;
  if (check) stale.push(name);
  else await writeFile(path, text);
}
if (stale.length > 0) {
  console.error(`stale in src/model/generated: ${stale.join(', ')}; run npm run generate`);
  process.exitCode = 1;
}
