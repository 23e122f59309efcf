/** What the doctor says of settings: each with its value and what says so: a flag, a variable, a line of a file, or nothing. */
import { chooseProxy, parseProxy } from '../api/proxy.ts';
import { loadConfig } from '../config/load-config.ts';
import { pickServer } from '../config/pick-server.ts';
import { type SettingField, settingFields } from '../config/setting-fields.ts';
import type { Settings } from '../config/settings.ts';
import { count } from '../model/count.ts';
import type { SourcePosition } from '../model/problem.ts';
import { credentialNames } from '../secrets/caller-token.ts';
import type { Check } from './check.ts';
import type { AppPorts, ConnectionOptions, InputOptions } from './ports.ts';
import { shownPath } from './read-approvals.ts';

export interface SettingOptions extends InputOptions, ConnectionOptions {
  /** Whether each setting that nothing says is named, too; by default they are counted. */
  readonly defaults?: boolean;
}

/** Where settings stand in muster.yaml. */
export type Places = (name: string) => string | undefined;

/** What else the doctor looks at is told apart by these. */
const ownChecks: ReadonlySet<string> = new Set(['server', 'files']);

export async function settingChecks(
  options: SettingOptions,
  settings: Settings,
  url: string | undefined,
  { workingDir, env }: AppPorts,
): Promise<{ readonly checks: readonly Check[]; readonly placeOf: Places }> {
  const loaded = pickServer(await loadConfig(workingDir, options.config), options.server);
  const fields = settingFields(loaded);
  const place = ({ file, line }: SourcePosition): string => `${shownPath(file, workingDir)}:${line}`;
  // A list or a group stands where its first part does.
  const placeOf: Places = (name) => {
    const at = fields.find((one) => one.at !== undefined && `${one.name}.`.startsWith(`${name}.`))?.at;
    return at === undefined ? undefined : place(at);
  };
  const rows = fields.filter(({ name }) => !ownChecks.has(name));
  const stated = rows.filter(({ at }) => at !== undefined);
  const defaults = rows.filter(({ at }) => at === undefined);
  return {
    placeOf,
    checks: [
      configCheck(loaded.path, options.config),
      ...stated.map(({ name, value, at }) =>
        ok(name, `${valueText(value)} (${at === undefined ? 'the default' : place(at)})`),
      ),
      ...(options.defaults === true
        ? defaults.map(({ name, value }) => ok(name, `${valueText(value)} (the default)`))
        : [ok('defaults', `${count(defaults.length, 'other setting')}: --verbose names them`)]),
      ...(url === undefined ? [] : [serverSetting(settings, url, placeOf, env)]),
      requestsCheck(options),
      ...(url === undefined ? [] : [proxyCheck(url, env)]),
    ],
  };
}

const ok = (name: string, text: string): Check => ({ name, status: 'ok', text });

function configCheck(path: string | undefined, named: string | undefined): Check {
  if (path === undefined) return ok('config', 'there is no muster.yaml from here upwards');
  return ok('config', `${path} (${named === undefined ? 'found from here upwards' : '--config'})`);
}

function valueText(value: SettingField['value']): string {
  if (!Array.isArray(value)) return typeof value === 'object' ? JSON.stringify(value) : String(value);
  return value.length === 0 ? 'none' : value.join(', ');
}

/** The one that counts first, and whatever names it, too: no other server may be named. */
function serverSetting({ name, servers }: Settings, url: string, placeOf: Places, env: AppPorts['env']): Check {
  const { server: pin } = credentialNames(name);
  const bound = (env[pin] ?? '') === '' ? 'beside the token file' : pin;
  const origins = {
    flag: '--server',
    environment: 'MUSTER_SERVER',
    config: placeOf('server') ?? 'muster.yaml',
    default: 'the default',
  } as const;
  const [first, ...others] = servers;
  const also = others.length === 0 ? '' : `; ${others.map(({ from }) => origins[from]).join(' and ')} names it, too`;
  return ok('server setting', `${url} (${first === undefined ? bound : origins[first.from]}${also})`);
}

function requestsCheck({ concurrency, rate, caFile }: ConnectionOptions): Check {
  const atOnce = concurrency === undefined ? '4 at a time (the default)' : `${concurrency} at a time (--concurrency)`;
  const pace = rate === undefined ? 'as fast as the server allows (the default)' : `${rate} a second (--rate)`;
  const trust = caFile === undefined ? '' : `, trusting ${caFile} (--ca-file)`;
  return ok('requests', `${atOnce}, ${pace}${trust}`);
}

function proxyCheck(url: string, env: AppPorts['env']): Check {
  const chosen = chooseProxy(url, env);
  // Without its user and password.
  return ok('proxy', chosen === undefined ? 'none' : `${parseProxy(chosen.value).host} (${chosen.name})`);
}
