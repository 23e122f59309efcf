/**
 * The defaults of users files bring fields under management. An entry that joins such a file has to say what its account
 * has in these fields, or the next plan would change it. Pure.
 */
import type { DesiredState } from '../model/desired-state.ts';
import type { UserEntry } from '../model/generated/users-file.ts';
import type { StringMap, UserValues } from '../model/user-values.ts';

/** Values that defaults state, by attribute. */
export interface Stated {
  readonly locale?: string | undefined;
  readonly position?: string | undefined;
  readonly timezone?: StringMap | undefined;
  readonly notify_props?: StringMap | undefined;
}

/** What the defaults of the files state, as far as entries have it from them. */
export function underDefaults(desired: DesiredState): Stated {
  const first = (name: keyof Stated): Partial<UserValues> =>
    desired.users.find((user) => name in user.values && desired.locate(user, name).from === 'defaults')?.values ?? {};
  return {
    locale: first('locale').locale,
    position: first('position').position,
    timezone: first('timezone').timezone,
    notify_props: first('notify_props').notify_props,
  };
}

const keysOf = (live: StringMap, wanted: StringMap): StringMap =>
  Object.fromEntries(Object.keys(wanted).map((key) => [key, live[key] ?? '']));

/** Of these attributes: what the account has. Maps key by key, as they are managed. */
export function againstDefaults(values: UserValues, stated: Stated): Partial<UserEntry> {
  const { locale, position, timezone, notify_props: notifyProps } = stated;
  return {
    ...(locale !== undefined && { locale: values.locale }),
    ...(position !== undefined && { position: values.position }),
    ...(timezone !== undefined && { timezone: keysOf(values.timezone, timezone) }),
    ...(notifyProps !== undefined && { notify_props: keysOf(values.notify_props, notifyProps) }),
  };
}
