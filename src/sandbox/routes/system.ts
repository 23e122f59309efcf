import { isDeepStrictEqual } from 'node:util';
import type { Call } from '../call.ts';
import { clientConfig } from '../client-config.ts';
import { defaultConfig } from '../config.ts';
import { forbidden, invalidBody, Refusal } from '../errors.ts';
import { seatLimits } from '../licence.ts';
import { isTrue } from '../paging.ts';
import { json, marshalled, type Reply } from '../reply.ts';
import { get, openGet, type Route } from '../route.ts';

/** What can be learnt about a server before anything else (API §16.3). */
export const systemRoutes: readonly Route[] = [
  openGet('/system/ping', ping),
  openGet('/config/client', (call) => json(clientConfig(call.world, call.session !== undefined))),
  openGet('/license/client', clientLicence),
  get('/config', serverConfig),
  get('/limits/server', serverLimits),
];

function ping(call: Call): Reply {
  const asksStatus = isTrue(call.query.get('get_server_status'));
  return marshalled(
    {
      ActiveSearchBackend: 'database',
      AndroidLatestVersion: '',
      AndroidMinVersion: '',
      IosLatestVersion: '',
      IosMinVersion: '',
      ...(asksStatus ? { database_status: 'OK', filestore_status: 'OK' } : {}),
      ...(asksStatus && call.isAdmin ? { root_status: false } : {}),
      status: 'OK',
    },
    asksStatus ? { headers: { Status: 'OK', Database_status: 'OK', Filestore_status: 'OK' } } : {},
  );
}

/** The configuration in its sections; `remove_defaults` leaves out what was not changed. */
function serverConfig(call: Call): Reply {
  if (!call.isAdmin) throw forbidden();
  const leavesOut = isTrue(call.query.get('remove_defaults'));
  const defaults = new Map<string, unknown>(Object.entries(defaultConfig));
  const sections: Record<string, Record<string, unknown>> = {};
  for (const [name, value] of Object.entries(call.world.config)) {
    if (leavesOut && isDeepStrictEqual(value, defaults.get(name))) continue;
    const [section = '', key = ''] = name.split('.');
    sections[section] = { ...sections[section], [key]: value };
  }
  return marshalled(sections);
}

function clientLicence(call: Call): Reply {
  const format = call.query.get('format') ?? '';
  if (format === '') throw new Refusal('api.license.client.old_format.app_error');
  if (format !== 'old') throw invalidBody('format');
  const { licence } = call.world;
  if (licence === undefined) return marshalled({ IsLicensed: 'false' });
  const features = {
    CustomPermissionsSchemes: String(licence.customPermissionsSchemes),
    GuestAccounts: String(licence.guests),
    IsLicensed: 'true',
    LDAP: String(licence.ldap),
    LDAPGroups: String(licence.ldapGroups),
    MFA: String(licence.mfa),
    SAML: String(licence.saml),
    SkuShortName: licence.sku,
    Users: String(licence.users),
  };
  if (!call.may('read_license_information')) return marshalled(features);
  return marshalled({ ...features, Company: 'Sandbox', Name: 'Sandbox', IssuedAt: String(call.world.installedAt) });
}

/** The figures are zero for everybody but administrators. */
function serverLimits(call: Call): Reply {
  const limits = seatLimits(call.world.licence);
  const figure = (value: number): number => (call.isAdmin ? value : 0);
  return json({
    maxUsersLimit: figure(limits.soft),
    maxUsersHardLimit: figure(limits.hard),
    activeUserCount: figure(call.isAdmin ? call.world.countActive() : 0),
    ...(call.world.has('11.6') ? { singleChannelGuestCount: 0, singleChannelGuestLimit: 0 } : {}),
    postHistoryLimit: 0,
    lastAccessiblePostTime: 0,
  });
}
