import { approvalKey, compareApprovals, compareWaivers } from '../config/compare-approvals.ts';
import { compareSettings } from '../config/compare-settings.ts';
import { type Base, loadBase } from '../config/load-base.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import type { ComparedFile } from '../config/named-files.ts';
import type { ConfigSide } from '../config/setting-fields.ts';
import { type ComparedSettings, resolvePolicy, type Settings } from '../config/settings.ts';
import type { Bundle } from '../model/bundles.ts';
import type { DesiredState } from '../model/desired-state.ts';
import type { ConfigFile } from '../model/generated/config-file.ts';
import { refuse } from '../model/messages/problems.ts';
import type { PlanValue, SettingDifference, SettingsComparison } from '../model/plan.ts';
import { InputError, type Problem } from '../model/problem.ts';
import { bundlesOf, bundlesOfBase } from './bundles.ts';
import { compareEntriesWith } from './compare-people.ts';
import { momentOf } from './moment.ts';
import type { AppPorts, InputOptions } from './ports.ts';
import { dayOf, readApprovals, readWaivers, shownPath } from './read-approvals.ts';

/**
 * Compares muster.yaml, and what stands in the files that it names, with those of the base, if one was named.
 *
 * @throws {InputError} when the base cannot be read, is asked for and not named, or is locked and differs
 */
export async function compareWithBase(
  loaded: LoadedConfig,
  settings: Settings,
  options: InputOptions,
  ports: AppPorts,
): Promise<ComparedSettings> {
  if (options.base === undefined) {
    if (options.requireBase === true) throw noBase();
    return { comparison: { status: 'not-compared', differences: [] } };
  }
  const momentMs = momentOf(options, settings, ports);
  const { workingDir, env } = ports;
  const base = await loadBase({ base: options.base, workingDir, named: options.config, env, server: settings.name });
  const dayIn = (config: ConfigFile): string => dayOf(momentMs, resolvePolicy(config).timeZone);
  const inBase = await base.approvals(dayIn);
  const bundles = await bundlesOf(
    { ...settings, bundles: { ...settings.bundles, ...(loaded.positionOf && { positionOf: loaded.positionOf }) } },
    options,
  );
  const own = {
    approvals: await readApprovals(settings, momentMs, ports),
    waivers: await readWaivers(settings, momentMs, ports),
  };
  const ofFiles: Readonly<Record<ComparedFile, readonly SettingDifference[]>> = {
    bundle_files: compareSettings(withBundles(base, await bundlesOfBase(base)), withBundles(loaded, bundles)),
    approvals: compareApprovals(inBase, own.approvals),
    waivers: compareWaivers(await base.waivers(dayIn), own.waivers),
  };
  const differences = Object.values(ofFiles)
    .flat()
    .map((one) => (one.file === undefined ? one : { ...one, file: shownPath(one.file, workingDir) }));
  if (base.config.policy?.locked === true && differences.length > 0) throw locked(base, differences);
  return {
    comparison: {
      status: differences.length === 0 ? 'same' : 'different',
      base: base.name,
      ...(base.commit !== undefined && { commit: base.commit }),
      has_config: base.hasConfig,
      differences,
    },
    approvals: new Set(inBase.map(approvalKey)),
    ofEntries: (desired) => {
      const { policy, secrets } = settings;
      return compareEntriesWith(base, settings, { policy, secrets, momentMs, bundles }, desired);
    },
  };
}

/** The comparison of settings, with that of the entries; absent: not asked for. */
export async function comparisonWith(
  { compared }: Pick<Settings, 'compared'>,
  desired: Pick<DesiredState, 'fromFiles' | 'unusable'>,
): Promise<SettingsComparison | undefined> {
  if (compared?.ofEntries === undefined) return compared?.comparison;
  const { comparison, ofEntries } = compared;
  const found = await ofEntries(desired);
  if (found.length === 0) return comparison;
  return { ...comparison, status: 'different', differences: [...comparison.differences, ...found] };
}

/** As if all bundles stood in muster.yaml itself: where they stand makes no difference, what they give does. */
function withBundles(side: ConfigSide, bundles: ReadonlyMap<string, Bundle>): ConfigSide {
  const { config, positionOf } = side;
  const written = [...bundles].map(([name, { roles, teams }]) => [
    name,
    { ...(roles.length > 0 && { roles }), ...(teams.length > 0 && { teams }) },
  ]);
  return {
    config: { ...config, bundles: Object.fromEntries(written) },
    ...(positionOf !== undefined && {
      positionOf: (path) => {
        const [field, name = '', part] = path;
        const bundle = field === 'bundles' ? bundles.get(name) : undefined;
        return bundle?.at(part === 'roles' ? part : undefined) ?? positionOf(path);
      },
    }),
  };
}

const noBase = (): InputError => new InputError([refuse('no-base', {})]);

function locked(base: Base, differences: readonly SettingDifference[]): InputError {
  return new InputError(
    differences.map(({ field, before, after, file, line }): Problem => {
      const what = { field, base: base.name, before: shortText(before), after: shortText(after) };
      const at = file === undefined ? undefined : { file, line: line ?? 1, column: 1 };
      return { ...refuse('locked-policy', what), ...(at !== undefined && { at }) };
    }),
  );
}

const maxShown = 200;

/** Cut where it is long: what differs shows in its first words, or at its line. */
function shortText(value: PlanValue | undefined): string {
  const text = value === undefined ? '(none)' : typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > maxShown ? `${text.slice(0, maxShown)}…` : text;
}
