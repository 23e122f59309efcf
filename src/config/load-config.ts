import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ConfigFile } from '../model/generated/config-file.ts';
import { InputError, type Problem, type SourcePosition } from '../model/problem.ts';
import { type SourceDocument } from '../source/build-document.ts';
import { checkDocument } from '../source/check-schema.ts';
import { validateConfigFile } from '../source/generated/validate-config-file.ts';
import { readYaml } from '../source/read-yaml.ts';
import { sortProblems } from '../source/sort-problems.ts';

export const configName = 'muster.yaml';

export interface LoadedConfig {
  /** Absent: there is no config file, and none was asked for. */
  readonly path?: string;
  readonly config: ConfigFile;
  /** Absolute folder to which the paths of the config belong. */
  readonly dir: string;
  /** Where a field stands, or the nearest part that is there; absent without a file. */
  readonly positionOf?: (path: readonly string[]) => SourcePosition;
}

/**
 * Reads `muster.yaml`: the named file, or the first one found from the working directory upwards.
 *
 * @throws {InputError} when a named file is missing, or anything in the file is wrong
 */
export async function loadConfig(workingDir: string, named?: string): Promise<LoadedConfig> {
  const path = named === undefined ? await findUpwards(workingDir) : resolve(workingDir, named);
  if (path === undefined) return { config: {}, dir: workingDir };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    const why =
      error instanceof TypeError ? `${path} is not UTF-8 text` : error instanceof Error ? error.message : String(error);
    throw new InputError([
      { code: 'config-unreadable', message: `cannot read the config: ${why}`, hint: 'check --config' },
    ]);
  }
  return { path, ...readConfigText(named ?? path, text), dir: dirname(path) };
}

async function findUpwards(from: string): Promise<string | undefined> {
  for (let dir = from; ; dir = dirname(dir)) {
    const path = join(dir, configName);
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile()) return path;
    if (dirname(dir) === dir) return undefined;
  }
}

/** @throws {InputError} with everything that is wrong in the text */
export function parseConfig(file: string, text: string): ConfigFile {
  return readConfigText(file, text).config;
}

/** The same, with the way back to the text. */
export function readConfigText(file: string, text: string): Required<Pick<LoadedConfig, 'config' | 'positionOf'>> {
  const { document, problems } = readYaml(file, text);
  if (document === undefined) throw new InputError(sortProblems(problems));
  const { content, problems: refused } = checkDocument(document, validateConfigFile);
  const found = content === undefined ? refused : checkConfig(document, content);
  if (content === undefined || problems.length + found.length > 0)
    throw new InputError(sortProblems([...problems, ...found]));
  return { config: content, positionOf: (path) => document.source.position(document.offsetOf(path)) };
}

/** What the schema cannot say. */
function checkConfig(document: SourceDocument, { server, policy }: ConfigFile): readonly Problem[] {
  const problems: Problem[] = [];
  if (server !== undefined && !isPlainAddress(server)) {
    const offset = document.valueAt(['server']).offset;
    problems.push(
      document.source.problem(offset, {
        code: 'wrong-value',
        message: 'server is no plain address',
        hint: 'write https://host/path, without user, password, query or #',
      }),
    );
  }
  const zone = policy?.time_zone;
  if (zone !== undefined && !isTimeZone(zone)) {
    const offset = document.valueAt(['policy', 'time_zone']).offset;
    problems.push(
      document.source.problem(offset, {
        code: 'unknown-time-zone',
        message: `there is no time zone ${zone}`,
        hint: 'write a name such as Europe/Berlin or UTC',
      }),
    );
  }
  return problems;
}

function isPlainAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.username === '' && url.password === '' && url.search === '' && url.hash === '';
}

function isTimeZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
