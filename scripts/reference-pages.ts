/** Pages of `docs/reference/` that come from tables of the code: commands, exit codes, outputs, dependencies. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command, Option } from 'commander';
import { type CommandRow, optionText } from '../src/cli/command-row.ts';
import { commandRows } from '../src/cli/command-rows.ts';
import { exitCodeTexts } from '../src/cli/exit-code-help.ts';
import { serverOptions } from '../src/cli/options.ts';
import { makeProgram, programEnvironment } from '../src/cli/program.ts';
import { metricRows } from '../src/daemon/metric-rows.ts';
import { type ExitName, exitCodes } from '../src/model/exit-codes.ts';
import { errorRows } from '../src/model/messages/errors.ts';

const generated = (from: string): string => `<!-- Generated from ${from} by npm run docs. Do not edit. -->`;
const cell = (text: string): string => text.replaceAll('|', String.raw`\|`).replaceAll('<', '&lt;');
const code = (text: string): string => `\`${text.replaceAll('|', String.raw`\|`)}\``;

/** The program with every command, as its help knows it. */
function program(): Command {
  const nowhere = { write: () => undefined, isTTY: false };
  const io = {
    stdout: nowhere,
    stderr: nowhere,
    ask: undefined,
    env: {},
    workingDir: '/',
    signal: AbortSignal.abort(),
  };
  return makeProgram(io, () => undefined);
}

const optionRows = (options: readonly Option[]): string =>
  options.map((option) => `| ${code(option.flags)} | ${cell(optionText(option))} |`).join('\n');

function commandSection(row: CommandRow, made: Command, path: string): readonly string[] {
  if (row.isHidden === true) return [];
  const own = made.options.filter(({ helpGroupHeading }) => helpGroupHeading !== serverOptions);
  const takesServer = own.length < made.options.length;
  const inner = (row.commands ?? []).flatMap((one) => commandSection(one, find(made, one.name), `${path} ${one.name}`));
  return [
    `## ${path}`,
    cell(row.description),
    code(`${path} ${made.usage()}`),
    ...(own.length === 0 ? [] : [`| Option | Meaning |\n|---|---|\n${optionRows(own)}`]),
    ...(takesServer ? ['Takes the [server options](#server-options), too.'] : []),
    ...(row.examples.length === 0
      ? []
      : [
          `| Example | |\n|---|---|\n${row.examples.map(([line, about = '']) => `| ${code(line)} | ${cell(about)} |`).join('\n')}`,
        ]),
    ...inner,
  ];
}

function find(parent: Command, name: string): Command {
  const found = parent.commands.find((one) => one.name() === name);
  if (found === undefined) throw new Error(`the program has no ${name}`);
  return found;
}

