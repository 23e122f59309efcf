import { join, resolve } from 'node:path';
import { type Budget, type Budgets, defaultBudgets } from '../model/approval.ts';
import type { AuditSettings } from '../model/audit.ts';
import { budgetNames } from '../model/change-classes.ts';
import { byText } from '../model/compare.ts';
import type { DesiredState } from '../model/desired-state.ts';
import type { EvidenceSettings } from '../model/evidence.ts';
import type { BudgetFile, ConfigFile, PolicyFile } from '../model/generated/config-file.ts';
import { refuse } from '../model/messages/problems.ts';
import type { SettingDifference, SettingsComparison } from '../model/plan.ts';
import { InputError, type SourcePosition } from '../model/problem.ts';
import { publicKeySpelling } from '../model/public-keys.ts';
import type { ReconcileSettings } from '../model/reconcile-settings.ts';
import type { ReviewSettings } from '../model/review.ts';
import type { Policy, SecretSettings } from '../model/settings.ts';
import { normalizeEmail } from '../model/user-rules.ts';
import type { SourcePath } from '../source/node-index.ts';
import { resolveAudit } from './audit-settings.ts';
import { configOnMachine, type Machine } from './machine.ts';
import { type ReconcileFlags, resolveReconcile } from './reconcile-settings.ts';
import { resolveReviews } from './review-settings.ts';

/** Where a setting came from, for messages. */
export type SettingOrigin = 'flag' | 'environment' | 'config' | 'default';

export interface Sourced<Value> {
  readonly value: Value;
  readonly from: SettingOrigin;
}

export interface Settings {
  /** Of the server, among several; absent where there is one. */
  readonly name?: string;
  /** Every server that was named, the one that counts first; empty: none was named anywhere. */
  readonly servers: readonly Sourced<string>[];
  /** Paths and globs; empty: none were named anywhere. */
  readonly files: Sourced<readonly string[]>;
  /** Where the nth of `files` stands in `muster.yaml`; absent where they do not come from there. */
  readonly filesAt?: (nth: number) => SourcePosition;
  /** Absolute folder to which `files` belong. */
  readonly base: string;
  /** Absolute folder of the config: what it names lies below. */
  readonly configDir: string;
  /** Absolute; absent: there are no approvals. */
  readonly approvals?: string;
  /** Absolute; absent: there are no waivers. */
  readonly waivers?: string;
  readonly policy: Policy;
  readonly bundles: BundleSettings;
  readonly audit: AuditSettings;
  readonly review: ReviewSettings;
  readonly evidence: EvidenceSettings;
  readonly reconcile: ReconcileSettings;
  readonly secrets: SecretSettings;
  /** Absent where it is not asked for. */
  readonly compared?: ComparedSettings;
}

/** Where bundles come from. */
export interface BundleSettings {
  /** Those that stand in muster.yaml. */
  readonly inline: NonNullable<ConfigFile['bundles']>;
  /** Paths and globs, relative to `configDir`. */
  readonly files: readonly string[];
  /** Where a field of muster.yaml stands; absent without a file. */
  readonly positionOf?: (path: SourcePath) => SourcePosition;
}

/** What came of the comparison with a base. */
export interface ComparedSettings {
  readonly comparison: SettingsComparison;
  /** Keys of the approvals that the base holds; absent: not compared. */
  readonly approvals?: ReadonlySet<string>;
  /** What no action shows of how the entries of people differ; absent: not compared. */
  readonly ofEntries?: (desired: Pick<DesiredState, 'fromFiles' | 'unusable'>) => Promise<readonly SettingDifference[]>;
}

export interface SettingSources {
  readonly flags: {
    readonly server?: string;
    readonly files?: readonly string[];
    readonly reconcile?: ReconcileFlags;
  };
  readonly env: { readonly MUSTER_SERVER?: string | undefined };
  readonly config: ConfigFile;
  /** Of the server, among several. */
  readonly name?: string;
  /** Absolute folder of the config file, or the working directory without one. */
  readonly configDir: string;
  /** Absolute. */
  readonly workingDir: string;
  /** Where the config comes with a checkout. */
  readonly machine?: Machine | undefined;
}

