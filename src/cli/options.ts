import { resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import type { CarryOutOptions } from '../app/carry-out.ts';
import type { PlanOptions } from '../app/plan.ts';
import type { InputOptions } from '../app/ports.ts';
import type { WarmOptions } from '../app/read-warmly.ts';
import type { RecordOptions } from '../app/record-observation.ts';
import { changeClasses } from '../model/change-classes.ts';
import { durationMs } from '../model/duration.ts';
import type { Encoding } from '../model/encodings.ts';
import { type ForgeKind, forgeKinds } from '../model/forge.ts';
import type { Severity } from '../model/generated/audit-report.ts';
import type { ChangeClass } from '../model/plan.ts';
import { longestLifetimeMs } from '../model/plan-lifetime.ts';
import type { ReconcileMode } from '../model/reconcile-settings.ts';
import type { MembershipsWritten } from '../model/resource-definition.ts';
import { endOf, isRealMoment, startOf } from '../model/written-moment.ts';
import type { CliIo } from './io.ts';
import { RuledOption } from './ruled-option.ts';

/** Of a plan. */
export type PlanFormat = ReportFormat | 'diff' | 'html' | 'junit' | 'sarif';
/** Of an audit. */
export type AuditFormat = 'text' | 'json' | 'csv' | 'markdown' | 'sarif' | 'html' | 'github';
/** Of what is told person by person: chains, access. */
export type PersonFormat = 'text' | 'json' | 'csv' | 'markdown';
export type Format = PlanFormat | AuditFormat;
/** Of what a pipeline reports to the people of a pull request. */
export type ReportFormat = 'text' | 'json' | 'markdown' | 'github';

/** What each format is for, in the order of help. */
const formatRows: Readonly<Record<Format, string>> = {
  text: 'for people',
  json: 'for programs',
  csv: 'a spreadsheet',
  markdown: 'a comment',
  diff: 'before and after',
  sarif: 'code scanning',
  junit: 'test reports',
  html: 'one page to keep',
  github: 'annotations',
};

export const formats: readonly Format[] = Object.keys(formatRows).filter(isFormat);

function isFormat(name: string): name is Format {
  return Object.hasOwn(formatRows, name);
}

/** What completion offers for a value. */
export type ValueKind = 'file' | 'folder' | 'declared-username' | 'change-class' | 'command' | 'free';

/** By the word in the angle brackets of an option or an argument. */
export const valueKinds: Readonly<Record<string, ValueKind>> = {
  'ref|folder': 'folder',
  sha256: 'free',
  time: 'free',
  file: 'file',
  pem: 'file',
  path: 'file',
  'plan.json': 'file',
  dir: 'folder',
  username: 'declared-username',
  class: 'change-class',
  command: 'command',
  name: 'free',
  account: 'free',
  url: 'free',
  n: 'free',
  moment: 'free',
  date: 'free',
  severity: 'free',
  duration: 'free',
  run: 'free',
  hash: 'free',
  'url|name': 'free',
  'switch=value': 'free',
  'column=field': 'free',
  encoding: 'free',
  words: 'free',
  interval: 'free',
  expression: 'free',
  address: 'free',
  zone: 'free',
  'branch:name|dir': 'folder',
  ref: 'free',
  branch: 'free',
};

/** What commander makes of the flags that several commands share. */
export interface CommonFlags {
  readonly config?: string;
  readonly files?: readonly string[];
  readonly server?: string;
  /** Every server of muster.yaml. */
  readonly all?: boolean;
  /** Servers at the same time. */
  readonly parallel?: number;
  readonly caFile?: string;
  readonly allowPlainHttp?: boolean;
  readonly rate?: number;
  readonly concurrency?: number;
  readonly at?: string;
  readonly base?: string;
  readonly requireBase?: boolean;
  readonly format: 'text' | 'json';
}

export interface ValidateFlags extends Omit<CommonFlags, 'format'> {
  readonly format: ReportFormat;
}

export interface ImportFlags extends CommonFlags {
  readonly out?: string;
  readonly user?: readonly string[];
  readonly undeclared?: boolean;
  readonly memberships?: MembershipsWritten;
  readonly fromCsv?: string;
  readonly fromBulk?: string;
  /** Columns to fields; the empty text leaves a column out. */
  readonly map?: ReadonlyMap<string, string>;
  readonly encoding?: Encoding;
}

export interface DoctorFlags extends CommonFlags {
  readonly verbose?: boolean;
  readonly stateDir?: string;
}

export interface AuditFlags extends Omit<CommonFlags, 'format'> {
  readonly format: AuditFormat;
  readonly out?: string;
  readonly redact?: boolean;
  readonly failOn?: Severity;
  readonly record?: boolean;
  readonly stateDir?: string;
}

export interface PersonAuditFlags extends Omit<CommonFlags, 'format'> {
  readonly format: PersonFormat;
  readonly leftOn?: string;
  readonly sample?: number;
  readonly seed?: string;
  readonly failOn?: Severity;
  readonly stateDir?: string;
}

export interface AccessFlags extends Omit<CommonFlags, 'format' | 'at'> {
  readonly format: PersonFormat;
  readonly at?: string;
  readonly user?: string;
  readonly record?: boolean;
  readonly stateDir?: string;
}

export interface ReviewFlags extends CommonFlags {
  readonly stateDir?: string;
}

export interface ReviewCloseFlags extends ReviewFlags {
  readonly digest?: string;
}

export interface EvidenceFlags extends ReviewFlags {
  readonly out?: string;
  readonly signKey?: string;
  readonly since?: Since;
  readonly until?: number;
}

export interface VerifyEvidenceFlags {
  readonly format: 'text' | 'json';
  readonly allowedSigners?: string;
}

export interface InitFlags extends CommonFlags {
  readonly import: boolean;
}

export interface SandboxFlags {
  readonly port: string;
  readonly seed?: string;
  readonly state?: string;
  readonly licence?: string;
  readonly set?: readonly string[];
  readonly quiet?: boolean;
}

export interface ReconcileFlags extends Omit<CommonFlags, 'format' | 'at'>, Pick<PlanFlags, 'redact' | 'verbose'> {
  readonly format: ReportFormat;
  readonly mode?: ReconcileMode;
  /** In milliseconds. */
  readonly every?: number;
  readonly cron?: string;
  readonly timeZone?: string;
  /** In milliseconds. */
  readonly jitter?: number;
  readonly once?: boolean;
  /** Only ask for cycles, in the queue. */
  readonly queue?: boolean;
  /** Make the cycles that the queue has. */
  readonly worker?: boolean;
  /** Of a worker's cycle; in milliseconds. */
  readonly deadline?: number;
  readonly listen?: { readonly host: string; readonly port: number };
  readonly log?: 'text' | 'json';
  readonly stateDir?: string;
  readonly detailedExitcode?: boolean;
}

export interface StatusFlags extends CommonFlags {
  readonly stateDir?: string;
}

/** The flags of commands that make or show a plan. */
export interface PlanFlags extends Omit<CommonFlags, 'format'> {
  readonly format: PlanFormat;
  readonly redact?: boolean;
  readonly verbose?: boolean;
  readonly detailedExitcode?: boolean;
  readonly user?: readonly string[];
  readonly only?: readonly ChangeClass[];
}

export interface MakePlanFlags extends PlanFlags {
  readonly out?: string;
  readonly record?: boolean;
  readonly warm?: boolean;
  readonly stateDir?: string;
}

/** The flags of commands that write to the server. */
export interface RunFlags extends Omit<CommonFlags, 'format'>, Pick<PlanFlags, 'redact' | 'verbose'> {
  readonly format: ReportFormat;
  readonly yes?: boolean;
  readonly skipUnusable?: boolean;
  readonly stateDir?: string;
  readonly failFast?: boolean;
  readonly keepGoing?: boolean;
  /** Milliseconds from now. */
  readonly deadline?: number;
}

export interface ApplyFlags extends RunFlags, Pick<PlanFlags, 'user' | 'only'> {
  readonly record?: boolean;
  readonly warm?: boolean;
  readonly resume?: boolean;
  readonly digest?: string;
  /** Milliseconds. */
  readonly validFor?: number;
}

export interface UndoFlags extends RunFlags, Pick<PlanFlags, 'user' | 'only'> {
  readonly run?: string;
  readonly out?: string;
  readonly plan?: string;
}

/** The flags of what runs as a job of a pipeline. */
export interface CiFlags extends Omit<CommonFlags, 'format'> {
  readonly forge?: ForgeKind;
  readonly pullRequest?: string;
  readonly open?: boolean;
  readonly head?: string;
  readonly target?: string;
  readonly remote?: string;
  readonly state?: CiStateFlag;
  readonly sealState?: boolean;
  readonly redactPeople?: boolean;
  readonly reports?: string;
  readonly detailedExitcode?: boolean;
}

/** Where plans and journals are kept between jobs. */
export type CiStateFlag = { readonly branch: string } | { readonly dir: string };

export interface CiApplyFlags extends CiFlags, Pick<RunFlags, 'skipUnusable' | 'failFast' | 'keepGoing' | 'deadline'> {
  readonly digest?: string;
  readonly validFor?: number;
  readonly resume?: boolean;
}

export interface JournalFlags {
  readonly format: 'text' | 'json';
  readonly config?: string;
  readonly stateDir?: string;
  readonly head?: string;
  readonly authenticate?: boolean;
}

export interface JournalShowFlags extends Omit<JournalFlags, 'format' | 'config' | 'head' | 'authenticate'> {
  readonly format: 'text' | 'json' | 'markdown';
  readonly user?: readonly string[];
  readonly since?: Since;
}

/** A moment, or how long ago: milliseconds either way. */
export type Since = { readonly atMs: number } | { readonly agoMs: number };

/** For flags that may stand several times. */
export function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}

