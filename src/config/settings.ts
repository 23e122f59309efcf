import { resolve } from 'node:path';
import type { ConfigFile } from '../model/generated/config-file.ts';
import type { Policy, SecretSettings } from '../model/settings.ts';

/** Where a setting came from, for messages. */
export type SettingOrigin = 'flag' | 'environment' | 'config' | 'default';

export interface Sourced<Value> {
  readonly value: Value;
  readonly from: SettingOrigin;
}

export interface Settings {
  /** Absent: no server was named anywhere. */
  readonly server?: Sourced<string>;
  /** Paths and globs; empty: none were named anywhere. */
  readonly files: Sourced<readonly string[]>;
  /** Absolute folder to which `files` belong. */
  readonly base: string;
  readonly policy: Policy;
  readonly secrets: SecretSettings;
}

export interface SettingSources {
  readonly flags: { readonly server?: string; readonly files?: readonly string[] };
  readonly env: { readonly MUSTER_SERVER?: string | undefined };
  readonly config: ConfigFile;
  /** Absolute folder of the config file, or the working directory without one. */
  readonly configDir: string;
  /** Absolute. */
  readonly workingDir: string;
}

/** Flags before environment before `muster.yaml` before defaults. Pure. */
export function resolveSettings({ flags, env, config, configDir, workingDir }: SettingSources): Settings {
  const server = pick(flags.server, env.MUSTER_SERVER, config.server);
  const files = pick<readonly string[]>(flags.files, undefined, config.files) ?? { value: [], from: 'default' };
  return {
    ...(server !== undefined && { server }),
    files,
    base: files.from === 'flag' ? workingDir : configDir,
    policy: resolvePolicy(config),
    secrets: {
      dir: resolve(configDir, config.secrets?.dir ?? 'secrets'),
      sinks: config.secrets?.sinks ?? {},
      sources: config.secrets?.sources ?? {},
    },
  };
}

function pick<Value>(
  flag: Value | undefined,
  env: Value | undefined,
  config: Value | undefined,
): Sourced<Value> | undefined {
  if (flag !== undefined) return { value: flag, from: 'flag' };
  if (env !== undefined && env !== '') return { value: env, from: 'environment' };
  return config === undefined ? undefined : { value: config, from: 'config' };
}

export function resolvePolicy({ policy = {} }: ConfigFile): Policy {
  return {
    undeclaredUsers: policy.undeclared_users ?? 'report',
    foreignTokens: policy.foreign_tokens ?? 'report',
    leaverTokens: policy.leavers?.tokens ?? 'disable',
    protect: policy.protect ?? [],
    minAdmins: policy.min_admins ?? 2,
    timeZone: policy.time_zone ?? 'UTC',
    allowRoles: policy.allow_roles ?? [],
    authServiceOff: policy.auth_service_off ?? 'block',
  };
}
