/** Undoing a rotation takes the new token, and the old one cannot come back. */
import { groupBy } from '../model/group-by.ts';
import type { ChangeClass, Notice } from '../model/plan.ts';
import type { Person } from '../model/resource-definition.ts';
import type { AccountId } from '../model/user-values.ts';
import type { PersonChange } from './person-change.ts';

const leaving: ReadonlySet<ChangeClass> = new Set(['deactivate']);
const ending: ReadonlySet<ChangeClass> = new Set(['token-revoke', 'token-disable']);
const beginning: ReadonlySet<ChangeClass> = new Set(['token-create', 'token-enable']);

/**
 * A notice for each person who has no token that works once the changes are made, and had one: now, or before the run.
 *
 * @param robbed - accounts of which the run revoked a token for good
 */
export function leftWithoutToken(
  people: readonly Person[],
  passed: readonly PersonChange[],
  robbed: ReadonlySet<AccountId>,
): readonly Notice[] {
  const changes = groupBy(passed, ({ person }) => person);
  return people.flatMap((person): readonly Notice[] => {
    const { user, token: tokens } = person.live;
    const own = (changes.get(person) ?? []).map(({ change }) => change);
    if (user === undefined || tokens === undefined || own.some((change) => leaving.has(change.class))) return [];
    if (!user.values.active && !own.some((change) => change.class === 'activate')) return [];
    const working = tokens.filter(({ enabled }) => enabled).length;
    const ended = own.filter(({ class: name, before }) => ending.has(name) && before !== 'disabled').length;
    const begun = own.filter((change) => beginning.has(change.class)).length;
    const isConcerned = working > 0 || robbed.has(user.id);
    return isConcerned && working - ended + begun <= 0 ? [noticeFor(person.desired.username)] : [];
  });
}

const noticeFor = (person: string): Notice => ({
  code: 'left-without-token',
  person,
  text: 'is left without a token that works: what the run revoked cannot come back',
  hint: 'declare a higher generation of the token, so that the next apply makes one',
});
