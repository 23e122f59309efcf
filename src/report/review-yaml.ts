import { Document, isMap, isSeq, visit } from 'yaml';
import type { ReviewFile } from '../model/generated/review-file.ts';
import { hasUnseenSign, withCodes } from '../model/unseen-signs.ts';

const heading = ({ review, owner }: ReviewFile): string =>
  [
    ` Access review ${review}, rows of ${owner}.`,
    ' Write decision: keep or revoke into every row, and a reason where privileged is true.',
    ' by and on at the top hold for every row that has none of its own: who decided (username or e-mail), and when (a date).',
    ' No one decides about themselves: for your own rows, another person writes by and on into the row.',
    ' Everything else is frozen: muster review close refuses rows that were edited, added or taken out.',
  ].join('\n');

/** A file of a review, for the person who decides: one row after the other, the facts of each on lines of their own. */
export function reviewYaml(file: ReviewFile): string {
  const document = new Document(file, { compat: 'yaml-1.1' });
  visit(document, {
    Scalar: (_key, scalar) => {
      if (hasUnseenSign(String(scalar.value))) scalar.type = 'QUOTE_DOUBLE';
    },
  });
  document.commentBefore = heading(file);
  const rows = document.get('rows');
  for (const [i, row] of isSeq(rows) ? rows.items.entries() : []) {
    if (!isMap(row)) continue;
    row.spaceBefore = i > 0;
    const facts = row.get('facts');
    for (const name of ['since', 'last_decision']) {
      const inner = isMap(facts) ? facts.get(name) : undefined;
      if (isMap(inner)) inner.flow = true;
    }
  }
  return withCodes(document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Infinity }));
}
