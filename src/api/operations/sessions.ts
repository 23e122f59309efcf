import { BadArgument, flagArgument, idArgument, knownKeys, textArgument } from '../arguments.ts';
import { decodeOk } from '../decode.ts';
import { decodeSessions } from '../decode-others.ts';
import type { Read, Write } from '../operation.ts';
import type { Session } from '../wire.ts';
import { anySession, selfOrEdit, systemAdmin } from './permissions.ts';

export interface Device {
  readonly deviceId?: string;
  readonly isNotificationDisabled?: boolean;
  /** As `2.19.0`. */
  readonly mobileVersion?: string;
}

export interface SessionOperations {
  /** Reads all sessions of one account, those made from tokens too; the newest activity comes first. */
  readonly list: Read<[userId: string], readonly Session[]>;
  /** Ends one session. */
  readonly revoke: Write<[userId: string, sessionId: string], void>;
  /** Ends all sessions of one account. Tokens live on, and make new ones. */
  readonly revokeAllOf: Write<[userId: string], void>;
  /** DANGEROUS: ends every session of everybody, the caller's too, and every OAuth grant. */
  readonly revokeEveryones: Write<[], void>;
  /** Attaches a mobile device to the caller's own session. */
  readonly attachDevice: Write<[device: Device], void>;
}

const deviceKeys: ReadonlySet<string> = new Set(['deviceId', 'isNotificationDisabled', 'mobileVersion']);

function deviceBody(device: Device): object {
  const { deviceId, isNotificationDisabled, mobileVersion } = knownKeys(device, 'device', deviceKeys);
  if (mobileVersion !== undefined && !/^\d+\.\d+\.\d+/.test(textArgument(mobileVersion, 'mobileVersion'))) {
    throw new BadArgument({ is: 'no-version' });
  }
  return {
    ...(deviceId === undefined ? {} : { device_id: textArgument(deviceId, 'deviceId') }),
    ...(isNotificationDisabled === undefined
      ? {}
      : { device_notification_disabled: String(flagArgument(isNotificationDisabled, 'isNotificationDisabled')) }),
    ...(mobileVersion === undefined ? {} : { mobile_version: mobileVersion }),
  };
}

export const sessionOperations: SessionOperations = {
  list: {
    access: 'read',
    method: 'GET',
    path: '/users/{user_id}/sessions',
    reference: 'users-user-id-sessions-get',
    permission: selfOrEdit,
    decode: decodeSessions,
  },
  revoke: {
    access: 'write',
    repeat: 'look-first',
    method: 'POST',
    path: '/users/{user_id}/sessions/revoke',
    reference: 'users-user-id-sessions-revoke-post',
    permission: selfOrEdit,
    body: (sessionId) => ({ session_id: idArgument(sessionId, 'sessionId') }),
    decode: decodeOk,
  },
  revokeAllOf: {
    access: 'write',
    repeat: 'safe',
    method: 'POST',
    path: '/users/{user_id}/sessions/revoke/all',
    reference: 'users-user-id-sessions-revoke-all-post',
    permission: selfOrEdit,
    decode: decodeOk,
  },
  revokeEveryones: {
    access: 'write',
    repeat: 'look-first',
    method: 'POST',
    path: '/users/sessions/revoke/all',
    reference: 'users-sessions-revoke-all-post',
    permission: systemAdmin,
    decode: decodeOk,
  },
  attachDevice: {
    access: 'write',
    repeat: 'safe',
    method: 'PUT',
    path: '/users/sessions/device',
    reference: 'users-sessions-device-put',
    permission: anySession,
    body: deviceBody,
    decode: decodeOk,
  },
};