function commandsPage(): string {
  const made = program();
  const visible = commandRows.filter(({ isHidden }) => isHidden !== true);
  const shared = new Map(
    made.commands
      .flatMap(({ options }) => options)
      .filter(({ helpGroupHeading }) => helpGroupHeading === serverOptions)
      .map((option) => [option.long, option]),
  );
  return [
    '# Commands',
    generated('src/cli/rows/'),
    `| Command | Does |\n|---|---|\n${visible.map(({ name, summary }) => `| [\`muster ${name}\`](#muster-${name}) | ${cell(summary)} |`).join('\n')}`,
    ...visible.flatMap((row) => commandSection(row, find(made, row.name), `muster ${row.name}`)),
    '## Server options',
    `| Option | Meaning |\n|---|---|\n${optionRows([...shared.values()])}`,
    '## Environment',
    `| Variable | Meaning |\n|---|---|\n${programEnvironment.map(([names, about]) => `| ${code(names)} | ${cell(about)} |`).join('\n')}`,
    '',
  ].join('\n\n');
}

/** What a person does about each. */
const whatToDo: Readonly<Record<ExitName, string>> = {
  done: 'Nothing. A plan with changes ends with 0, too; `--detailed-exitcode` tells the two apart.',
  bug: 'Read the message: a full disk or too little memory can be fixed there. Anything else is a fault of muster; please report it with the command and its output, and without tokens or real names.',
  changes: 'Only with `--detailed-exitcode`. Look at the plan, and apply it.',
  input:
    'Fix what the message names: file, line and column, flag, or setting. Nothing was written. Where only entries cannot be used, everyone else is planned; `apply` asks, or takes `--skip-unusable`.',
  blocked:
    'A rail stopped a change. The rest of the plan is usable. A budget is lifted by an [approval](../recipes.md#approve-a-large-change); every other rail names what is missing. Of `muster status`: a class of changes waits, or a change is contested.',
  unreadable:
    'Nothing was compared or written. Check the address, the network, and the token (`muster doctor`). A listing that did not add up is read again by the next run. Of `muster status`: a server is quarantined or stale.',
  failed:
    'The report lists each action that failed, went stale or did not verify. Run `muster plan` again: what is still missing stands there. After an interruption run `muster apply --resume`. Of `muster status`: the last cycle failed.',
  planRefused:
    'The plan file is not as it was written, is older than its lifetime, belongs to another server, other files or another version, or was used before. Make a new plan.',
  locked: 'Wait for the other run. The message says which one, where, and how far it is.',
  findings:
    'Of `muster audit --fail-on`: look at the findings, fix them, or accept them by a [waiver](../audit.md#waivers). Of `muster review verify`: revoked access is still there.',
  tampered:
    'Run `muster journal verify`, or `muster evidence verify`, to see which line or file. Keep the folder as evidence, and find out who can write there.',
  interrupted: 'A person said no, or pressed Ctrl-C. After an interrupted apply run `muster apply --resume`.',
};

function exitCodesPage(): string {
  const names = Object.entries(exitCodes) as readonly (readonly [ExitName, number])[];
  const sections = names.map(([name, number]) => {
    const errors = Object.entries(errorRows).filter(([, row]) => row.exit === name);
    const links = errors.map(([errorCode]) => `[\`${errorCode}\`](errors.md#${errorCode.toLowerCase()})`);
    return `## Exit code ${number}\n\n**${exitCodeTexts[number as keyof typeof exitCodeTexts]}.**\n\n${whatToDo[name]}${links.length === 0 ? '' : `\n\nErrors that end with it: ${links.join(', ')}.`}`;
  });
  return [
    '# Exit codes',
    generated('src/model/exit-codes.ts and the register of messages'),
    'They are frozen, and no output format changes one. When several apply, the first of 130, 1, 10, 8, 3, 7, 5, 6, 4, 9, 2, 0.',
    `| Code | Meaning |\n|--:|---|\n${names.map(([, number]) => `| [${number}](#exit-code-${number}) | ${exitCodeTexts[number as keyof typeof exitCodeTexts]} |`).join('\n')}`,
    ...sections,
    '',
  ].join('\n\n');
}

/** Which command writes what a schema describes; a schema that is missing here is one that people write. */
const writtenBy: Readonly<Record<string, string>> = {
  'access-report': '`muster access --format json`',
  'audit-report': '`muster audit --format json`',
  'chain-report': '`muster audit onboarding`, `muster audit offboarding`, with `--format json`',
  evidence: '`muster evidence`, as `evidence.json`',
  journal: '`muster journal show --format json`',
  plan: '`muster plan --format json`, `muster plan --out`',
  'reconcile-state': '`muster reconcile`, in the state directory',
  'review-closed': '`muster review close`, as `closed.json`',
  'review-manifest': '`muster review open`, as `manifest.json`',
};

