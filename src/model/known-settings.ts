/**
 * Keys and values of `notify_props` and `timezone` that the server and its clients know. The server stores any others
 * without a word, so a slip of the pen would stay unseen; what plugins and newer clients store may be none.
 */
import type { StringMap } from './user-values.ts';

export type SettingsMap = 'notify_props' | 'timezone';

/** What is not known in a map. */
export interface UnknownSetting {
  readonly key: string;
  /** Present where the key is known and its value is not. */
  readonly value?: string;
  readonly expected: readonly string[];
}

const flags = ['true', 'false'];
const levels = ['all', 'mention', 'none'];
const anything = undefined;

/** The values of each key; absent: any. A list of time zones is too long to be named. */
const known: Readonly<Record<SettingsMap, Readonly<Record<string, readonly string[] | typeof anything>>>> = {
  notify_props: {
    auto_responder_active: flags,
    auto_responder_message: anything,
    calls_desktop_sound: flags,
    calls_mobile_notification_sound: anything,
    calls_mobile_sound: flags,
    calls_notification_sound: anything,
    channel: flags,
    comments: ['never', 'root', 'any', 'crt'],
    desktop: [...levels, 'default'],
    desktop_notification_sound: anything,
    desktop_sound: flags,
    desktop_threads: levels,
    email: flags,
    email_threads: levels,
    first_name: flags,
    highlight_keys: anything,
    mark_unread: ['all', 'mention'],
    mention_keys: anything,
    push: [...levels, 'default'],
    push_status: ['online', 'away', 'dnd', 'offline'],
    push_threads: levels,
  },
  timezone: { automaticTimezone: anything, manualTimezone: anything, useAutomaticTimezone: flags },
};

/** @param held - what the account has already: that is not a slip */
export function unknownSettings(map: SettingsMap, wanted: StringMap, held: StringMap = {}): readonly UnknownSetting[] {
  const keys = Object.keys(known[map]);
  return Object.entries(wanted).flatMap(([key, value]): readonly UnknownSetting[] => {
    if (!Object.hasOwn(known[map], key)) return Object.hasOwn(held, key) ? [] : [{ key, expected: keys }];
    if (Object.hasOwn(held, key) && held[key] === value) return [];
    const values = known[map][key];
    if (values !== undefined) return values.includes(value) ? [] : [{ key, value, expected: values }];
    return map !== 'timezone' || value === '' || isZoneOfClients(value)
      ? []
      : [{ key, value, expected: zonesFor(value) }];
  });
}

/** Clients know a zone by its letters, capitals too; a previous name of one is another name. */
function isZoneOfClients(name: string): boolean {
  const zone = canonical(name);
  if (zone === undefined || !/^[A-Z]/.test(name)) return false;
  return zone === name || zone.toLowerCase() !== name.toLowerCase();
}

/** By the name that a zone has today. */
function canonical(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

function zonesFor(name: string): readonly string[] {
  const zone = canonical(name);
  return zone === undefined ? Intl.supportedValuesOf('timeZone') : [zone];
}
