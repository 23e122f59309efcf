/** From everything that was read to the files of a review: a row per grant, by owner, what changed first. Pure. */

import type { AuditContext, AuditSubject, Grant } from '../../model/audit.ts';
import { canonicalJson, digestOf } from '../../model/canonical-json.ts';
import { compareText } from '../../model/compare.ts';
import { utcDay } from '../../model/duration.ts';
import type { Completeness } from '../../model/generated/audit-report.ts';
import type {
  EarlierDecision,
  GrantedBy,
  ReviewFacts,
  ReviewFile,
  ReviewRow,
} from '../../model/generated/review-file.ts';
import type { ReviewManifest } from '../../model/generated/review-manifest.ts';
import { groupBy } from '../../model/group-by.ts';
import type { ResourceDefinition } from '../../model/resource-definition.ts';
import type { LoadedReview, OwnerRule } from '../../model/review.ts';
import type { AccountId } from '../../model/user-values.ts';
import { ownerRules } from './owners.ts';
import { frozenDigest, rowId } from './row.ts';

export interface FreezeInput {
  readonly name: string;
  readonly openedMs: number;
  readonly subjects: readonly AuditSubject[];
  readonly context: AuditContext;
  readonly kinds: readonly ResourceDefinition[];
  readonly completeness: Completeness;
  readonly owners: readonly OwnerRule[];
  /** Who gave a grant last, by account and key. */
  readonly givenBy: (account: AccountId, key: string) => GrantedBy | undefined;
  /** Reviews that were closed, the newest first. */
  readonly earlier: readonly LoadedReview[];
}

export interface FrozenReview {
  readonly manifest: ReviewManifest;
  readonly files: readonly ReviewFile[];
}

interface OwnedRow {
  readonly owner: string;
  readonly row: ReviewRow;
}

export function freezeReview(input: FreezeInput): FrozenReview {
  const { name, openedMs, subjects, completeness, earlier, context } = input;
  const history = historyOf(earlier);
  const owners = ownerRules(input.owners);
  const all = subjects.map((subject) => ({ subject, grants: grantsOf(subject, input) }));
  const rows = all.flatMap(({ subject, grants }) => {
    const { account, desired } = subject;
    const owner = owners(account.values.username, desired && context.desired.locate(desired).file);
    return grants
      .filter(({ isHeld }) => isHeld)
      .map((grant): OwnedRow => ({ owner, row: rowOf(subject, grant, input, history) }));
  });
  const sorted = rows.toSorted(whatChangedFirst);
  const byOwner = [...groupBy(sorted, ({ owner }) => owner)].toSorted(([one], [other]) => compareText(one, other));
  const content: Omit<ReviewManifest, 'digest'> = {
    format: 'muster-review/1',
    review: name,
    opened: new Date(openedMs).toISOString(),
    files: completeness.files,
    ...(earlier[0] !== undefined && { previous: earlier[0].name }),
    completeness,
    population: {
      accounts: subjects.length,
      grants: rows.length,
      without_access: all.reduce((sum, { grants }) => sum + grants.filter(({ isHeld }) => !isHeld).length, 0),
    },
    owners: byOwner.map(([owner, own]) => ({ owner, file: `${owner}.yaml`, rows: own.length })),
    rows: sorted.map(({ owner, row }) => ({
      id: row.id,
      owner,
      person: row.person,
      grant: row.grant,
      digest: frozenDigest(row),
    })),
  };
  return {
    manifest: { ...content, digest: digestOf(content) },
    files: byOwner.map(([owner, own]) => ({
      version: 1,
      review: name,
      owner,
      by: '',
      on: '',
      rows: own.map(({ row }) => row),
    })),
  };
}

export function grantsOf(
  { account, live }: AuditSubject,
  { kinds, context }: Pick<FreezeInput, 'kinds' | 'context'>,
): readonly Grant[] {
  return kinds.flatMap((kind) => kind.grants(account, live, context.facts));
}

interface History {
  /** By the id of a row; the newest decision. */
  readonly decisions: ReadonlyMap<string, EarlierDecision>;
  /** Rows of the last review; absent: there is none. */
  readonly last?: ReadonlyMap<string, ReviewRow>;
}

function historyOf(earlier: readonly LoadedReview[]): History {
  const decisions = new Map<string, EarlierDecision>();
  for (const { name, files } of earlier) {
    for (const { content } of files) {
      for (const { id, decision, by = content.by, on = content.on } of content.rows) {
        if (decision === '' || decisions.has(id)) continue;
        decisions.set(id, { decision, by: by ?? '', on: on ?? '', review: name });
      }
    }
  }
  const last = earlier[0]?.files.flatMap(({ content }) => content.rows.map((row) => [row.id, row] as const));
  return { decisions, ...(last !== undefined && { last: new Map(last) }) };
}

function rowOf(
  { account, desired, activity }: AuditSubject,
  { key, text, isPrivileged }: Grant,
  { givenBy }: FreezeInput,
  { decisions, last }: History,
): ReviewRow {
  const id = rowId(account.id, key);
  const { username, email, first_name: first, last_name: family, active } = account.values;
  const name = `${first} ${family}`.trim();
  const since = givenBy(account.id, key);
  const decision = decisions.get(id);
  const plain: ReviewFacts = {
    account: account.id,
    key,
    email,
    ...(name !== '' && { name }),
    active,
    declared: desired !== undefined,
    privileged: isPrivileged,
  };
  const facts: ReviewFacts = {
    ...plain,
    ...(last !== undefined && { change: changeSince(last.get(id), plain, text) }),
    ...(since !== undefined && { since }),
    ...(activity?.lastMs !== undefined && { last_activity: utcDay(activity.lastMs) }),
    ...(decision !== undefined && { last_decision: decision }),
  };
  return { id, person: username, grant: text, facts, decision: '', reason: '' };
}

type Since = NonNullable<ReviewFacts['change']>;

/** What a reviewer decides anew where it differs; when a person was last there is none of it. */
function changeSince(before: ReviewRow | undefined, now: ReviewFacts, grant: string): Since {
  if (before === undefined) return 'new';
  if (before.decision === 'revoke') return 'revoked-before';
  const { email, active, declared, privileged } = before.facts;
  const was = { grant: before.grant, email, active, declared, privileged };
  const is = { grant, email: now.email, active: now.active, declared: now.declared, privileged: now.privileged };
  return canonicalJson(was) === canonicalJson(is) ? 'same' : 'changed';
}

const rank: Readonly<Record<Since, number>> = { 'revoked-before': 0, new: 1, changed: 2, same: 3 };

function whatChangedFirst({ row: one }: OwnedRow, { row: other }: OwnedRow): number {
  return (
    rank[one.facts.change ?? 'new'] - rank[other.facts.change ?? 'new'] ||
    compareText(one.person, other.person) ||
    compareText(one.facts.key, other.facts.key)
  );
}