export const options = {
  config: (): RuledOption =>
    new RuledOption('--config <file>', 'the muster.yaml to use (default: the first one from here upwards)'),
  files: (): Option =>
    new Option(
      '-f, --files <path>',
      'a users file or glob; repeatable (default: files of muster.yaml, else users.yaml)',
    ).argParser(collect),
  at: (): Option =>
    new Option(
      '--at <moment>',
      'read starts and ends as of this moment, or the start of this date (default: now)',
    ).argParser(parseMoment),
  base: (): Option =>
    new Option(
      '--base <ref|folder>',
      'compare muster.yaml and approvals with a git ref, or a folder that begins with ./ or /',
    ),
  requireBase: (): Option => new Option('--require-base', 'exit with 3 when no --base is given'),
  server: (): Option =>
    new Option(
      '--server <url|name>',
      'the server (default: as MUSTER_SERVER or muster.yaml name it, which may name no other), or the name of one of several',
    ),
  all: (...without: readonly string[]): Option =>
    new Option('--all', 'every server of muster.yaml, side by side').conflicts(['server', 'files', ...without]),
  parallel: (...others: readonly string[]): RuledOption =>
    new RuledOption('--parallel <n>', 'with --all: servers at the same time (default: 4)')
      .argParser(parseConcurrency)
      .needs('all', ...others),
  caFile: (): Option => new Option('--ca-file <pem>', 'certificate authorities to trust instead of the usual ones'),
  allowPlainHttp: (): Option => new Option('--allow-plain-http', 'let the token travel unencrypted to another machine'),
  rate: (): Option =>
    new Option('--rate <n>', 'at most n requests a second (default: what the server allows)').argParser(parseRate),
  concurrency: (): Option =>
    new Option('--concurrency <n>', 'requests at the same time (default: 4)').argParser(parseConcurrency),
  redact: (): Option => new Option('--redact', 'show numbers instead of names and e-mails'),
  verbose: (): Option =>
    new Option('--verbose', 'show each request on stderr; in plans each change and name on its own'),
  user: (): Option =>
    new Option('--user <username>', 'only this person, after the rails have seen everything; repeatable').argParser(
      collect,
    ),
  only: (): Option =>
    new Option('--only <class>', 'only this class of changes, likewise; repeatable').argParser(parseClasses),
  yes: (): Option => new Option('--yes', 'do not ask; needed where there is no terminal'),
  skipUnusable: (): Option =>
    new Option('--skip-unusable', 'leave out unusable entries; needed when muster cannot ask'),
  failFast: (): Option =>
    new Option(
      '--fail-fast',
      'stop at the first failure (default: when 5 people and a fifth of those tried have failed)',
    ),
  keepGoing: (): Option => new Option('--keep-going', 'do not stop for failures').conflicts('failFast'),
  deadline: (): Option =>
    new Option('--deadline <duration>', 'begin nothing new after this time, such as 90s, 20m or 2h').argParser(
      parseDuration,
    ),
  digest: (): RuledOption =>
    new RuledOption(
      '--digest <sha256>',
      'refuse a plan file with another digest than the one that was reviewed',
    ).argParser(parseDigest),
  validFor: (): RuledOption =>
    new RuledOption(
      '--valid-for <time>',
      'how old a plan file may be, such as 36h or 7d (at most 14d; default: 24h)',
    ).argParser(parseLifetime),
  stateDir: (): Option =>
    new Option('--state-dir <dir>', 'where muster keeps what it remembers (default: in your state home)'),
  sample: (): Option =>
    new Option('--sample <n>', 'draw so many people, instead of one that is named').argParser(parseSample),
  seed: (): Option =>
    new Option('--seed <words>', 'what the sample is drawn by: the same seed draws the same people (default: 1)'),
  record: (): Option => new Option('--record', 'keep what was read, with its dates, for muster access --at'),
  warm: (): Option =>
    new Option(
      '--warm',
      'read only what has changed since a full read that was kept; without one, or once it is too old, read everything and keep it',
    ),
  since: (): Option =>
    new Option('--since <moment>', 'only runs since then: 12h, 7d, or a date such as 2027-01-31 (UTC)').argParser(
      parseSince,
    ),
  until: (): Option =>
    new Option('--until <moment>', 'only what was before: a date such as 2027-01-31, to its end in UTC').argParser(
      parseUntil,
    ),
  out: (about: string, value: 'file' | 'dir' = 'file'): Option =>
    new Option(`-o, --out <${value}>`, about).argParser(parseOut),
  detailedExitcode: (): RuledOption => new RuledOption('--detailed-exitcode', 'exit with 2 when there are changes'),
  forge: (): Option =>
    new Option('--forge <forge>', 'where pull requests are (default: the one whose job this is, else plain)').choices(
      forgeKinds,
    ),
  pullRequest: (): Option =>
    new Option('--pull-request <name>', 'the pull request (default: the one that the job is about)'),
  open: (): Option =>
    new Option(
      '--open',
      'each open pull request to the branch of this job whose comment shows no plan of its newest commit',
    ).conflicts(['pullRequest', 'head']),
  head: (): Option => new Option('--head <ref>', 'with --forge plain: the branch or ref of the pull request'),
  target: (): Option =>
    new Option('--target <branch>', 'with --forge plain: the branch that it goes to (default: main)'),
  remote: (): Option => new Option('--remote <url>', 'the repository to fetch from (default: the remote origin)'),
  state: (): Option =>
    new Option(
      '--state <branch:name|dir>',
      'where plans and journals are kept between jobs: a branch of the repository, or a folder (default: muster-ci in your state home)',
    ).argParser(parseCiState),
  sealState: (): Option => new Option('--seal-state', 'seal what is kept with the token of muster'),
  redactPeople: (): Option =>
    new Option(
      '--redact-people',
      'show numbers instead of names, e-mails and ids in comments, reports and logs; seals what is kept',
    ),
  reports: (): Option =>
    new Option('--reports <dir>', 'also write the plan as Markdown, HTML, JUnit and SARIF into a folder'),
};

