/** What the doctor looks at on this machine: settings, files, secrets, and what runs left. Reads only. */
import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { roomIn } from '../disk/room.ts';
import { StateDirError, stateDirOf } from '../journal/state-dir.ts';
import { byText } from '../model/compare.ts';
import { count } from '../model/count.ts';
import type { ServerFacts } from '../model/live-state.ts';
import { MusterError } from '../model/muster-error.ts';
import { InputError } from '../model/problem.ts';
import { runNumberOf } from '../model/run-name.ts';
import { withMeaning } from '../model/system-error.ts';
import { credentialNames } from '../secrets/caller-token.ts';
import type { Check } from './check.ts';
import { type Places, type SettingOptions, settingChecks } from './doctor-settings.ts';
import { loadDesired } from './load.ts';
import type { AppPorts, InputOptions, ServerPorts } from './ports.ts';
import { lookAtState, type StateView } from './run-state.ts';
import { openRunOf } from './settle-run.ts';

export interface HereOptions extends SettingOptions {
  /** Absolute; where runs are recorded. */
  readonly stateDir?: string;
}

export async function checksHere(
  options: HereOptions,
  settings: Settings,
  { key, url }: Pick<ServerFacts, 'key' | 'url'>,
  ports: ServerPorts,
): Promise<readonly Check[]> {
  return [...(await checksWithoutServer(options, settings, url, ports)), ...(await stateChecks(options, key, ports))];
}

/**
 * What the server is not asked for.
 *
 * @param url - the address of the server, if it is known; without a password
 */
export async function checksWithoutServer(
  options: HereOptions,
  settings: Settings,
  url: string | undefined,
  ports: AppPorts,
): Promise<readonly Check[]> {
  const { checks, placeOf } = await settingChecks(options, settings, url, ports);
  return [
    ...checks,
    await filesCheck(options, settings, placeOf, ports),
    ...(ports.credentials === undefined ? await tokenChecks(settings, ports) : []),
    ...(await secretChecks(settings, placeOf)),
  ];
}

async function filesCheck(options: InputOptions, settings: Settings, placeOf: Places, ports: AppPorts): Promise<Check> {
  const from = { flag: '--files', environment: '', config: placeOf('files') ?? 'muster.yaml', default: 'the default' };
  const by = from[settings.files.from];
  try {
    const { files, users, unusable } = await loadDesired(settings, options, ports);
    const text = `${users.length} declared in ${files.join(', ')} (${by})`;
    const open = await writableByAll(files.map((file) => resolve(ports.workingDir, file)));
    if (unusable.length > 0) {
      const broken = `${text}; ${count(unusable.length, 'entry', 'entries')} cannot be used`;
      return { name: 'files', status: 'note', text: broken, hint: 'muster validate shows every problem with its line' };
    }
    if (open.length === 0) return { name: 'files', status: 'ok', text };
    const hint = `chmod o-w ${open.join(' ')}`;
    return { name: 'files', status: 'note', text: `${text}; every user of this machine may change some`, hint };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const [problem] = error.problems;
    const hint = problem?.code === 'no-files' ? problem.hint : undefined;
    return {
      name: 'files',
      status: 'note',
      text: problem?.message ?? error.message,
      hint: hint ?? 'muster validate shows every problem with its line',
    };
  }
}

async function writableByAll(paths: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const path of paths) {
    const stats = await stat(path).catch(() => undefined);
    if (stats !== undefined && (stats.mode & 0o002) !== 0) found.push(path);
  }
  return found;
}

/** Where it is; whether it is kept well enough to be used is told by the error of the run that wants to use it. */
async function tokenChecks({ name: server }: Settings, { env, workingDir }: AppPorts): Promise<readonly Check[]> {
  const { token, file } = credentialNames(server);
  const { [token]: inVariable = '', [file]: named = '' } = env;
  const name = 'token';
  if (inVariable !== '') {
    const text = named === '' ? `in ${token}` : `in ${token}, which counts before ${file}`;
    return [{ name, status: 'ok', text }];
  }
  const path = resolve(workingDir, named);
  const found = named === '' ? undefined : await stat(path).catch(() => undefined);
  return found === undefined ? [] : [modeCheck(name, path, file, found, '600')];
}

const modeOf = ({ mode }: Stats): string => `0${(mode & 0o777).toString(8)}`;

