/** Every setting of muster.yaml by its name in the file, with its value, defaults filled in. Pure. */
import { ruleSettings } from '../model/audit.ts';
import { auditRuleNames } from '../model/audit-rules.ts';
import { canonicalJson } from '../model/canonical-json.ts';
import { durationText } from '../model/duration.ts';
import type { Bundle, ConfigFile, PolicyFile, SecretsFile } from '../model/generated/config-file.ts';
import { channelPlace, type PlaceRole } from '../model/memberships.ts';
import type { PlanValue } from '../model/plan.ts';
import type { SourcePosition } from '../model/problem.ts';
import { publicKeySpelling } from '../model/public-keys.ts';
import type { Policy } from '../model/settings.ts';
import { normalizeEmail } from '../model/user-rules.ts';
import { resolveAudit } from './audit-settings.ts';
import { resolveReconcile } from './reconcile-settings.ts';
import { resolveReview } from './review-settings.ts';
import { resolvePolicy } from './settings.ts';

/** A config, and where each part of it stands. */
export interface ConfigSide {
  readonly config: ConfigFile;
  /** Of a field, or of the nearest part that is there; absent: there is no file. */
  readonly positionOf?: (path: readonly string[]) => SourcePosition;
}

/** A value, or fields with values of their own. */
type Tree = Leaf | string | number | boolean | readonly string[] | undefined | { readonly [name: string]: Tree };

/** A value that is compared, and may not be shown. */
class Leaf {
  readonly compared: string;
  readonly shown: PlanValue;

  constructor(compared: unknown, shown: PlanValue) {
    this.compared = canonicalJson(compared);
    this.shown = shown;
  }
}

/** Order says nothing in these lists. */
const asSet = (list: readonly string[]): readonly string[] => list.toSorted();

/** A list that is not written is none. */
const setOrNone = (list: readonly string[]): readonly string[] | undefined =>
  list.length === 0 ? undefined : asSet(list);

/** What a bundle gives, place by place, however it is written. */
const placesIn = (teams: NonNullable<Bundle['teams']>): readonly string[] =>
  teams.flatMap((team) => {
    if (typeof team === 'string') return [team];
    const channels = (team.channels ?? []).map((channel) => {
      const { channel: name, role } = typeof channel === 'string' ? { channel, role: undefined } : channel;
      return placeText(channelPlace(team.team, name), role);
    });
    return [placeText(team.team, team.role), ...channels];
  });

const placeText = (place: string, role: PlaceRole | undefined): string =>
  role === undefined ? place : `${place}: ${role}`;

/** By the names of the file, so that no field can be forgotten. */
const policyFields: Readonly<Record<keyof PolicyFile, (policy: Policy, file: PolicyFile) => Tree>> = {
  undeclared_users: ({ undeclaredUsers }) => undeclaredUsers,
  foreign_tokens: ({ foreignTokens }) => foreignTokens,
  invite: ({ invite }) => invite,
  leavers: ({ leaverTokens, leaverMemberships }) => ({ tokens: leaverTokens, memberships: leaverMemberships }),
  memberships: ({ exactPlaces }) => ({ exact: setOrNone(exactPlaces) }),
  returners: ({ returnerMemberships }) => ({ memberships: returnerMemberships }),
  protect: ({ protect }) => asSet(protect),
  min_admins: ({ minAdmins }) => minAdmins,
  time_zone: ({ timeZone }) => timeZone,
  allow_roles: ({ allowRoles }) => asSet(allowRoles),
  auth_service_off: ({ authServiceOff }) => authServiceOff,
  audit: (_, file) => auditTree(file),
  review: (_, { review }) => ({ owners: resolveReview(review).owners.map((one) => canonicalJson(one)) }),
  approvals: ({ approvalSignature, trustedMergeKeys }) => ({
    signature: approvalSignature,
    trusted_merge_keys: setOrNone(trustedMergeKeys),
  }),
  locked: (_, { locked }) => locked ?? false,
  window: ({ window }) => window,
  budgets: ({ budgets }) =>
    Object.fromEntries(
      Object.entries(budgets).map(([name, { maxShare, floor, cap }]) => [name, { share: maxShare, floor, cap }]),
    ),
};

function auditTree(policy: PolicyFile): Tree {
  const audit = resolveAudit({ policy });
  const shown = auditRuleNames.map((rule) => {
    const { isOn, severity, days } = ruleSettings(audit, rule);
    return [rule, isOn ? { severity, days } : 'off'];
  });
  return { leaver_hours: audit.leaverHours, sign_in: audit.signIn, rules: Object.fromEntries(shown) };
}

