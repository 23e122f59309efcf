import { idArgument, knownKeys, listArgument, textArgument } from '../arguments.ts';
import { decodeOk } from '../decode.ts';
import { decodePreference, decodePreferences } from '../decode-others.ts';
import type { Read, Write } from '../operation.ts';
import type { Preference } from '../wire.ts';
import { selfOrEdit } from './permissions.ts';

/** Small texts that the server keeps for an account. The user id of each must be that of the path. */
export interface PreferenceOperations {
  /** Reads all preferences of an account. */
  readonly list: Read<[userId: string], readonly Preference[]>;
  /** Reads those of one category; answers 404 when there are none. */
  readonly ofCategory: Read<[userId: string, category: string], readonly Preference[]>;
  /** Reads one; answers 404 when it is not there. */
  readonly get: Read<[userId: string, category: string, name: string], Preference>;
  /** Writes 1 to 100 preferences; those that exist are replaced. */
  readonly set: Write<[userId: string, preferences: readonly Preference[]], void>;
  /** Deletes 1 to 100 preferences; those that are not there do no harm. */
  readonly delete: Write<[userId: string, preferences: readonly Preference[]], void>;
}

const keys: ReadonlySet<string> = new Set(['user_id', 'category', 'name', 'value']);

function preference(value: unknown, name: string): Preference {
  const { user_id, category, name: own, value: text } = knownKeys(value, name, keys);
  return {
    user_id: idArgument(user_id, `${name}.user_id`),
    category: textArgument(category, `${name}.category`),
    name: textArgument(own, `${name}.name`),
    value: text === '' ? '' : textArgument(text, `${name}.value`),
  };
}

const preferencesBody = (preferences: readonly Preference[]): readonly Preference[] =>
  listArgument(preferences, 'preferences', preference, 100);

export const preferenceOperations: PreferenceOperations = {
  list: {
    access: 'read',
    method: 'GET',
    path: '/users/{user_id}/preferences',
    permission: selfOrEdit,
    decode: decodePreferences,
  },
  ofCategory: {
    access: 'read',
    method: 'GET',
    path: '/users/{user_id}/preferences/{category}',
    permission: selfOrEdit,
    decode: decodePreferences,
  },
  get: {
    access: 'read',
    method: 'GET',
    path: '/users/{user_id}/preferences/{category}/name/{preference_name}',
    permission: selfOrEdit,
    decode: decodePreference,
  },
  set: {
    access: 'write',
    repeat: 'safe',
    method: 'PUT',
    path: '/users/{user_id}/preferences',
    permission: selfOrEdit,
    body: preferencesBody,
    decode: decodeOk,
  },
  delete: {
    access: 'write',
    repeat: 'safe',
    method: 'POST',
    path: '/users/{user_id}/preferences/delete',
    permission: selfOrEdit,
    body: preferencesBody,
    decode: decodeOk,
  },
};
