import { isAdministrative } from '../model/admin-rules.ts';
import { administratorsName, type BorneName } from '../model/borne-names.ts';
import { rowOf } from '../model/change-classes.ts';
import { groupBy } from '../model/group-by.ts';
import type { LiveState } from '../model/live-state.ts';
import type { LiveUser } from '../model/live-things.ts';
import { note } from '../model/messages/notice-rows.ts';
import type { Change, Notice } from '../model/plan.ts';
import type { Findings, Person } from '../model/resource-definition.ts';

/**
 * Who takes, now or by a date, a username or an e-mail that an administrator has or had: on the server, by the entry's
 * previous usernames, or before an earlier run.
 *
 * @param earlier - names that earlier plans took from administrators
 */
export function administratorsNames(
  found: ReadonlyArray<{ readonly person: Person; readonly findings: Findings }>,
  { users, facts }: LiveState,
  earlier: readonly BorneName[],
): readonly Notice[] {
  const taken = found.flatMap(({ person, findings: { changes, scheduled } }) =>
    changes.length + scheduled.length === 0 ? [] : namesTaken(person, changes, scheduled),
  );
  if (taken.length === 0) return [];
  const isAdmin = ({ values }: LiveUser): boolean =>
    values.roles.some((role) => isAdministrative(role, facts.administrativeRoles));
  const onServer = [...new Map([...users.values(), ...facts.admins].map((one) => [one.id, one])).values()];
  const borne = [
    ...onServer.filter(isAdmin).flatMap((one) => namesOf(one)),
    ...found.flatMap(({ person }) => previousNamesOf(person, isAdmin)),
    ...earlier,
  ];
  const byName = groupBy(borne, ({ name }) => name);
  return taken.flatMap(({ person, name }) => {
    const previous = byName.get(name)?.find(({ account }) => account !== person.live.user?.id);
    return previous === undefined ? [] : [noticeOf(person, previous)];
  });
}

function namesTaken(
  person: Person,
  changes: readonly Change[],
  scheduled: Findings['scheduled'],
): ReadonlyArray<{ readonly person: Person; readonly name: string }> {
  const all = [...changes, ...scheduled.map(({ change }) => change)];
  return all.flatMap((change) => takenBy(change, person).map((name) => ({ person, name })));
}

const namesOf = ({ id, values: { username, email } }: LiveUser): readonly BorneName[] =>
  [username, email].filter((name) => name !== '').map((name) => ({ name, account: id, by: username }));

function previousNamesOf({ desired, live: { user } }: Person, isAdmin: (user: LiveUser) => boolean): BorneName[] {
  if (user === undefined || !isAdmin(user)) return [];
  return desired.previousUsernames.map((name) => ({ name, account: user.id, by: user.values.username }));
}

function takenBy(change: Change, { desired: { values } }: Person): readonly string[] {
  if (change.class === 'create') return [values.username, ...(values.email === undefined ? [] : [values.email])];
  return rowOf(change).names !== undefined && typeof change.after === 'string' ? [change.after] : [];
}

const noticeOf = ({ desired: { username } }: Person, { name, by }: BorneName): Notice => ({
  ...note(administratorsName, { name, holder: by }),
  person: username,
  holder: by,
});