/** Flags before environment before `muster.yaml` before defaults. Pure. */
export function resolveSettings({ machine, ...sources }: SettingSources): Settings {
  const { flags, env, name, configDir, workingDir } = sources;
  const config = machine === undefined ? sources.config : configOnMachine(sources.config, machine.config);
  const [files = { value: [], from: 'default' as const }] = valuesOf<readonly string[]>(
    flags.files,
    undefined,
    config.files,
  );
  return {
    ...(name !== undefined && { name }),
    // That variable is of the token MUSTER_TOKEN: servers with names have their own.
    servers: valuesOf(flags.server, name === undefined ? env.MUSTER_SERVER : undefined, config.server),
    files,
    base: files.from === 'flag' ? workingDir : configDir,
    configDir,
    ...(config.approvals !== undefined && { approvals: resolve(configDir, config.approvals) }),
    ...(config.waivers !== undefined && { waivers: resolve(configDir, config.waivers) }),
    policy: resolvePolicy(config),
    bundles: { inline: config.bundles ?? {}, files: config.bundle_files ?? [] },
    audit: resolveAudit(config),
    review: resolveReviews(config, configDir),
    evidence: resolveEvidence(config, configDir),
    reconcile: resolveReconcile(config, flags.reconcile),
    secrets: resolveSecrets(config, machine?.dir ?? configDir, name),
  };
}

const resolveEvidence = ({ evidence = {} }: ConfigFile, configDir: string): EvidenceSettings => ({
  ...(evidence.sign_key !== undefined && { signKey: resolve(configDir, evidence.sign_key) }),
  emails: evidence.emails ?? 'show',
});

/** @throws {InputError} when the default sink is none */
function resolveSecrets({ secrets = {} }: ConfigFile, configDir: string, name: string | undefined): SecretSettings {
  const { dir, sinks = {}, sources = {}, default_sink: defaultSink } = secrets;
  if (defaultSink !== undefined && !Object.hasOwn(sinks, defaultSink)) {
    throw new InputError([refuse('unknown-sink', { is: 'default', sink: defaultSink })]);
  }
  return {
    dir: resolve(configDir, dir ?? (name === undefined ? 'secrets' : join('secrets', name))),
    isDirExplicit: dir !== undefined,
    ...(defaultSink !== undefined && { defaultSink }),
    sinks,
    sources,
  };
}

/** Every value that was named, the one that counts first. */
function valuesOf<Value>(
  flag: Value | undefined,
  env: Value | undefined,
  config: Value | undefined,
): readonly Sourced<Value>[] {
  return [
    ...(flag === undefined ? [] : [{ value: flag, from: 'flag' as const }]),
    ...(env === undefined || env === '' ? [] : [{ value: env, from: 'environment' as const }]),
    ...(config === undefined ? [] : [{ value: config, from: 'config' as const }]),
  ];
}

export function resolvePolicy({ policy = {}, approvers = {} }: ConfigFile): Policy {
  return {
    undeclaredUsers: policy.undeclared_users ?? 'report',
    foreignTokens: policy.foreign_tokens ?? 'report',
    invite: policy.invite ?? 'none',
    leaverTokens: policy.leavers?.tokens ?? 'disable',
    leaverMemberships: policy.leavers?.memberships ?? 'keep',
    returnerMemberships: policy.returners?.memberships ?? 'report',
    exactPlaces: policy.memberships?.exact ?? [],
    protect: policy.protect ?? [],
    minAdmins: policy.min_admins ?? 2,
    timeZone: policy.time_zone ?? 'UTC',
    allowRoles: policy.allow_roles ?? [],
    authServiceOff: policy.auth_service_off ?? 'block',
    budgets: resolveBudgets(policy.budgets ?? {}),
    window: policy.window ?? 'report',
    approvers: Object.entries(approvers)
      .toSorted(byText(([name]) => name))
      .map(([name, { emails = [], keys = [] }]) => ({
        name,
        emails: emails.map(normalizeEmail),
        keys: keys.map(publicKeySpelling),
      })),
    approvalSignature: policy.approvals?.signature ?? 'report',
    trustedMergeKeys: (policy.approvals?.trusted_merge_keys ?? []).map(publicKeySpelling),
  };
}

/** What the file says of a budget holds; what it does not say is as it is by default. */
function resolveBudgets(named: NonNullable<PolicyFile['budgets']>): Budgets {
  const entries = budgetNames.flatMap((name) => {
    const budget = resolveBudget(named[name], defaultBudgets[name]);
    return budget === undefined ? [] : [[name, budget] as const];
  });
  return Object.fromEntries(entries);
}

function resolveBudget(named: BudgetFile | undefined, byDefault: Budget | undefined): Budget | undefined {
  if (named === undefined) return byDefault;
  const cap = named.cap ?? byDefault?.cap;
  // A share or floor that is named above the default cap would silently have no effect.
  const isRaised = named.cap === undefined && (named.share !== undefined || named.floor !== undefined);
  return {
    maxShare: named.share ?? byDefault?.maxShare ?? 0,
    floor: named.floor ?? byDefault?.floor ?? 0,
    ...(cap !== undefined && !isRaised && { cap }),
  };
}
