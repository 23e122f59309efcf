import { type CiMark, ciMarkOf, isSameThread } from '../../model/ci-mark.ts';
import { minuteMs } from '../../model/duration.ts';
import type { Forge, Note, PullRequest } from '../../model/forge.ts';

/**
 * Puts a comment in the place of the one of its kind, or adds it: however many jobs do, one is there in the end, and it is the
 * newest.
 */
export async function placeNote(forge: Forge, pullRequest: PullRequest, body: string, mark: CiMark): Promise<void> {
  const found = await notesLike(forge, pullRequest, mark);
  const [first, ...others] = found;
  if (first !== undefined && (await isPlaced(forge, pullRequest, first, body, mark))) {
    for (const one of others) await forge.removeNote(pullRequest, one);
    return;
  }
  await forge.addNote(pullRequest, body);
  // Another job may have added its own at the same time.
  const [oldest, ...later] = await notesLike(forge, pullRequest, mark);
  if (oldest === undefined || later.length === 0) return;
  await isPlaced(forge, pullRequest, oldest, body, mark);
  for (const one of later) await forge.removeNote(pullRequest, one);
}

/** Clocks of runners differ by less. */
const maxAheadMs = 10 * minuteMs;

/** @returns `false` where it is gone by now */
async function isPlaced(
  forge: Forge,
  pullRequest: PullRequest,
  note: Note,
  body: string,
  { at }: CiMark,
): Promise<boolean> {
  const noted = Date.parse(ciMarkOf(note.body)?.at ?? '');
  // A time that lies ahead is a forgery, which would stay for ever.
  const isNewer = noted > Date.parse(at) && noted <= Date.parse(at) + maxAheadMs;
  if (isNewer || note.body === body) return true;
  return await forge.editNote(pullRequest, note, body);
}

/** The comments of one kind about one server, the oldest first. */
export async function notesLike(
  forge: Forge,
  pullRequest: PullRequest,
  like: Pick<CiMark, 'kind' | 'server'>,
): Promise<readonly Note[]> {
  return (await forge.notesOf(pullRequest)).filter(({ body }) => {
    const mark = ciMarkOf(body);
    return mark !== undefined && isSameThread(mark, like);
  });
}