/** @param by - what names it */
function modeCheck(name: string, path: string, by: string, found: Stats | undefined, wanted: '600' | '700'): Check {
  if (found === undefined)
    return { name, status: 'ok', text: `${path} (${by}) is not there yet: made when it is needed` };
  const text = `${path} (${by}, mode ${modeOf(found)})`;
  if ((found.mode & 0o077) === 0) return { name, status: 'ok', text };
  return { name, status: 'note', text: `others may reach ${text}`, hint: `chmod ${wanted} ${path}` };
}

/** Folders that new tokens go to, and the files in them. */
async function secretChecks({ secrets: { dir, sinks } }: Settings, placeOf: Places): Promise<readonly Check[]> {
  const by = (setting: string): string => placeOf(setting) ?? 'the default';
  const folders = [
    { name: 'secrets folder', path: dir, from: by('secrets.dir') },
    ...Object.entries(sinks).flatMap(([name, sink]) =>
      sink.dir === undefined
        ? []
        : [{ name: `the sink ${name}`, path: resolve(dir, sink.dir), from: by(`secrets.sinks.${name}.dir`) }],
    ),
  ];
  const checks: Check[] = [];
  for (const { name, path, from } of folders) {
    checks.push(modeCheck(name, path, from, await stat(path).catch(() => undefined), '700'));
    const open = await openFilesIn(path);
    if (open.length === 0) continue;
    const shown = `${open.slice(0, 3).join(', ')}${open.length > 3 ? ` and ${open.length - 3} more` : ''}`;
    const hint = `chmod 600 the files in ${path}`;
    checks.push({ name, status: 'note', text: `others may read secrets there: ${shown}`, hint });
  }
  return checks;
}

async function openFilesIn(folder: string): Promise<readonly string[]> {
  const names: readonly string[] = await readdir(folder).catch(() => []);
  const open: string[] = [];
  for (const name of names.toSorted(byText((one) => one))) {
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found?.isFile() === true && (found.mode & 0o077) !== 0) open.push(name);
  }
  return open;
}

async function stateChecks(
  { stateDir }: HereOptions,
  serverKey: string,
  ports: ServerPorts,
): Promise<readonly Check[]> {
  const name = 'state directory';
  try {
    const home = (ports.env['XDG_STATE_HOME'] ?? '') === '' ? 'the default' : 'XDG_STATE_HOME';
    const by = stateDir !== undefined ? '--state-dir' : home;
    const state = await lookAtState({ stateDir, serverKey }, ports);
    if (state === undefined) {
      const dir = stateDirOf(stateDir, serverKey, ports.env);
      const text = `${dir} (${by}) is not there yet: made by the first apply`;
      return [await withRoom({ name, status: 'ok', text }, dir)];
    }
    const believed = state.store.trust.isOwn ? 'your own' : 'believed by its signatures alone';
    const text = `${state.dir} (${by}), ${believed}`;
    return [await withRoom({ name, status: 'ok', text }, state.dir), await runsCheck(state)];
  } catch (error) {
    if (!(error instanceof StateDirError)) throw error;
    return [{ name, status: 'note', text: error.message, hint: error.hint ?? 'name another with --state-dir' }];
  }
}

/** A journal has some 700 bytes for each action. */
const enoughBytes = 16 * 1024 * 1024;

/** Nothing is applied where no journal can be kept. */
async function withRoom(check: Check, dir: string): Promise<Check> {
  const { refusal, freeBytes } = await roomIn(dir);
  if (refusal !== undefined) {
    const hint = 'make it writable for the user of muster, or choose another with --state-dir';
    return { ...check, status: 'note', text: `${check.text}; it cannot be written (${withMeaning(refusal)})`, hint };
  }
  if (freeBytes === undefined || freeBytes >= enoughBytes) return check;
  const text = `${check.text}; only ${Math.floor(freeBytes / 1024)} KiB are free there`;
  return { ...check, status: 'note', text, hint: 'make room: a run keeps its journal there, and stops without it' };
}

async function runsCheck(state: StateView): Promise<Check> {
  const name = 'runs';
  try {
    const open = await openRunOf(state);
    if (open === undefined) return { name, status: 'ok', text: 'none is under way or waits to be resumed' };
    const { run, done, actions, left } = open;
    const label = `run ${runNumberOf(run)}`;
    if (open.state === 'under way')
      return { name, status: 'ok', text: `${label} is under way (${done} of ${actions})` };
    const text = `${label} was interrupted: ${done} of ${actions} done, ${left} left`;
    return { name, status: 'note', text, hint: 'muster apply --resume resumes it' };
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    return { name, status: 'note', text: error.message, hint: error.hint ?? 'see muster journal verify' };
  }
}
