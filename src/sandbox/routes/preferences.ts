import type { Call } from '../call.ts';
import { forbidden, invalidBody, Refusal } from '../errors.ts';
import { DecodeError, Fields } from '../go-json.ts';
import { json, ok, type Reply } from '../reply.ts';
import { get, post, put, type Route, userPath } from '../route.ts';
import type { PreferenceRow } from '../rows.ts';
import { preferenceKey } from '../store.ts';

const preferencesPath = `${userPath}/preferences`;
const category = ':category{[A-Za-z0-9_]+}';

/** What a person set for themselves: category, name and value, all texts. */
export const preferenceRoutes: readonly Route[] = [
  get(preferencesPath, allPreferences),
  put(preferencesPath, updatePreferences),
  post(`${preferencesPath}/delete`, deletePreferences),
  get(`${preferencesPath}/${category}`, preferencesOfCategory),
  get(`${preferencesPath}/${category}/name/:preference_name{[A-Za-z0-9_]+}`, preferenceByName),
];

const maxPerCall = 100;
const maxNameLength = 32;
const maxValueLength = 20_000;

function editableId(call: Call): string {
  const id = call.pathId();
  if (!call.mayEdit(id)) throw forbidden();
  return id;
}

const preferencesOf = (call: Call): PreferenceRow[] => call.world.store.preferences.ofUser(editableId(call));

function allPreferences(call: Call): Reply {
  const preferences = preferencesOf(call);
  return json(preferences.length === 0 ? null : preferences);
}

function preferencesOfCategory(call: Call): Reply {
  const found = preferencesOf(call).filter((preference) => preference.category === call.param('category'));
  if (found.length === 0) throw new Refusal('api.preference.preferences_category.get.app_error');
  return json(found);
}

function preferenceByName(call: Call): Reply {
  const key = { user_id: editableId(call), category: call.param('category'), name: call.param('preference_name') };
  const preference = call.world.store.preferences.get(preferenceKey(key));
  if (preference === undefined) throw new Refusal('app.preference.get.app_error');
  return json(preference);
}

function readPreferences(value: unknown): readonly PreferenceRow[] {
  if (!Array.isArray(value)) throw new DecodeError('not a list');
  return value.map((item: unknown) => {
    const fields = new Fields(item);
    return {
      user_id: fields.string('user_id') ?? '',
      category: fields.string('category') ?? '',
      name: fields.string('name') ?? '',
      value: fields.string('value') ?? '',
    };
  });
}

function givenPreferences(call: Call): readonly PreferenceRow[] {
  const preferences = call.decode(readPreferences, invalidBody('preferences'));
  if (preferences.length === 0 || preferences.length > maxPerCall) throw invalidBody('preferences');
  return preferences;
}

function updatePreferences(call: Call): Reply {
  const id = editableId(call);
  const preferences = givenPreferences(call);
  if (preferences.some((preference) => preference.user_id !== id)) {
    throw new Refusal('api.preference.update_preferences.set.app_error');
  }
  for (const preference of preferences) checkPreference(preference);
  for (const preference of preferences) call.world.store.preferences.put(preference);
  return ok;
}

function checkPreference(preference: PreferenceRow): void {
  if (preference.category === '' || preference.category.length > maxNameLength) {
    throw new Refusal('model.preference.is_valid.category.app_error');
  }
  if (preference.name.length > maxNameLength) throw new Refusal('model.preference.is_valid.name.app_error');
  if (Array.from(preference.value).length > maxValueLength)
    throw new Refusal('model.preference.is_valid.value.app_error');
}

function deletePreferences(call: Call): Reply {
  const id = editableId(call);
  const preferences = givenPreferences(call);
  if (preferences.some((preference) => preference.user_id !== id)) {
    throw new Refusal('api.preference.delete_preferences.delete.app_error');
  }
  for (const preference of preferences) call.world.store.preferences.remove(preferenceKey(preference));
  return ok;
}