async function outputsPage(root: string): Promise<string> {
  const files = (await readdir(join(root, 'schemas'))).filter((name) => name.endsWith('.schema.json')).toSorted();
  const rows = await Promise.all(
    files.map(async (file) => {
      const schema = JSON.parse(await readFile(join(root, 'schemas', file), 'utf8')) as {
        description?: string;
        title?: string;
      };
      return { file, by: writtenBy[file.replace('.schema.json', '')], about: schema.description ?? schema.title ?? '' };
    }),
  );
  const table = (chosen: typeof rows, first: string): string =>
    `| Schema | ${first} |\n|---|---|\n${chosen.map(({ file, by, about }) => `| [\`${file}\`](../../schemas/${file}) | ${by ?? cell(about)} |`).join('\n')}`;
  return [
    '# Files and outputs for programs',
    generated('schemas/'),
    'Everything that a program may read or write has a JSON Schema. New versions add fields; a field that is there keeps its meaning. The schemas are part of the package: `mattermuster/schemas/plan.schema.json`.',
    '## What muster writes',
    table(
      rows.filter(({ by }) => by !== undefined),
      'Written by',
    ),
    '## What people write',
    table(
      rows.filter(({ by }) => by === undefined),
      'Holds',
    ),
    'Every command with `--format json` prints one JSON value on stdout, errors too: `{ "error": { "code", "blame", "message", "docs" } }`, with `hint`, and with `problems` and their places, where there are some. The exit code is that of the process. Metrics for Prometheus: [health and metrics](../reconcile.md#health-and-metrics).',
    '',
  ].join('\n\n');
}

/** Why each package is there. A package without a reason stops the generator. */
const reasons: Readonly<Record<string, string>> = {
  '@hono/node-server': 'serves the embedded server, the status page and the health endpoints',
  '@opentelemetry/api': 'spans for people who load an SDK; without one it does nothing',
  ajv: 'runs the validators that are compiled from the JSON Schemas',
  'ajv-formats': 'dates, e-mails and addresses in these schemas',
  commander: 'the command line',
  croner: 'cron expressions in time zones',
  diff: 'values of several lines in plans',
  hono: 'routes of the embedded server, and HTML whose values are escaped',
  'js-yaml': 'reads YAML, safely',
  'p-queue': 'how many requests and people at a time',
  'pg-boss': 'the queue in PostgreSQL for workers on several machines; optional, loaded only there',
  'prom-client': 'metrics in the format of Prometheus',
  'string-width': 'columns that stay columns with wide characters',
  undici: 'HTTP to the server, with proxies and private authorities',
  yaml: 'writes YAML, and edits files with their comments',
};

interface LockFile {
  readonly packages: Readonly<
    Record<
      string,
      { readonly version?: string; readonly license?: string; readonly dev?: boolean; readonly devOptional?: boolean }
    >
  >;
}

async function dependenciesPage(root: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Readonly<
    Record<'dependencies' | 'optionalDependencies', Readonly<Record<string, string>>>
  >;
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as LockFile;
  const direct = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.optionalDependencies)].toSorted();
  const forgotten = direct.filter((name) => reasons[name] === undefined);
  if (forgotten.length > 0) throw new Error(`say in reasons what these packages are for: ${forgotten.join(', ')}`);
  const installed = Object.entries(packages)
    .filter(([path, one]) => path !== '' && one.dev !== true)
    .map(([path, one]) => ({ name: path.replace(/^.*node_modules\//, ''), ...one }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const licenceOf = (name: string): string => packages[`node_modules/${name}`]?.license ?? 'unknown';
  const behind = installed.filter(({ name }) => !direct.includes(name));
  return [
    '# Dependencies',
    generated('package.json and package-lock.json'),
    'muster is licensed under Apache-2.0. No package that it installs runs a script of its own (`ignore-scripts` is set, and a test looks for such scripts).',
    '## What muster uses',
    `| Package | For | Licence |\n|---|---|---|\n${direct.map((name) => `| \`${name}\` | ${reasons[name]} | ${licenceOf(name)} |`).join('\n')}`,
    `## What these use\n\n${behind.length} packages, those of optional ones included.`,
    `| Package | Version | Licence |\n|---|---|---|\n${behind.map(({ name, version = '', license = 'unknown' }) => `| \`${name}\` | ${version} | ${license} |`).join('\n')}`,
    'Why these and not others: [decision 8](../decisions/0008-dependencies.md).',
    '',
  ].join('\n\n');
}

/** Texts by path. */
function metricsPage(): string {
  const rows = Object.entries(metricRows).map(
    ([name, { is, help, labels }]) =>
      `| ${code(`${name}{${labels.filter((label) => label !== 'server').join(',')}}`.replace('{}', ''))} | ${is} | ${cell(help)} |`,
  );
  return [
    '# Metrics',
    generated('src/daemon/metric-rows.ts'),
    'What `muster reconcile --listen` tells Prometheus at `/metrics`. Each metric has the label `server`, too. Counters count from the start of the process; gauges show what is known when they are read.',
    `| Metric | Kind | Tells |\n|---|---|---|\n${rows.join('\n')}`,
    'More: [health and metrics](../reconcile.md#health-and-metrics).',
    '',
  ].join('\n\n');
}

export async function referencePages(root: string): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['docs/reference/commands.md', commandsPage()],
    ['docs/reference/exit-codes.md', exitCodesPage()],
    ['docs/reference/outputs.md', await outputsPage(root)],
    ['docs/reference/metrics.md', metricsPage()],
    ['docs/reference/dependencies.md', await dependenciesPage(root)],
  ]);
}
