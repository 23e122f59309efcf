import type { Waiver } from '../model/audit.ts';
import type { WaiversFile } from '../model/generated/waivers-file.ts';
import { identityOf } from '../model/identity.ts';
import { lastDayState } from '../model/last-day.ts';
import { refuse } from '../model/messages/problems.ts';
import { InputError } from '../model/problem.ts';
import { normalizeUsername } from '../model/user-rules.ts';
import { validateWaiversFile } from '../source/generated/validate-waivers-file.ts';
import { itemLines } from '../source/item-lines.ts';
import { type DocumentText, type FileKind, readDocument } from '../source/read-document.ts';
import { fileLimits, isRefusal, readTextFile } from '../source/read-file.ts';
import { sortProblems } from '../source/sort-problems.ts';
import type { ApprovalsPlace } from './load-approvals.ts';

const waiversKind: FileKind<WaiversFile> = {
  noun: 'a list of waivers',
  keys: { version: true, waivers: true },
  validate: validateWaiversFile,
};

/** A risk is accepted for a year at most, then it has to be reviewed. */
const maxDaysAhead = 366;

/**
 * Reads the waivers file.
 *
 * @param today - `YYYY-MM-DD` in the policy's time zone, at the moment of the audit
 * @throws {InputError} with everything that is wrong in the file
 */
export async function loadWaivers({ path, name, below }: ApprovalsPlace, today: string): Promise<readonly Waiver[]> {
  const read = await readTextFile({ path, place: { below }, maxBytes: fileLimits.approvals });
  if (isRefusal(read)) {
    throw new InputError([refuse('file-unreadable', { is: 'waivers', name, why: read.why })]);
  }
  return parseWaivers({ name, ...read }, today);
}

/** @throws {InputError} with everything that is wrong in the text */
export function parseWaivers(text: DocumentText, today: string): readonly Waiver[] {
  const { content, document, problems } = readDocument(text, waiversKind);
  if (content === undefined) throw new InputError(sortProblems(problems));
  return content.waivers.map(
    ({ rule, users, reason, by, expires }, i): Waiver => ({
      rule,
      users: new Set(users.map(normalizeUsername)),
      reason,
      by,
      identity: identityOf(by, []),
      expires,
      state: lastDayState(expires, today, maxDaysAhead),
      at: document.source.position(document.offsetOf(['waivers', i])),
      lines: itemLines(document, ['waivers'], i, content.waivers.length),
    }),
  );
}
