import { stat } from 'node:fs/promises';
import { loadConfig } from '../config/load-config.ts';
import { findFiles } from '../desired/find-files.ts';
import { digestOf } from '../model/canonical-json.ts';
import { MusterError } from '../model/muster-error.ts';
import { loadSettings, usersFilesOf } from './load.ts';
import type { AppPorts, ConnectionOptions, InputOptions } from './ports.ts';

/**
 * Tells what muster.yaml and the files that it names are, cheaply: another text once one of them was written, added or taken away.
 * What cannot be read is a state like every other.
 */
export async function inputFingerprint(options: InputOptions & ConnectionOptions, ports: AppPorts): Promise<string> {
  const { base: _base, requireBase: _require, ...named } = options;
  const parts: string[] = [];
  try {
    const { path } = await loadConfig(ports.workingDir, options.config);
    if (path !== undefined) parts.push(await tellOf(path));
    const { approvals, files, base, ...settings } = await loadSettings(named, ports);
    const patterns = await usersFilesOf({ files, base, ...settings });
    const found = await findFiles(patterns, base, files.from === 'flag');
    for (const file of [...found.files, ...(approvals === undefined ? [] : [approvals])])
      parts.push(await tellOf(file));
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    parts.push(error.message);
  }
  return digestOf(parts);
}

async function tellOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? path : `${path} ${found.ino} ${found.size} ${found.mtimeMs}`;
}
