import { randomBytes } from 'node:crypto';
import {
  defaultConfig,
  type LicenceOption,
  type Sandbox,
  type SandboxConfig,
  startSandbox,
} from '../../../src/sandbox/index.ts';
import { openTarget } from '../../e2e/target.ts';
import { movingClock } from '../../support/moving-clock.ts';
import { Caller } from './caller.ts';
import type { Needs } from './contract-case.ts';
import { fieldsOf, objectOf, textOf } from './expectations.ts';
import { type ContractServer, Stage } from './stage.ts';

/** What the facts were first seen on; the sandbox is started as such a server. */
const referenceVersion = '11.2.0';

/** What every case needs that does not say otherwise. */
const baseConfig: Partial<SandboxConfig> = {
  'ServiceSettings.EnableUserAccessTokens': true,
  'EmailSettings.RequireEmailVerification': false,
};

/** The servers of one run: sandboxes, one for each setting that a case needs, or the running server of `MUSTER_E2E_URL`. */
export interface ContractServers {
  /** The version that answers. */
  readonly version: string;
  readonly isReal: boolean;
  /** @returns a stage on a server that is as the case needs it, or why there is none */
  stageFor(needs: Needs): Promise<Stage | string>;
  close(): Promise<void>;
}

/** Opens what `MUSTER_E2E_URL` asks for. */
export function openServers(): Promise<ContractServers> {
  return (process.env['MUSTER_E2E_URL'] ?? '') === '' ? openSandboxes() : openReal();
}

function openSandboxes(): Promise<ContractServers> {
  const open = new Map<string, Promise<ContractServer & { readonly sandbox: Sandbox }>>();
  const stageFor = async ({ config = {}, licence = 'none', ownServer }: Needs): Promise<Stage> => {
    // Sets its own server up, so that what it breaks stays there.
    const key = JSON.stringify([config, licence, ownServer === undefined ? '' : randomBytes(4).toString('hex')]);
    const server = open.get(key) ?? startServer({ ...baseConfig, ...config }, licence);
    open.set(key, server);
    return new Stage(await server);
  };
  const close = async (): Promise<void> => {
    for (const server of open.values()) await (await server).sandbox.close();
  };
  return Promise.resolve({ version: referenceVersion, isReal: false, stageFor, close });
}

async function startServer(
  config: Partial<SandboxConfig>,
  licence: LicenceOption,
): Promise<ContractServer & { readonly sandbox: Sandbox }> {
  const sandbox = await startSandbox({ version: referenceVersion, config, licence, clock: movingClock() });
  const settings = { ...defaultConfig, ...config };
  return {
    url: sandbox.url,
    admin: await borrowed(sandbox.url, sandbox.adminToken),
    version: referenceVersion,
    prefix: newPrefix(),
    setting: (name) => settings[name],
    sandbox,
    shared: {},
  };
}

/** The administrator's caller, which will not write to the administrator. */
async function borrowed(url: string, token: string): Promise<Caller> {
  const { id } = objectOf(await new Caller(url, token).get('/users/me'));
  return new Caller(url, token, textOf(id));
}

const newPrefix = (): string => `e2e${randomBytes(3).toString('hex')}.`;

async function openReal(): Promise<ContractServers> {
  const target = await openTarget();
  const admin = await borrowed(target.url, target.token);
  const settings = objectOf(await admin.get('/config'));
  const version = String(fieldsOf((await admin.get('/config/client')).json)['Version']);
  const isLicensed = fieldsOf((await admin.get('/license/client?format=old')).json)['IsLicensed'] === 'true';
  const setting = (name: string): unknown => {
    const [section = '', key = ''] = name.split('.');
    return fieldsOf(settings[section])[key];
  };
  const { url, prefix } = target;
  const server: ContractServer = { url, admin, version, prefix, setting, sandbox: undefined, shared: {} };
  const stageFor = (needs: Needs): Promise<Stage | string> =>
    Promise.resolve(whyNot(needs, setting, isLicensed) ?? new Stage(server));
  return { version, isReal: true, stageFor, close: () => target.close() };
}

/** Why a case cannot run on a server that is what it is. */
function whyNot(needs: Needs, setting: (name: string) => unknown, isLicensed: boolean): string | undefined {
  const { config = {}, licence = 'none', ownServer, onlySandbox } = needs;
  if (onlySandbox !== undefined) return onlySandbox;
  if ((licence !== 'none') !== isLicensed) return licence === 'none' ? 'needs no licence' : 'needs a licence';
  for (const [name, wanted] of Object.entries({ ...baseConfig, ...config })) {
    const found = setting(name);
    if (JSON.stringify(found) !== JSON.stringify(wanted)) return `needs ${name} = ${String(wanted)}`;
  }
  const isOwn = process.env['MUSTER_E2E_OWN_SERVER'] === '1';
  return ownServer === undefined || isOwn ? undefined : `needs MUSTER_E2E_OWN_SERVER=1: ${ownServer}`;
}
