/** From revoked rows to the edits of users files that take the grants away. Pure. */
import type { AuditSubject } from '../../model/audit.ts';
import type { RevokedGrant } from '../../model/generated/review-closed.ts';
import type { ReviewRow } from '../../model/generated/review-file.ts';
import { groupBy } from '../../model/group-by.ts';
import type { ImportRules, ResourceDefinition } from '../../model/resource-definition.ts';
import { type EntryEdit, type LoadedReview, type Removal, removalsTogether } from '../../model/review.ts';
import type { Policy } from '../../model/settings.ts';
import { decidedBy } from './check-review.ts';
import { type FreezeInput, grantsOf } from './freeze.ts';

export interface RemovalInput extends Pick<FreezeInput, 'kinds' | 'context' | 'subjects'> {
  readonly review: LoadedReview;
  readonly rules: ImportRules;
  readonly policy: Policy;
  /** Why muster cannot take anything away from an account; absent: it can. */
  readonly obstacleTo: (subject: AuditSubject) => string | undefined;
}

/** What has to be written for one account. */
export interface PersonEdits {
  readonly subject: AuditSubject;
  readonly edits: readonly EntryEdit[];
}

export interface Removals {
  readonly people: readonly PersonEdits[];
  readonly revoked: readonly RevokedGrant[];
}

/** A revoked row with who decided it. */
interface Revoked extends Pick<RevokedGrant, 'by' | 'on' | 'reason'> {
  readonly row: ReviewRow;
}

export function removalsOf(input: RemovalInput): Removals {
  const { review, subjects } = input;
  const byAccount = new Map(subjects.map((subject) => [subject.account.id, subject]));
  const revoked = review.files.flatMap(({ content }) =>
    content.rows
      .filter(({ decision }) => decision === 'revoke')
      .map((row): Revoked => ({ row, ...decidedBy(row, content), reason: row.reason ?? '' })),
  );
  const people: PersonEdits[] = [];
  const told: RevokedGrant[] = [];
  for (const [account, own] of groupBy(revoked, ({ row }) => row.facts.account)) {
    const subject = byAccount.get(account);
    const held = new Set(subject === undefined ? [] : heldKeys(subject, input));
    const there = new Set(own.map(({ row }) => row.facts.key).filter((key) => held.has(key)));
    const removal = subject === undefined ? removalsTogether([]) : removalFor(subject, there, input);
    if (subject !== undefined && removal.edits.length > 0) people.push({ subject, edits: merged(removal.edits) });
    for (const one of own) told.push(tell(one, there, removal));
  }
  return { people, revoked: told };
}

/** Of the grants that give access. */
export const heldKeys = (subject: AuditSubject, input: Pick<FreezeInput, 'kinds' | 'context'>): readonly string[] =>
  grantsOf(subject, input)
    .filter(({ isHeld }) => isHeld)
    .map(({ key }) => key);

function removalFor(
  subject: AuditSubject,
  keys: ReadonlySet<string>,
  { kinds, rules, policy, obstacleTo }: RemovalInput,
): Removal {
  const why = obstacleTo(subject);
  if (why !== undefined) return { ...removalsTogether([]), byHand: new Map([...keys].map((key) => [key, why])) };
  const { account, live, desired } = subject;
  const from = { account, live, rules, policy, ...(desired !== undefined && { desired }) };
  return removalsTogether(kinds.map((kind: ResourceDefinition) => kind.revoke(keys, from)));
}

function tell({ row, by, on, reason }: Revoked, there: ReadonlySet<string>, { edited, byHand }: Removal): RevokedGrant {
  const { id, person, grant, facts } = row;
  const { account, key } = facts;
  const hint = byHand.get(key);
  const how = !there.has(key) ? 'gone' : hint !== undefined ? 'by-hand' : edited.includes(key) ? 'edited' : 'planned';
  return { id, account, person, key, grant, by, on, reason, how, ...(hint !== undefined && { hint }) };
}

/** Edits of one field become one. */
function merged(edits: readonly EntryEdit[]): readonly EntryEdit[] {
  return [...groupBy(edits, ({ field }) => field).values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const drop = own.flatMap((edit) => edit.drop ?? []);
    return [{ ...first, ...(first.drop !== undefined && { drop }) }];
  });
}
