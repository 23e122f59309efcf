import { groupBy } from '../model/group-by.ts';
import type { Notice } from '../model/plan.ts';

/** A notice, and everybody whom it is about. */
export interface NoticeGroup extends Pick<Notice, 'text' | 'hint'> {
  readonly people: readonly string[];
}

/** The same notice about many people is one. */
export function noticeGroups(items: readonly Notice[]): readonly NoticeGroup[] {
  const groups = groupBy(items, ({ code, text, hint }) => JSON.stringify([code, text, hint]));
  return [...groups.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const people = own.flatMap(({ person }) => (person === undefined ? [] : [person]));
    return [{ text: first.text, ...(first.hint !== undefined && { hint: first.hint }), people }];
  });
}
