import { resolve } from 'node:path';
import { type PersonEdits, type Removals, removalsOf } from '../audit/review/removals.ts';
import { closedName, loadReview, type ReviewPlace } from '../config/load-review.ts';
import type { Settings } from '../config/settings.ts';
import { type EditedFile, editUsersFile } from '../desired/edit-users-file.ts';
import { makeSharedFile, replaceFile } from '../disk/shared-files.ts';
import type { AuditSubject } from '../model/audit.ts';
import { digestOf } from '../model/canonical-json.ts';
import type { DesiredState } from '../model/desired-state.ts';
import type { ReviewClosed, RevokedGrant } from '../model/generated/review-closed.ts';
import type { UserEntry } from '../model/generated/users-file.ts';
import { groupBy } from '../model/group-by.ts';
import { refuse } from '../model/messages/problems.ts';
import { InputError } from '../model/problem.ts';
import { protectRules } from '../model/protect-rules.ts';
import type { LoadedReview } from '../model/review.ts';
import type { AccountId } from '../model/user-values.ts';
import { kinds } from '../resources/index.ts';
import { fileLimits, isRefusal, readTextFile } from '../source/read-file.ts';
import { type ReadPopulation, readPopulation } from './audit.ts';
import type { Server } from './connect.ts';
import { obstacleTo, rolesThere } from './import-users.ts';
import { loadDesired } from './load.ts';
import type { AppPorts } from './ports.ts';
import { decidedDigest, problemsOf, type ReviewOptions, refuseLinkedFolder, reviewPlace } from './review.ts';
import { type JudgedDecisions, judgeDecisions } from './review-authors.ts';
import { againstDefaults, underDefaults } from './stated-defaults.ts';
import { withServerAfter } from './with-server.ts';

export interface CloseReviewOptions extends ReviewOptions {
  /** The digest of the manifest, as `open` said it. */
  readonly digest?: string;
  readonly print: (closed: ReviewClosed) => string;
}

interface Loaded {
  readonly place: ReviewPlace;
  readonly review: LoadedReview;
  readonly authorship: JudgedDecisions['counts'];
  readonly desired: DesiredState;
}

/**
 * Checks a review as a whole, and writes what it revoked into the users files. Writes nothing to the server.
 *
 * @throws {InputError} with everything that is in the way; nothing was written then
 */
export function closeReview(options: CloseReviewOptions, given: AppPorts): Promise<ReviewClosed> {
  const load = async (settings: Settings): Promise<Loaded> => {
    const place = reviewPlace(options.name, settings, given);
    await refuseLinkedFolder(place);
    const read = await loadReview(place);
    refuseClosed(read.review, options);
    const { counts, problems: unproven } = await judgeDecisions(read.review, settings, given);
    const problems = [...problemsOf(read, settings, given.clock.now()), ...unproven];
    if (problems.length > 0) throw new InputError(problems);
    return { place, review: read.review, authorship: counts, desired: await loadDesired(settings, options, given) };
  };
  return withServerAfter(options, given, load, async (server, { place, review, authorship, desired }) => {
    const { settings, ports } = server;
    const read = await readPopulation(server, desired, accountsOf(review));
    const removals = await decideRemovals(review, read, server);
    const edited = await editFiles(removals.people, settings, desired);
    for (const { path, text } of edited) await replaceFile(path, text);
    const closed = closedOf({ review, authorship }, told(removals.revoked, edited), edited, read, ports);
    await makeSharedFile(resolve(place.dir, closedName), options.print(closed));
    return closed;
  });
}

/** Of these the entries say what is left. */
const accountsOf = ({ files }: LoadedReview): readonly AccountId[] =>
  files.flatMap(({ content: { rows } }) =>
    rows.filter(({ decision }) => decision === 'revoke').map(({ facts }) => facts.account),
  );

function refuseClosed({ name, closed, manifest, at }: LoadedReview, { digest }: CloseReviewOptions): void {
  if (closed !== undefined) {
    throw new InputError([{ ...refuse('review-closed', { name, closed: closed.closed }), at }]);
  }
  if (digest === undefined || digest === manifest.digest) return;
  const what = { is: 'other-digest', digest: manifest.digest, expected: digest } as const;
  throw new InputError([{ ...refuse('review-manifest-edited', what), at }]);
}

