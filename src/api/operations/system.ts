import { decodeStringMap } from '../decode.ts';
import { decodeEmailDomains, decodePing, decodeServerLimits, decodeTeamSettings } from '../decode-others.ts';
import type { Read } from '../operation.ts';
import type { EmailDomains, Ping, ServerLimits, StringMap, TeamSettings } from '../wire.ts';
import { anySession, nobodySpecial } from './permissions.ts';

export interface SystemOperations {
  /** Asks whether the server is there; `getServerStatus` adds its database and its file store. */
  readonly ping: Read<[], Ping, { readonly getServerStatus?: boolean }>;
  /** Reads the public part of the configuration; with a session a larger part. All values are texts. */
  readonly clientConfig: Read<[], StringMap>;
  /** Reads the public part of the licence. All values are texts. */
  readonly clientLicense: Read<[], StringMap>;
  /** Reads from the configuration which domains e-mail addresses must belong to; empty lists: any. */
  readonly emailDomains: Read<[], EmailDomains>;
  /** Reads from the configuration what bounds teams and channels, with the server's defaults where nothing was set. */
  readonly teamSettings: Read<[], TeamSettings>;
  /** Reads the seat limits; all zero for a caller who is no system admin. */
  readonly serverLimits: Read<[], ServerLimits>;
}

export const systemOperations: SystemOperations = {
  ping: {
    access: 'read',
    method: 'GET',
    path: '/system/ping',
    permission: nobodySpecial,
    query: { getServerStatus: 'get_server_status' },
    decode: decodePing,
  },
  clientConfig: {
    access: 'read',
    method: 'GET',
    path: '/config/client?format=old',
    permission: nobodySpecial,
    decode: decodeStringMap,
  },
  clientLicense: {
    access: 'read',
    method: 'GET',
    path: '/license/client?format=old',
    permission: nobodySpecial,
    decode: decodeStringMap,
  },
  emailDomains: {
    access: 'read',
    method: 'GET',
    path: '/config?remove_masked=true&remove_defaults=true',
    permission: 'any sysconsole_read permission; settings that the caller may not see are left out',
    decode: decodeEmailDomains,
  },
  teamSettings: {
    access: 'read',
    method: 'GET',
    path: '/config?remove_masked=true&remove_defaults=true',
    permission: 'any sysconsole_read permission; settings that the caller may not see read as their defaults',
    decode: decodeTeamSettings,
  },
  serverLimits: {
    access: 'read',
    method: 'GET',
    path: '/limits/server',
    permission: anySession,
    decode: decodeServerLimits,
  },
};
