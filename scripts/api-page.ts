/**
 * Makes `docs/api.md`, the reference of the client, from the code: methods, paths and permissions from the table of
 * operations, sentences from the docstrings of its groups, examples from the test that runs them.
 */
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { AnyCall, AnyOperation } from '../src/api/operation.ts';
import { operations } from '../src/api/operations.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What the declaration of one method says. */
interface Declared {
  readonly sentence: string;
  /** The names of its arguments. */
  readonly parameters: readonly string[];
}

interface Method extends Declared {
  readonly group: string;
  /** As `users.get`. */
  readonly name: string;
  readonly call: AnyCall;
  readonly isPaged: boolean;
}

/** The interfaces of `src/api/operations/` by name, and in each the declarations by method. */
async function readDeclarations(): Promise<ReadonlyMap<string, ReadonlyMap<string, Declared>>> {
  const folder = join(root, 'src/api/operations');
  const found = new Map<string, ReadonlyMap<string, Declared>>();
  for (const file of (await readdir(folder)).toSorted()) {
    const source = parse(file, await readFile(join(folder, file), 'utf8'));
    for (const statement of source.statements) {
      if (ts.isInterfaceDeclaration(statement)) found.set(statement.name.text, membersOf(statement));
    }
  }
  return found;
}

const parse = (name: string, text: string): ts.SourceFile =>
  ts.createSourceFile(name, text, ts.ScriptTarget.ES2023, true);

function membersOf(declaration: ts.InterfaceDeclaration): ReadonlyMap<string, Declared> {
  return new Map(
    declaration.members.filter(ts.isPropertySignature).map((member) => {
      const [arguments_] = member.type && ts.isTypeReferenceNode(member.type) ? (member.type.typeArguments ?? []) : [];
      return [member.name.getText(), { sentence: sentenceOf(member), parameters: labelsOf(arguments_) }] as const;
    }),
  );
}

function labelsOf(type: ts.TypeNode | undefined): readonly string[] {
  if (type === undefined || !ts.isTupleTypeNode(type)) return [];
  return type.elements.filter(ts.isNamedTupleMember).map((element) => element.name.text);
}

