/** A server as far as a users file can mean it: two servers with the same portrait are in the same state. */

import { parseMark } from '../../../src/model/token-mark.ts';
import { normalizeMentionKeys } from '../../../src/model/user-rules.ts';
import type { PersonState, SandboxState } from '../../../src/sandbox/index.ts';

type Portrait = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** By username. */
export const portraitOf = (state: SandboxState): Portrait =>
  Object.fromEntries(state.people.map((one) => [one.username, likenessOf(one, state)]));

/** All that muster could change about somebody, tokens included; a mark counts without its day and its attempt, and lists as sets. */
export function likenessOf(
  person: PersonState,
  { tokens, memberships }: SandboxState,
): Readonly<Record<string, unknown>> {
  const { id, email, first_name, last_name, nickname, position, locale, timezone, notify_props, props } = person;
  const own = tokens.filter(({ user_id }) => user_id === id);
  return {
    email,
    first_name,
    last_name,
    nickname,
    position,
    locale,
    timezone,
    notify_props: { ...notify_props, mention_keys: normalizeMentionKeys(notify_props['mention_keys'] ?? '') },
    props,
    roles: [...new Set(person.roles.split(' '))].toSorted().join(' '),
    active: person.delete_at === 0,
    auth: person.auth_service === '' ? '' : `${person.auth_service} ${person.auth_data ?? ''}`,
    passwordSet: person.passwordSet,
    places: memberships
      .filter(({ username, left }) => username === person.username && !left)
      .map(({ place, roles }) => `${place} ${roles}`),
    tokens: own
      .map(
        ({ description, is_active: isLive }) =>
          `${markOf(description) ?? JSON.stringify(description)} ${isLive ? 'live' : 'off'}`,
      )
      .toSorted(),
  };
}

/** `ci@1` of a token that muster made. */
export function markOf(description: string): string | undefined {
  const mark = parseMark(description);
  return mark && `${mark.name}@${mark.generation}`;
}

/** What differs, a line each; some people may be left out. */
export function differences(expected: Portrait, found: Portrait, without: ReadonlySet<string>): readonly string[] {
  const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
  return [...names].toSorted().flatMap((username) => {
    if (without.has(username)) return [];
    const [wanted, is] = [expected[username], found[username]];
    if (wanted === undefined || is === undefined)
      return [`${username} is ${is === undefined ? 'not there' : 'too many'}`];
    return Object.keys(wanted).flatMap((field) => {
      const [one, other] = [JSON.stringify(wanted[field]), JSON.stringify(is[field])];
      return one === other ? [] : [`${field} of ${username} is ${other} instead of ${one}`];
    });
  });
}