function reconcileTree(config: ConfigFile): Tree {
  const { mode, schedule, jitterMs, fullReadMs, windows, suspend, git, notices } = resolveReconcile(config);
  return {
    mode,
    schedule: 'cron' in schedule ? `${schedule.cron} (${schedule.timeZone})` : durationText(schedule.everyMs),
    jitter: durationText(jitterMs),
    full_read: fullReadMs === 0 ? 'always' : durationText(fullReadMs),
    windows: windows.map((one) => canonicalJson({ ...one, days: [...one.days].toSorted() })),
    suspend: suspend && { reason: suspend.reason, by: suspend.by, until: new Date(suspend.untilMs).toISOString() },
    notices: notices.map((one) => canonicalJson(one)),
    git: git && {
      url: git.url,
      branch: git.branch,
      path: git.path,
      signed_by: setOrNone(git.signedBy.map(publicKeySpelling)),
      follow_rewrites: git.followsRewrites,
      user: git.user,
      token: git.token,
    },
  };
}

/** What may be shown of a sink or a source. Arguments of commands may hold secrets, if by mistake; the rest is unknown. */
const shownOfPlaces: ReadonlySet<string> = new Set(['dir', 'file', 'env', 'command_env', 'confirm']);

function placesOf(places: SecretsFile['sinks'] | SecretsFile['sources'] = {}): Tree {
  return Object.fromEntries(
    Object.entries(places).map(([name, place]) => [
      name,
      Object.fromEntries(
        Object.entries(place).map(([field, value]) => [
          field,
          shownOfPlaces.has(field) && (typeof value === 'string' || isList(value))
            ? value
            : new Leaf(value, hiddenText(field)),
        ]),
      ),
    ]),
  );
}

const hiddenText = (field: string): string => `a ${field}`;

const isList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

const fields: Readonly<Record<keyof ConfigFile, (config: ConfigFile) => Tree>> = {
  version: () => undefined,
  server: ({ server }) => server,
  files: ({ files }) => (files === undefined ? undefined : asSet(files)),
  bundles: ({ bundles }) =>
    Object.fromEntries(
      Object.entries(bundles ?? {}).map(([name, { roles, teams }]) => [
        name,
        { roles: roles && asSet(roles), teams: teams && asSet(placesIn(teams)) },
      ]),
    ),
  bundle_files: ({ bundle_files: files }) => (files === undefined ? undefined : asSet(files)),
  approvals: ({ approvals }) => approvals,
  waivers: ({ waivers }) => waivers,
  approvers: ({ approvers }) =>
    Object.fromEntries(
      Object.entries(approvers ?? {}).map(([name, { emails = [], keys = [] }]) => [
        name,
        { emails: setOrNone(emails.map(normalizeEmail)), keys: setOrNone(keys.map(publicKeySpelling)) },
      ]),
    ),
  evidence: ({ evidence }) => ({ sign_key: evidence?.sign_key, emails: evidence?.emails ?? 'show' }),
  policy: (config) => {
    const policy = resolvePolicy(config);
    return Object.fromEntries(
      Object.entries(policyFields).map(([name, read]) => [name, read(policy, config.policy ?? {})]),
    );
  },
  reconcile: (config) => reconcileTree(config),
  // One of them was picked before.
  servers: () => undefined,
  // As it is written: a folder that is named and one that is there by default are not the same to tokens without a sink.
  secrets: ({ secrets: { sinks, sources, ...rest } = {} }) => ({
    ...rest,
    sinks: placesOf(sinks),
    sources: placesOf(sources),
  }),
};

/** A setting in its place. */
export interface Found {
  readonly path: readonly string[];
  readonly leaf: Leaf;
}

/** By their names, as `policy.budgets.create.cap`. */
export function leavesOf(config: ConfigFile): ReadonlyMap<string, Found> {
  const found = new Map<string, Found>();
  const walk = (tree: Tree, path: readonly string[]): void => {
    if (tree === undefined) return;
    if (tree instanceof Leaf) found.set(path.join('.'), { path, leaf: tree });
    else if (isValue(tree)) found.set(path.join('.'), { path, leaf: new Leaf(tree, tree) });
    else for (const [name, part] of Object.entries(tree)) walk(part, [...path, name]);
  };
  for (const [name, read] of Object.entries(fields)) walk(read(config), [name]);
  return found;
}

const isValue = (tree: Exclude<Tree, Leaf | undefined>): tree is string | number | boolean | readonly string[] =>
  typeof tree !== 'object' || Array.isArray(tree);

/** A setting, and what says so. */
export interface SettingField {
  readonly name: string;
  readonly value: PlanValue;
  /** Absent: nothing does, it is the default. */
  readonly at?: SourcePosition;
}

/** Every setting of muster.yaml with where it stands. */
export function settingFields({ config, positionOf }: ConfigSide): readonly SettingField[] {
  return [...leavesOf(config)].map(([name, { path, leaf }]) => ({
    name,
    value: leaf.shown,
    ...(positionOf !== undefined && isStated(config, path) && { at: positionOf(path) }),
  }));
}

function isStated(config: ConfigFile, path: readonly string[]): boolean {
  let part: unknown = config;
  for (const name of path) {
    if (typeof part !== 'object' || part === null || !Object.hasOwn(part, name)) return false;
    part = Reflect.get(part, name);
  }
  return true;
}
