/** What the doctor looks at on this machine: which setting counts and why, files, secrets, and what runs left. Reads only. */
import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { StateDirError, stateDirOf } from '../journal/state-dir.ts';
import { byText } from '../model/compare.ts';
import { MusterError } from '../model/muster-error.ts';
import { InputError } from '../model/problem.ts';
import { runNumberOf } from '../model/run-name.ts';
import type { Check } from './check.ts';
import { loadDesired } from './load.ts';
import type { AppPorts, InputOptions, ServerPorts } from './ports.ts';
import { lookAtState, type StateView } from './run-state.ts';
import { openRunOf } from './settle-run.ts';

export interface HereOptions extends InputOptions {
  /** Absolute; where runs are recorded. */
  readonly stateDir?: string;
}

export async function checksHere(
  options: HereOptions,
  settings: Settings,
  serverKey: string,
  ports: ServerPorts,
): Promise<readonly Check[]> {
  return [
    serverSetting(settings),
    await filesCheck(options, settings, ports),
    ...(ports.credentials === undefined ? [await tokenCheck(ports)] : []),
    ...(await secretChecks(settings)),
    ...(await stateChecks(options, serverKey, ports)),
  ];
}

const origins = { flag: 'flag', environment: 'MUSTER_SERVER', config: 'muster.yaml', default: 'the default' } as const;

/** The one that counts first, and whatever names it, too. */
function serverSetting({ servers }: Settings): Check {
  const [first, ...others] = servers;
  const name = 'server setting';
  if (first === undefined) return { name, status: 'ok', text: 'named beside the token file' };
  const also = others.length === 0 ? '' : `; ${others.map(({ from }) => origins[from]).join(' and ')} names it, too`;
  return { name, status: 'ok', text: `named by ${first.from === 'flag' ? '--server' : origins[first.from]}${also}` };
}

async function filesCheck(options: InputOptions, settings: Settings, ports: AppPorts): Promise<Check> {
  const from = { flag: '--files', environment: '', config: 'files of muster.yaml', default: 'the default' };
  const by = from[settings.files.from];
  try {
    const { files, users } = await loadDesired(settings, options, ports);
    return { name: 'files', status: 'ok', text: `${users.length} declared in ${files.join(', ')} (${by})` };
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

/** A run that got this far has a token that is kept well enough to be used. */
async function tokenCheck({ env, workingDir }: AppPorts): Promise<Check> {
  const { MUSTER_TOKEN: inVariable = '', MUSTER_TOKEN_FILE: named = '' } = env;
  const name = 'token';
  if (inVariable !== '') {
    const text = named === '' ? 'in MUSTER_TOKEN' : 'in MUSTER_TOKEN, which counts before MUSTER_TOKEN_FILE';
    return { name, status: 'ok', text };
  }
  const path = resolve(workingDir, named);
  return modeCheck(name, path, await stat(path).catch(() => undefined), '600');
}

const modeOf = ({ mode }: Stats): string => `0${(mode & 0o777).toString(8)}`;

function modeCheck(name: string, path: string, found: Stats | undefined, wanted: '600' | '700'): Check {
  if (found === undefined) return { name, status: 'ok', text: `${path} is not there yet: made when it is needed` };
  const text = `${path} (mode ${modeOf(found)})`;
  if ((found.mode & 0o077) === 0) return { name, status: 'ok', text };
  return { name, status: 'note', text: `others may reach ${text}`, hint: `chmod ${wanted} ${path}` };
}

/** Folders that new tokens go to, and the files in them. */
async function secretChecks({ secrets: { dir, sinks } }: Settings): Promise<readonly Check[]> {
  const folders = [
    { name: 'secrets folder', path: dir },
    ...Object.entries(sinks).flatMap(([name, sink]) =>
      sink.dir === undefined ? [] : [{ name: `the sink ${name}`, path: resolve(dir, sink.dir) }],
    ),
  ];
  const checks: Check[] = [];
  for (const { name, path } of folders) {
    checks.push(modeCheck(name, path, await stat(path).catch(() => undefined), '700'));
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
    const by = stateDir !== undefined ? '--state-dir' : 'the state home';
    const state = await lookAtState({ stateDir, serverKey }, ports);
    if (state === undefined) {
      const dir = stateDirOf(stateDir, serverKey, ports.env);
      return [{ name, status: 'ok', text: `${dir} (${by}) is not there yet: made by the first apply` }];
    }
    const believed = state.store.trust.isOwn ? 'your own' : 'believed by its signatures alone';
    return [{ name, status: 'ok', text: `${state.dir} (${by}), ${believed}` }, await runsCheck(state)];
  } catch (error) {
    if (!(error instanceof StateDirError)) throw error;
    return [{ name, status: 'note', text: error.message, hint: error.hint ?? 'name another with --state-dir' }];
  }
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