export function formatOption(offered: readonly Format[]): RuledOption {
  const words = offered.map((name, i) => `${name} (${i === 0 ? 'default, ' : ''}${formatRows[name]})`);
  return new RuledOption('--format <format>', words.join(', ')).choices(offered).default(offered[0]);
}

/** The part of the help, and of the manual page, that all commands with a server share. */
export const serverOptions = 'Server options:';

/** To reach a server; in a part of the help of their own. */
export const connection = (): readonly Option[] => [
  options.config(),
  ...[
    options.server(),
    options.caFile(),
    options.allowPlainHttp(),
    options.rate(),
    options.concurrency(),
    options.verbose(),
  ].map((option) => option.helpGroup(serverOptions)),
];

/** To compare the files with it. */
export const planning = (): readonly Option[] => [
  options.files(),
  options.user(),
  options.only(),
  options.at(),
  options.base(),
  options.requireBase(),
  options.redact(),
  ...connection(),
];

/** To write to it. */
export const running = (): readonly Option[] => [
  options.yes(),
  options.skipUnusable(),
  options.failFast(),
  options.keepGoing(),
  options.deadline(),
  options.stateDir(),
];

export { connectionOptions } from '../app/connection-options.ts';

export function inputOptions({ config, files, at, base, requireBase }: Omit<CommonFlags, 'format'>): InputOptions {
  return {
    ...(config !== undefined && { config }),
    ...(files !== undefined && { files }),
    ...(at !== undefined && { at }),
    ...(base !== undefined && { base }),
    ...(requireBase !== undefined && { requireBase }),
  };
}