async function decideRemovals(
  review: LoadedReview,
  { population, context }: ReadPopulation,
  { settings, reader }: Server,
): Promise<Removals> {
  const { policy } = settings;
  const { subjects, live } = population;
  const caller = live.facts.caller.id;
  const isProtected = protectRules(policy.protect);
  const users = subjects.map(({ account }) => account);
  return removalsOf({
    review,
    subjects,
    context,
    kinds,
    policy,
    rules: {
      allowRoles: new Set(policy.allowRoles),
      roles: await rolesThere(reader, users),
      leaverTokens: policy.leaverTokens,
      memberships: 'none',
      defaults: {},
    },
    obstacleTo: ({ account, desired }) => {
      const { id, values } = account;
      const usernames = [values.username, ...(desired === undefined ? [] : [desired.username])];
      if (id === caller) return 'muster never changes the account whose token it uses: let another administrator do it';
      if (isProtected({ id, usernames })) return 'policy.protect names it: take it out there, or do it by hand';
      const why = desired === undefined ? obstacleTo(account) : undefined;
      return why === undefined ? undefined : `no entry can stand for it (${why}): do it in the System Console`;
    },
  });
}

interface EditedUsersFile extends Omit<EditedFile, 'refused'> {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** By account: why nothing was edited for it. */
  readonly refused: ReadonlyMap<string, string>;
}

/** The entries that stand for accounts where they stand; the others at the end of the first file. */
async function editFiles(
  people: readonly PersonEdits[],
  { base, files: { from } }: Settings,
  desired: DesiredState,
): Promise<readonly EditedUsersFile[]> {
  const [first = ''] = desired.files;
  const fileOf = ({ subject }: PersonEdits): string =>
    subject.desired === undefined ? first : desired.locate(subject.desired).file;
  const stated = underDefaults(desired);
  const edited: EditedUsersFile[] = [];
  for (const [name, own] of groupBy(people, fileOf)) {
    const path = resolve(base, name);
    const place = from === 'flag' ? { namedFrom: base } : { below: base };
    const read = await readTextFile({ path, place, maxBytes: fileLimits.users });
    if (isRefusal(read))
      throw new InputError([refuse('file-unreadable', { is: 'any', name, why: read.why, todo: read.hint })]);
    const { text, refused } = editUsersFile(read.text, {
      entries: own.flatMap(({ subject, edits }) =>
        subject.desired === undefined ? [] : [{ username: subject.desired.username, edits }],
      ),
      added: own
        .filter(({ subject }) => subject.desired === undefined)
        .map(
          ({ subject: { account }, edits }): UserEntry => ({
            username: account.values.username,
            id: account.id,
            ...againstDefaults(account.values, stated),
            ...Object.fromEntries(edits.map(({ field, value }) => [field, value])),
          }),
        ),
    });
    const accounts = own.map(({ subject }) => [subject.account.id, refused.get(nameOf(subject))] as const);
    edited.push({
      name,
      path,
      text,
      refused: new Map(accounts.flatMap(([id, why]) => (why === undefined ? [] : [[id, why]]))),
    });
  }
  return edited;
}

const nameOf = ({ account, desired }: AuditSubject): string => desired?.username ?? account.values.username;

/** What could not be edited is left to people, and said. */
function told(revoked: readonly RevokedGrant[], files: readonly EditedUsersFile[]): readonly RevokedGrant[] {
  const refused = new Map(files.flatMap((file) => [...file.refused]));
  return revoked.map((grant) => {
    const why = refused.get(grant.account);
    if (why === undefined || grant.how !== 'edited') return grant;
    return { ...grant, how: 'by-hand', hint: `the entry cannot be edited: ${why}; edit the users file by hand` };
  });
}

function closedOf(
  { review, authorship }: Pick<Loaded, 'review' | 'authorship'>,
  revoked: readonly RevokedGrant[],
  files: readonly EditedUsersFile[],
  { completeness }: ReadPopulation,
  { clock }: AppPorts,
): ReviewClosed {
  const rows = review.files.flatMap(({ content }) => content.rows);
  const content: Omit<ReviewClosed, 'digest'> = {
    format: 'muster-review-closed/1',
    review: review.name,
    closed: new Date(clock.now()).toISOString(),
    tool: completeness.tool,
    manifest: review.manifest.digest,
    decided: decidedDigest(review),
    counts: { rows: rows.length, keep: rows.length - revoked.length, revoke: revoked.length },
    edited: files.map(({ name }) => name),
    ...(authorship !== undefined && { authorship }),
    revoked,
  };
  return { ...content, digest: digestOf(content) };
}
