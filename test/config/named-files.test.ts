/** A field of muster.yaml that names a file is either compared with the base or says why not. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { comparedFiles, filesNotCompared } from '../../src/config/named-files.ts';

interface Part {
  readonly $ref?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Part>>;
  readonly additionalProperties?: Part | boolean;
  readonly items?: Part;
}

interface Schema extends Part {
  readonly $defs: Readonly<Record<string, Part>>;
}

/** Types of which each value is a path, or a program. */
const pathTypes = new Set(['InnerPath', 'Command']);
const namesFile = /relative to this file|^The folder /;

/** Servers say the same fields of their own; the one that is meant is picked before anything is compared. */
function* namingFields(schema: Schema, part: Part, path: string): Iterable<string> {
  const type = part.$ref?.split('/').at(-1) ?? '';
  if (pathTypes.has(type) || (namesFile.test(part.description ?? '') && part.properties === undefined)) yield path;
  if (type === 'Server') return;
  const { properties = {}, additionalProperties, items } = schema.$defs[type] ?? part;
  const inside = (name: string): string => (path === '' ? name : `${path}.${name}`);
  for (const [name, own] of Object.entries(properties)) yield* namingFields(schema, own, inside(name));
  if (typeof additionalProperties === 'object') yield* namingFields(schema, additionalProperties, inside('*'));
  if (items !== undefined) yield* namingFields(schema, items, path);
}

test('each field of muster.yaml that names a file is compared with what stands there, or says why that is not needed', async () => {
  const schema = JSON.parse(await readFile('schemas/config.schema.json', 'utf8')) as Schema;

  const fields = [...new Set(namingFields(schema, schema, ''))].toSorted();

  // `test/cli/base.test.ts` shows that a plan names what differs in each, `test/ci/forges.long.test.ts` that a pull request does.
  expect(fields).toEqual([...Object.keys(comparedFiles), ...Object.keys(filesNotCompared)].toSorted());
});