function parseMoment(text: string): string {
  if (isRealMoment(text)) return text;
  throw new InvalidArgumentError('Expected a date such as 2027-01-31, or a moment such as 2027-01-31T18:00:00Z.');
}

/** `-o json` is a format to other tools: a file of that name would be one more to look for. */
function parseOut(text: string): string {
  if (!formats.some((format) => format === text)) return text;
  throw new InvalidArgumentError(
    `Expected a file: --format ${text} prints that format, ./${text} is a file of that name.`,
  );
}

export const sinceMs = (since: Since, nowMs: number): number => ('atMs' in since ? since.atMs : nowMs - since.agoMs);

function parseSince(text: string): Since {
  return isHoursOrDays(text) ? { agoMs: durationMs(text) } : { atMs: startOf(parseMoment(text), 'UTC') };
}

/** The whole of a day. */
function parseUntil(text: string): number {
  const endMs = endOf(parseMoment(text), 'UTC');
  return text.includes('T') ? endMs : endMs - 1;
}

const isHoursOrDays = (text: string): boolean => /^[1-9]\d{0,3}[hd]$/.test(text);

export function parseDuration(text: string): number {
  if (/^[1-9]\d{0,5}[smh]$/.test(text)) return durationMs(text);
  throw new InvalidArgumentError('Expected a number with a unit, such as 90s, 20m or 2h.');
}

