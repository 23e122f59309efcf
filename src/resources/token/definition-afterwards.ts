/** Undoing a rotation takes the new token, and the old one cannot come back. */
import { note } from '../../model/messages/notice-rows.ts';
import type { Change, ChangeClass, Notice } from '../../model/plan.ts';
import type { Person } from '../../model/resource-definition.ts';

const leaving: ReadonlySet<ChangeClass> = new Set(['deactivate']);
const ending: ReadonlySet<ChangeClass> = new Set(['token-revoke', 'token-disable']);
const beginning: ReadonlySet<ChangeClass> = new Set(['token-create', 'token-enable']);

/**
 * A notice where a person has no token that works once the changes are made, and had one: now, or before the run.
 *
 * @param isRobbed - whether the run revoked a token of this account for good
 */
export function leftWithoutToken(
  { live: { user, token: tokens }, desired }: Person,
  changes: readonly Change[],
  isRobbed: boolean,
): readonly Notice[] {
  if (user === undefined || tokens === undefined || changes.some((change) => leaving.has(change.class))) return [];
  if (!user.values.active && !changes.some((change) => change.class === 'activate')) return [];
  const working = tokens.filter(({ enabled }) => enabled).length;
  const ended = changes.filter(({ class: name, before }) => ending.has(name) && before !== 'disabled').length;
  const begun = changes.filter((change) => beginning.has(change.class)).length;
  const isConcerned = working > 0 || isRobbed;
  return isConcerned && working - ended + begun <= 0 ? [noticeFor(desired.username)] : [];
}

const noticeFor = (person: string): Notice => ({
  ...note('left-without-token', {}),
  person,
});