/** The docstring as one line, its links as code. */
function sentenceOf(node: ts.Node): string {
  const [doc] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const text = (doc?.getText() ?? '').replace(/^\/\*\*|\*\/$/g, '').replace(/^\s*\* ?/gm, '');
  return text
    .replace(/\{@link \w+\.(\w+)\}/g, '`$1`')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The interfaces that each group of the client is made of. */
async function readGroups(): Promise<ReadonlyMap<string, readonly string[]>> {
  const source = parse('operations.ts', await readFile(join(root, 'src/api/operations.ts'), 'utf8'));
  const table = source.statements.filter(ts.isInterfaceDeclaration).find(({ name }) => name.text === 'Operations');
  const groups = (table?.members ?? []) as readonly ts.TypeElement[];
  return new Map(
    groups.filter(ts.isPropertySignature).map((member) => {
      const types = member.type && ts.isIntersectionTypeNode(member.type) ? [...member.type.types] : [member.type];
      return [member.name.getText(), types.map((type) => type?.getText() ?? '')] as const;
    }),
  );
}

async function readMethods(): Promise<readonly Method[]> {
  const [declarations, groups] = [await readDeclarations(), await readGroups()];
  return Object.entries(operations).flatMap(([group, rows]) => {
    const entries: [string, AnyOperation][] = Object.entries(rows);
    return entries.map(([name, row]) => {
      const [declared] = (groups.get(group) ?? []).flatMap((type) => declarations.get(type)?.get(name) ?? []);
      if (declared === undefined || declared.sentence === '') {
        throw new Error(`${group}.${name}: no docstring in src/api/operations`);
      }
      const isPaged = 'pagesOf' in row;
      return { ...declared, group, name: `${group}.${name}`, call: isPaged ? row.pagesOf : row, isPaged };
    });
  });
}

/** The parts of the example test that stand between marks, by name. */
async function readExamples(): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(join(root, 'test/contract/api-examples.test.ts'), 'utf8');
  const regions = text.matchAll(/^( *)\/\/ #region (\w+)\n([\s\S]*?)^ *\/\/ #endregion$/gm);
  return new Map(
    [...regions].map(([, indent = '', name = '', body = '']) => [
      name,
      body.replaceAll(`\n${indent}`, '\n').slice(indent.length).replaceAll('show(', 'console.log(').trimEnd(),
    ]),
  );
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const accessOf = ({ access, repeat }: AnyCall): string =>
  access === 'read' ? 'read' : repeat === 'safe' ? 'write' : 'write, once';

function rowOf(method: Method): string {
  const { name, parameters, call, sentence, isPaged } = method;
  const reference = call.reference === undefined || isPaged ? '' : `<br>${call.reference}`;
  const cells = [
    `\`${name}(${parameters.join(', ')})\``,
    sentence,
    `\`${call.method} ${call.path}\`${reference}`,
    accessOf(call),
    call.permission,
  ];
  return `| ${cells.map(cell).join(' | ')} |`;
}

function tables(methods: readonly Method[]): string {
  const groups = [...new Set(methods.map(({ group }) => group))];
  return groups
    .map((group) => {
      const rows = methods.filter((method) => method.group === group).map(rowOf);
      return [
        `### ${group}`,
        '',
        '| Call | What it does | Request | Access | Who may |',
        '|---|---|---|---|---|',
        ...rows,
      ].join('\n');
    })
    .join('\n\n');
}

function example(examples: ReadonlyMap<string, string>, name: string): string {
  const code = examples.get(name);
  if (code === undefined) throw new Error(`no example ${name} in test/contract/api-examples.test.ts`);
  return `\`\`\`ts\n${code}\n\`\`\``;
}

/** The text of `docs/api.md`. */
export async function apiPage(): Promise<string> {
  const [methods, examples] = [await readMethods(), await readExamples()];
  const names = (await readFile(join(root, 'test/contract/operations.txt'), 'utf8')).trim().split('\n');
  const calls = methods.filter(({ isPaged }) => !isPaged);
  const ofReference = calls.filter(({ call }) => call.reference !== undefined && names.includes(call.reference));
  const covered = new Set(ofReference.map(({ call }) => call.reference));
  const missing = names.filter((name) => !covered.has(name));
  if (missing.length > 0) throw new Error(`no function of the client for ${missing.join(', ')}`);
  const beyond = calls.filter((method) => !ofReference.includes(method));
  return `<!-- Generated from the code by scripts/api-page.ts. Do not edit. -->

# The client

\`mattermuster\` is also a typed client for users, teams and channels of Mattermost: **${covered.size} of ${names.length}** operations of the
[reference](https://developers.mattermost.com/api-documentation/), and ${beyond.length} more that provisioning needs. Every operation is held
against the embedded server and a running Mattermost by one [suite of cases](../test/contract/).

## Using it

\`\`\`ts
import { ApiNotFoundError, createClient, MusterError, Secret } from 'mattermuster';
\`\`\`

Connect; secrets travel in \`Secret\`, which prints as \`(secret)\`:

${example(examples, 'connect')}

Each call gives its data, or by \`withResponse()\` all of the answer:

${example(examples, 'response')}

Lists come page by page:

${example(examples, 'pages')}

Writes take what the server takes, and refuse what it would misread before anything is sent:

${example(examples, 'write')}

Failures are errors with a stable \`code\`; \`id\` is the server's own, and \`retry\` says what may follow: \`yes\`, \`no\`, or \`look-first\` when a
write may have been carried out:

${example(examples, 'failures')}

A client can be narrowed:

${example(examples, 'narrowing')}

Without a Mattermost at hand, \`startSandbox()\` from \`mattermuster/sandbox\` gives a server to try all of it on.

## Reading the tables

| Column | Meaning |
|---|---|
| Call | the method of the client; options of the call (query, \`signal\`, \`timeoutMs\`, \`ifNoneMatch\` for reads) come last |
| Request | below \`/api/v4\`, and the name in the reference |
| Access | \`read\`: may always be sent again, and is after passing faults. \`write\`: done twice is as done once. \`write, once\`: a second time fails or does more, so after a lost response look first |
| Who may | the permission that the server asks for |

## The ${names.length} operations of the reference

${tables(ofReference)}

## Beyond the reference

${tables(beyond)}

## Page by page

${tables(methods.filter(({ isPaged }) => isPaged))}
`;
}
