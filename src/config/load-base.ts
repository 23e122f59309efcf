import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Approval } from '../model/approval.ts';
import type { ConfigFile } from '../model/generated/config-file.ts';
import { type BaseFiles, unusableBase } from './base-files.ts';
import { configName } from './find-config.ts';
import { isFolderName, openFolderBase } from './folder-base.ts';
import { openGitBase } from './git-base.ts';
import { parseApprovals } from './load-approvals.ts';
import { readConfigText } from './load-config.ts';
import { type ServerSide, sideOfServer } from './pick-server.ts';
import type { ConfigSide } from './setting-fields.ts';

/** The settings and approvals that a plan is compared with. */
export interface Base extends ConfigSide, Pick<BaseFiles, 'name' | 'commit'> {
  /** Whether it has a config at all. */
  readonly hasConfig: boolean;
  readonly approvals: (dayIn: (config: ConfigFile) => string) => Promise<readonly Approval[]>;
}

export interface BaseToLoad {
  /** A git ref; or a folder, beginning with `./`, `../` or `/`. */
  readonly base: string;
  /** Absolute. */
  readonly workingDir: string;
  /** What `--config` named. */
  readonly named?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** The name of the server, among several. */
  readonly server?: string | undefined;
}

/**
 * Reads the config of the base from where muster would find it there, not from where it was found here: a pull request
 * that moves its config, or puts one in front of it, is compared with the one that counted before.
 *
 * @throws {InputError} when there is no such base, or what it has cannot be read
 */
export async function loadBase({ base, workingDir, named, env, server }: BaseToLoad): Promise<Base> {
  const files = isFolderName(base) ? await openFolderBase(base, workingDir) : await openGitBase(base, workingDir, env);
  const found = await findConfigIn(files, workingDir, named);
  const about = { name: files.name, ...(files.commit !== undefined && { commit: files.commit }) };
  if (found === undefined) return { ...about, hasConfig: false, config: {}, approvals: () => Promise.resolve([]) };
  const whole = readConfigText({ name: files.show(found.path), text: found.text, isInPlace: true });
  const { config, positionOf } = sideInBase(whole, server);
  return {
    ...about,
    hasConfig: true,
    config,
    ...(positionOf !== undefined && { positionOf }),
    approvals: (dayIn) => loadApprovalsIn(files, config, found.path, dayIn),
  };
}

/** Where there was one server before there were several, each is compared with it. */
function sideInBase(whole: ReturnType<typeof readConfigText>, server: string | undefined): ServerSide {
  return whole.config.servers === undefined ? whole : sideOfServer(whole, server ?? '');
}

interface FoundText {
  readonly path: string;
  readonly text: string;
}

async function findConfigIn(
  files: BaseFiles,
  workingDir: string,
  named: string | undefined,
): Promise<FoundText | undefined> {
  const candidates =
    named === undefined
      ? foldersUpTo(files.root, workingDir).map((dir) => join(dir, configName))
      : [resolve(workingDir, named)];
  for (const candidate of candidates) {
    const path = pathIn(files, candidate);
    const text = await files.read(path);
    if (text !== undefined) return { path, text };
  }
  return undefined;
}

function foldersUpTo(root: string, from: string): readonly string[] {
  const folders = [from];
  for (let dir = from; dir !== root && dirname(dir) !== dir; dir = dirname(dir)) folders.push(dirname(dir));
  return folders;
}

/** @throws {InputError} when a path lies outside of what the base stands for */
function pathIn({ root, name }: BaseFiles, path: string): string {
  const way = relative(root, path).split(sep).join('/');
  if (way !== '' && way !== '..' && !way.startsWith('../') && !way.startsWith('/')) return way;
  throw unusableBase({ is: 'outside', name, path, root });
}

async function loadApprovalsIn(
  files: BaseFiles,
  config: ConfigFile,
  configPath: string,
  dayIn: (config: ConfigFile) => string,
): Promise<readonly Approval[]> {
  if (config.approvals === undefined) return [];
  const path = pathIn(files, resolve(files.root, dirname(configPath), config.approvals));
  const text = await files.read(path);
  return text === undefined ? [] : parseApprovals({ name: files.show(path), text, isInPlace: true }, dayIn(config));
}
