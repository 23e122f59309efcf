import type { Approval } from '../model/approval.ts';
import type { ApprovalsFile } from '../model/generated/approvals-file.ts';
import { identityOf } from '../model/identity.ts';
import { lastDayState } from '../model/last-day.ts';
import { refuse } from '../model/messages/problems.ts';
import { InputError } from '../model/problem.ts';
import { normalizeUsername } from '../model/user-rules.ts';
import { validateApprovalsFile } from '../source/generated/validate-approvals-file.ts';
import { itemLines } from '../source/item-lines.ts';
import { type DocumentText, type FileKind, readDocument } from '../source/read-document.ts';
import { fileLimits, isRefusal, readTextFile } from '../source/read-file.ts';
import { sortProblems } from '../source/sort-problems.ts';
import type { SourceDocument } from '../source/source-document.ts';

const approvalsKind: FileKind<ApprovalsFile> = {
  noun: 'a list of approvals',
  keys: { version: true, approvals: true },
  validate: validateApprovalsFile,
};

/** An approval is for a change at hand, not a standing leave. */
const maxDaysAhead = 14;

export interface ApprovalsPlace {
  /** Absolute. */
  readonly path: string;
  /** As it is shown. */
  readonly name: string;
  /** Absolute folder below which the file has to lie. */
  readonly below: string;
}

/**
 * Reads the approvals file.
 *
 * @param today - `YYYY-MM-DD` in the policy's time zone, at the moment of the plan
 * @throws {InputError} with everything that is wrong in the file
 */
export async function loadApprovals(
  { path, name, below }: ApprovalsPlace,
  today: string,
): Promise<readonly Approval[]> {
  const read = await readTextFile({ path, place: { below }, maxBytes: fileLimits.approvals });
  if (isRefusal(read)) {
    throw new InputError([refuse('file-unreadable', { is: 'approvals', name, why: read.why })]);
  }
  return parseApprovals({ name, ...read }, today);
}

/** @throws {InputError} with everything that is wrong in the text */
export function parseApprovals(text: DocumentText, today: string): readonly Approval[] {
  const { content, document, problems } = readDocument(text, approvalsKind);
  if (content === undefined) throw new InputError(sortProblems(problems));
  const count = content.approvals.length;
  return content.approvals.map((entry, i) => ({
    ...toApproval(entry, document, i, today),
    lines: itemLines(document, ['approvals'], i, count),
  }));
}

function toApproval(
  entry: ApprovalsFile['approvals'][number],
  document: SourceDocument,
  index: number,
  today: string,
): Omit<Approval, 'lines'> {
  return {
    class: entry.class,
    reason: entry.reason,
    by: entry.by,
    identity: identityOf(entry.by, []),
    expires: entry.expires,
    state: lastDayState(entry.expires, today, maxDaysAhead),
    ...(entry.users !== undefined && { users: new Set(entry.users.map(normalizeUsername)) }),
    ...(entry.changes !== undefined && { changes: entry.changes }),
    at: document.source.position(document.offsetOf(['approvals', index])),
  };
}
