import { type CiMark, ciMarkOf, isSameThread } from '../../model/ci-mark.ts';
import type { Forge, Issue, IssueDraft } from '../../model/forge.ts';

type Thread = Pick<CiMark, 'kind' | 'server'>;

/** The issues about one server, the oldest first. */
export async function issuesLike(forge: Forge, like: Thread): Promise<readonly Issue[]> {
  return (await forge.issues()).filter(({ body }) => {
    const mark = ciMarkOf(body);
    return mark !== undefined && isSameThread(mark, like);
  });
}

/** Opens the issue of a server, opens it again, or updates it: there is one. */
export async function openIssue(forge: Forge, issue: Omit<IssueDraft, 'isOpen'>, like: Thread): Promise<void> {
  const becomes = { ...issue, isOpen: true };
  const known = await issuesLike(forge, like);
  if (known.length === 0) await forge.addIssue(becomes);
  else await editFirst(forge, known, becomes);
  // Another job may have opened its own at the same time.
  const [, ...others] = known.length === 0 ? await issuesLike(forge, like) : known;
  for (const one of others) if (one.isOpen) await forge.editIssue(one, { ...one, isOpen: false });
}

async function editFirst(forge: Forge, [first]: readonly Issue[], becomes: IssueDraft): Promise<void> {
  if (first !== undefined && !(first.isOpen && first.body === becomes.body)) await forge.editIssue(first, becomes);
}

/** Closes the issue of a server; where none is open nothing happens. */
export async function closeIssue(forge: Forge, issue: Omit<IssueDraft, 'isOpen'>, like: Thread): Promise<void> {
  for (const one of await issuesLike(forge, like))
    if (one.isOpen) await forge.editIssue(one, { ...issue, isOpen: false });
}
