import { readFile } from 'node:fs/promises';
import type { Approval } from '../model/approval.ts';
import { dayMs } from '../model/duration.ts';
import type { ApprovalsFile } from '../model/generated/approvals-file.ts';
import { InputError } from '../model/problem.ts';
import { normalizeUsername } from '../model/user-rules.ts';
import { type SourceDocument } from '../source/build-document.ts';
import { checkDocument } from '../source/check-schema.ts';
import { validateApprovalsFile } from '../source/generated/validate-approvals-file.ts';
import { readYaml } from '../source/read-yaml.ts';

/** An approval is for a change at hand, not a standing leave. */
const maxDaysAhead = 14;

/**
 * Reads the approvals file.
 *
 * @param path - absolute
 * @param name - as it is shown
 * @param today - `YYYY-MM-DD` in the policy's time zone, at the moment of the plan
 * @throws {InputError} with everything that is wrong in the file
 */
export async function loadApprovals(path: string, name: string, today: string): Promise<readonly Approval[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError([
      { code: 'file-unreadable', message: `cannot read the approvals: ${why}`, hint: 'check approvals in muster.yaml' },
    ]);
  }
  return parseApprovals(name, text, today);
}

/** @throws {InputError} with everything that is wrong in the text */
export function parseApprovals(name: string, text: string, today: string): readonly Approval[] {
  const { document, problems } = readYaml(name, text);
  if (document === undefined) throw new InputError(problems);
  const { content, problems: refused } = checkDocument(document, validateApprovalsFile);
  if (content === undefined || problems.length > 0) throw new InputError([...problems, ...refused]);
  return content.approvals.map((entry, i) => toApproval(entry, document, i, today));
}

function toApproval(
  entry: ApprovalsFile['approvals'][number],
  document: SourceDocument,
  index: number,
  today: string,
): Approval {
  return {
    class: entry.class,
    reason: entry.reason,
    by: entry.by,
    expires: entry.expires,
    state: stateOf(entry.expires, today),
    ...(entry.users !== undefined && { users: new Set(entry.users.map(normalizeUsername)) }),
    ...(entry.changes !== undefined && { changes: entry.changes }),
    at: document.source.position(document.offsetOf(['approvals', index])),
  };
}

function stateOf(expires: string, today: string): Approval['state'] {
  const lastMs = Date.parse(expires);
  const daysLeft = (lastMs - Date.parse(today)) / dayMs;
  // A date that does not exist, such as the 30th of February, is read as another one: it is never valid.
  const exists = Number.isFinite(lastMs) && new Date(lastMs).toISOString().startsWith(expires);
  if (!exists || daysLeft < 0) return 'expired';
  return daysLeft > maxDaysAhead ? 'too-far-ahead' : 'valid';
}
