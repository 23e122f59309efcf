import { dirname, resolve } from 'node:path';
import type { ConfigFile } from '../model/generated/config-file.ts';
import { refuse, type WhatOfProblem } from '../model/messages/problems.ts';
import { InputError, type Problem, type SourcePosition } from '../model/problem.ts';
import type { SourcePath } from '../source/node-index.ts';
import { type DocumentText, type FileKind, readDocument } from '../source/read-document.ts';
import { fileLimits, isRefusal, readTextFile } from '../source/read-file.ts';
import { sortProblems } from '../source/sort-problems.ts';
import type { SourceDocument } from '../source/source-document.ts';
import { validateConfigFile } from '../source/validators.ts';
import { flawsOfKeys } from './check-keys.ts';
import { flawsOfReconcile } from './check-reconcile.ts';
import { flawsOfServers } from './check-servers.ts';
import { type Flaw, flawOfZone } from './check-zone.ts';
import { findConfig, whyNotTrusted } from './find-config.ts';
import { isPlainAddress } from './server-address.ts';

const configKind: FileKind<ConfigFile> = {
  noun: 'the config of muster',
  keys: {
    version: true,
    server: true,
    files: true,
    approvals: true,
    waivers: true,
    evidence: true,
    approvers: true,
    bundles: true,
    bundle_files: true,
    policy: true,
    secrets: true,
    reconcile: true,
    servers: true,
  },
  validate: validateConfigFile,
};

export interface LoadedConfig {
  /** Absent: there is no config file, and none was asked for. */
  readonly path?: string;
  readonly config: ConfigFile;
  /** Absolute folder to which the paths of the config belong. */
  readonly dir: string;
  /** Where a field stands, or the nearest part that is there; absent without a file. */
  readonly positionOf?: (path: SourcePath) => SourcePosition;
}

/**
 * Reads `muster.yaml`: the named file, as it is, or the first one found from the working directory up to the root of
 * the repository.
 *
 * @throws {InputError} when a named file is missing, or anything in the file is wrong
 */
export async function loadConfig(workingDir: string, named?: string): Promise<LoadedConfig> {
  const found = named === undefined ? await findConfig(workingDir) : undefined;
  const path = named === undefined ? found?.path : resolve(workingDir, named);
  if (path === undefined) return { config: {}, dir: workingDir };
  const read = await readTextFile({
    path,
    place: named === undefined ? { below: dirname(path) } : { namedFrom: workingDir },
    maxBytes: fileLimits.config,
  });
  if (isRefusal(read)) {
    const { why, hint: todo } = read;
    throw unreadable(named === undefined ? { is: 'found', path, why, todo } : { is: 'named', path, why });
  }
  const distrust = found === undefined ? undefined : whyNotTrusted(found, read);
  if (distrust !== undefined) throw unreadable({ ...distrust, path });
  return { path, ...readConfigText({ name: named ?? path, ...read }), dir: dirname(path) };
}

const unreadable = (what: WhatOfProblem<'config-unreadable'>): InputError =>
  new InputError([refuse('config-unreadable', what)]);

/**
 * What a config says, with the way back to its text.
 *
 * @throws {InputError} with everything that is wrong in the text
 */
export function readConfigText(text: DocumentText): Required<Pick<LoadedConfig, 'config' | 'positionOf'>> {
  const { content, document, problems } = readDocument(text, configKind);
  const found = content === undefined ? problems : checkConfig(document, content);
  if (content === undefined || found.length > 0) throw new InputError(sortProblems(found));
  return { config: content, positionOf: (path) => document.source.position(document.offsetOf(path)) };
}

/** What the schema cannot say. */
function checkConfig(document: SourceDocument, config: ConfigFile): readonly Problem[] {
  const { server, policy, reconcile } = config;
  const problems: Problem[] = [];
  if (server !== undefined && !isPlainAddress(server)) {
    const offset = document.valueAt(['server']).offset;
    problems.push(document.source.problem(offset, refuse('wrong-value', { is: 'server-address', field: 'server' })));
  }
  const flaws: readonly (Flaw | undefined)[] = [
    flawOfZone(['policy', 'time_zone'], policy?.time_zone),
    ...flawsOfReconcile(reconcile),
    ...flawsOfServers(config),
    ...flawsOfKeys(config),
  ];
  for (const flaw of flaws) {
    if (flaw === undefined) continue;
    const { path, ...problem } = flaw;
    problems.push(document.source.problem(document.valueAt(path).offset, problem));
  }
  return problems;
}
