import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import type { Approval } from '../model/approval.ts';
import type { Waiver } from '../model/audit.ts';
import type { ConfigFile } from '../model/generated/config-file.ts';
import { InputError } from '../model/problem.ts';
import type { DocumentText } from '../source/read-document.ts';
import { fileLimits } from '../source/read-file.ts';
import { type BaseFiles, unusableBase } from './base-files.ts';
import { configName } from './find-config.ts';
import { isFolderName, openFolderBase } from './folder-base.ts';
import { openGitBase } from './git-base.ts';
import { parseApprovals } from './load-approvals.ts';
import { readConfigText } from './load-config.ts';
import { parseWaivers } from './load-waivers.ts';
import { type ServerSide, sideOfServer } from './pick-server.ts';
import type { ConfigSide } from './setting-fields.ts';

type DayIn = (config: ConfigFile) => string;

/** The settings, and the files that they name, that a plan is compared with. */
export interface Base extends ConfigSide, Pick<BaseFiles, 'name' | 'commit'> {
  /** Whether it has a config at all. */
  readonly hasConfig: boolean;
  readonly approvals: (dayIn: DayIn) => Promise<readonly Approval[]>;
  readonly waivers: (dayIn: DayIn) => Promise<readonly Waiver[]>;
  /**
   * Files below the folder of its config.
   *
   * @param pick - chooses among all of them, by their names from that folder
   */
  readonly filesBelow: (pick: PickNames) => Promise<readonly DocumentText[]>;
  /** The same of users files, which may be large; one that cannot be read there has no text. */
  readonly usersFilesBelow: (pick: PickNames) => Promise<readonly UsersFileInBase[]>;
}

type PickNames = (names: readonly string[]) => readonly string[];

export interface UsersFileInBase {
  readonly name: string;
  readonly text?: string;
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
  if (found === undefined)
    return {
      ...about,
      hasConfig: false,
      config: {},
      approvals: none,
      waivers: none,
      filesBelow: none,
      usersFilesBelow: none,
    };
  const whole = readConfigText({ name: files.show(found.path), text: found.text, isInPlace: true });
  const { config, positionOf } = sideInBase(whole, server);
  return {
    ...about,
    hasConfig: true,
    config,
    ...(positionOf !== undefined && { positionOf }),
    approvals: async (dayIn) => {
      const text = await namedFile(files, found.path, config.approvals);
      return text === undefined ? [] : parseApprovals(text, dayIn(config));
    },
    waivers: async (dayIn) => {
      const text = await namedFile(files, found.path, config.waivers);
      return text === undefined ? [] : parseWaivers(text, dayIn(config));
    },
    filesBelow: (pick) => filesBelow(files, dirname(found.path), pick),
    usersFilesBelow: (pick) => usersFilesBelow(files, dirname(found.path), pick),
  };
}

const none = (): Promise<readonly never[]> => Promise.resolve([]);

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

/** @returns `undefined` when none is named, or the base does not have it */
async function namedFile(
  files: BaseFiles,
  configPath: string,
  name: string | undefined,
): Promise<DocumentText | undefined> {
  if (name === undefined) return undefined;
  const path = pathIn(files, resolve(files.root, dirname(configPath), name));
  const text = await files.read(path);
  return text === undefined ? undefined : { name: files.show(path), text, isInPlace: true };
}

async function filesBelow(files: BaseFiles, configFolder: string, pick: PickNames): Promise<readonly DocumentText[]> {
  const texts: DocumentText[] = [];
  for (const path of await pathsBelow(files, configFolder, pick)) {
    const text = await files.read(path);
    if (text !== undefined) texts.push({ name: files.show(path), text, isInPlace: true });
  }
  return texts;
}

async function usersFilesBelow(
  files: BaseFiles,
  configFolder: string,
  pick: PickNames,
): Promise<readonly UsersFileInBase[]> {
  const found: UsersFileInBase[] = [];
  for (const path of await pathsBelow(files, configFolder, pick)) {
    const name = files.show(path);
    try {
      const text = await files.read(path, fileLimits.users);
      found.push({ name, ...(text !== undefined && { text }) });
    } catch (error) {
      // What was wrong there before is no fault of what is looked at now.
      if (!(error instanceof InputError)) throw error;
      found.push({ name });
    }
  }
  return found;
}

async function pathsBelow(files: BaseFiles, configFolder: string, pick: PickNames): Promise<readonly string[]> {
  const folder = configFolder === '.' ? '' : configFolder;
  const names = (await files.list(folder)).map((path) => posix.relative(folder, path));
  return pick(names).map((name) => posix.join(folder, name));
}
