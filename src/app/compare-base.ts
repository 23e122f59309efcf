import { approvalKey, compareApprovals } from '../config/compare-approvals.ts';
import { compareSettings } from '../config/compare-settings.ts';
import { type Base, loadBase } from '../config/load-base.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { type ComparedSettings, resolvePolicy, type Settings } from '../config/settings.ts';
import { refuse } from '../model/messages/problems.ts';
import type { PlanValue, SettingDifference } from '../model/plan.ts';
import { InputError, type Problem } from '../model/problem.ts';
import type { AppPorts, InputOptions } from './ports.ts';
import { dayOf, readApprovals, shownPath } from './read-approvals.ts';

/**
 * Compares muster.yaml and its approvals with those of the base, if one was named.
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
  const momentMs = options.atMs ?? ports.clock.now();
  const { workingDir, env } = ports;
  const base = await loadBase({ base: options.base, workingDir, named: options.config, env, server: settings.name });
  const inBase = await base.approvals((config) => dayOf(momentMs, resolvePolicy(config).timeZone));
  const own = await readApprovals(settings, momentMs, ports);
  const differences = [...compareSettings(base, loaded), ...compareApprovals(inBase, own)].map((one) =>
    one.file === undefined ? one : { ...one, file: shownPath(one.file, workingDir) },
  );
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