/** `9464`, `127.0.0.1:9464`, `[::]:9464`. */
export function parseAddress(text: string): { readonly host: string; readonly port: number } {
  const [, host = '127.0.0.1', port = ''] = /^(?:(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):)?(\d{1,5})$/.exec(text) ?? [];
  if (port === '' || Number(port) > 65_535)
    throw new InvalidArgumentError('Expected a port, or an address with one, such as 9464 or 0.0.0.0:9464.');
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

/** Also `0s` and days: see the schema of muster.yaml. */
export function parseInterval(text: string): number {
  if (!/^(?:0s|[1-9][0-9]{0,3}[smhd])$/.test(text))
    throw new InvalidArgumentError('Expected a number with a unit, such as 30s, 15m or 1h.');
  return durationMs(text);
}

function parseCiState(text: string): CiStateFlag {
  if (!text.startsWith('branch:')) return { dir: text };
  const branch = text.slice('branch:'.length);
  if (/^[A-Za-z0-9](?:[\w/-]|\.(?!\.|lock(?:\/|$)|\/|$)){0,99}$/.test(branch) && !/\/\/|\/$/.test(branch))
    return { branch };
  throw new InvalidArgumentError('Expected the name of a branch after branch:, such as branch:muster-state.');
}

function parseDigest(text: string): string {
  if (/^sha256:[0-9a-f]{64}$/.test(text)) return text;
  throw new InvalidArgumentError('Expected sha256: and 64 hex digits, as muster plan --format json shows it.');
}

function parseLifetime(text: string): number {
  if (isHoursOrDays(text) && durationMs(text) <= longestLifetimeMs) return durationMs(text);
  throw new InvalidArgumentError('Expected at most 14d, such as 36h or 7d.');
}

/** Fields have no equals sign, and names of columns may. */
export function parseColumn(
  text: string,
  previous: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const end = text.lastIndexOf('=');
  if (end < 1) throw new InvalidArgumentError('Expected column=field, such as "E-Mail"=email.');
  return new Map([...previous, [text.slice(0, end).trim(), text.slice(end + 1).trim()]]);
}

function parseSample(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 10_000)
    throw new InvalidArgumentError('Expected a whole number from 1 to 10000.');
  return number;
}

