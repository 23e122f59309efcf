import { say } from '../model/messages/message.ts';
import { maxReadings } from '../model/moving-lists.ts';
import { MusterError } from '../model/muster-error.ts';

/** Ends no audit: the report says that the listing could not be read. */
export class RowsMovedError extends MusterError {
  override readonly name = 'RowsMovedError';

  constructor() {
    super(say('ROWS_MOVED', { readings: maxReadings }));
  }
}

/**
 * Everything that a listing shows. The pages have no order that holds: where a row stands in two of them, another may stand
 * in none, so that they are read again.
 *
 * @param count - how many there are, where the server counts them: fewer rows are no answer
 * @throws {RowsMovedError} when rows moved in every reading
 */
export async function listAll<Row extends { readonly id: string }>(
  pages: () => AsyncIterable<readonly Row[]>,
  count: () => PromiseLike<number> = () => Promise.resolve(0),
): Promise<readonly Row[]> {
  for (let reading = 0; reading < maxReadings; reading += 1) {
    const least = await count();
    const rows: Row[] = [];
    for await (const page of pages()) rows.push(...page);
    if (new Set(rows.map(({ id }) => id)).size === rows.length && rows.length >= least) return rows;
  }
  throw new RowsMovedError();
}