function parseRate(text: string): number {
  const rate = Number(text);
  if (!Number.isFinite(rate) || rate <= 0) throw new InvalidArgumentError('Expected a number above 0.');
  return rate;
}

function parseConcurrency(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 64)
    throw new InvalidArgumentError('Expected a whole number from 1 to 64.');
  return number;
}

export function narrowingOptions({
  user,
  only,
}: Pick<PlanFlags, 'user' | 'only'>): Pick<PlanOptions, 'users' | 'classes'> {
  return { ...(user !== undefined && { users: user }), ...(only !== undefined && { classes: only }) };
}

function parseClasses(text: string, previous: readonly ChangeClass[] | undefined): readonly ChangeClass[] {
  const known = changeClasses.find((name) => name === text);
  if (known === undefined) throw new InvalidArgumentError(`Expected one of ${changeClasses.join(', ')}.`);
  return [...(previous ?? []), known];
}

/** Where what was read is kept, if it is. */
export function recordOptions(
  { record, stateDir }: { readonly record?: boolean; readonly stateDir?: string },
  { workingDir }: Pick<CliIo, 'workingDir'>,
): RecordOptions {
  return {
    ...(record !== undefined && { record }),
    ...(stateDir !== undefined && { stateDir: resolve(workingDir, stateDir) }),
  };
}

/** Whether what was read before counts. */
export const warmOptions = ({ warm = false }: { readonly warm?: boolean }): { readonly warm?: WarmOptions } =>
  warm ? { warm: {} } : {};

/** How a run is carried out, but for the question. */
export function runOptions(
  { yes, skipUnusable, stateDir, failFast, keepGoing, deadline, concurrency }: RunFlags,
  io: Pick<CliIo, 'workingDir' | 'signal' | 'ask'>,
  nowMs: number,
): Omit<CarryOutOptions, 'confirm'> & { readonly stateDir?: string } {
  return {
    signal: io.signal,
    // A person who is asked sees what is left out, and agrees to it.
    skipUnusable: skipUnusable === true || (yes !== true && io.ask !== undefined),
    stopAt: failFast === true ? 'first' : keepGoing === true ? 'never' : 'many',
    ...(stateDir !== undefined && { stateDir: resolve(io.workingDir, stateDir) }),
    ...(deadline !== undefined && { deadlineMs: nowMs + deadline }),
    ...(concurrency !== undefined && { concurrency }),
  };
}
