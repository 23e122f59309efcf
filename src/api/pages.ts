import { count } from '../model/count.ts';
import { isRecord } from '../model/is-record.ts';
import { say } from '../model/messages/message.ts';
import { ProgrammingError } from '../model/muster-error.ts';
import type { Secret } from '../model/secret.ts';
import { apiError } from './api-error.ts';
import type { Engine } from './engine.ts';
import type { CallFacts } from './errors.ts';
import type { AnyPages, PageQuery, Pages, Read } from './operation.ts';
import { countSegments } from './request-path.ts';

/** Offset paging over a listing: page 0, 1, 2 and so on, until one is shorter than asked. */
export function offsetPages<Args extends readonly unknown[], Item, Filters>(
  pagesOf: Read<Args, readonly Item[], Filters & PageQuery>,
): Pages<Args, Item, Filters> {
  return {
    access: 'read',
    pagesOf,
    perPage: 200,
    next: (previous) => ({
      ...previous,
      page: isRecord(previous) && typeof previous['page'] === 'number' ? previous['page'] + 1 : 1,
    }),
    at: (query, page) => (page === 0 ? query : { ...query, page }),
  };
}

/** Pages that are under way at the same time where it is known how many there are. */
const lanes = 4;

/**
 * Reads page after page, in their order. Absence from all of them proves nothing: rows shift while others write.
 *
 * @throws {ApiBadAnswerError} when a page comes twice in a row, or when there are more than `maxPages`
 */
export async function* iteratePages(
  engine: Engine,
  name: string,
  row: AnyPages,
  args: readonly unknown[],
  token: Secret | undefined,
): AsyncGenerator<readonly unknown[]> {
  const facts: CallFacts = { operation: name, method: row.pagesOf.method, path: row.pagesOf.path };
  const positional = countSegments(row.pagesOf.path);
  const given = args[positional] ?? {};
  if (!isRecord(given)) throw apiError(say('API_INVALID_ARGUMENT', { is: 'no-options' }), facts, { retry: 'no' });
  const { maxPages = Number.POSITIVE_INFINITY, expected = 0, ...filters } = given;
  const perPage = filters['perPage'] ?? row.perPage;
  let query: object = { ...filters, perPage };
  let previous: readonly unknown[] = [];
  const ask = (asked: object): Promise<readonly unknown[]> =>
    engine
      .call(name, row.pagesOf, [...args.slice(0, positional), asked], token)
      .withResponse()
      .then(({ data }) => pageIn(data, name));
  const ahead = asksAhead(row, query, typeof expected === 'number' ? expected / Number(perPage) : 0, ask);
  for (let pages = 0; ; pages += 1) {
    if (typeof maxPages === 'number' && pages >= maxPages) {
      const counted = count(maxPages, 'page');
      throw apiError(say('API_BAD_ANSWER', { is: 'too-many-pages', pages: counted }), facts, { retry: 'no' });
    }
    const page = await (ahead(pages) ?? ask(query));
    if (page.length > 0) {
      if (isSamePage(previous, page))
        throw apiError(say('API_BAD_ANSWER', { is: 'page-twice' }), facts, { retry: 'no' });
      yield page;
    }
    if (typeof perPage !== 'number' || page.length < perPage) return;
    previous = page;
    query = row.next(query, page);
  }
}

type Ask = (query: object) => Promise<readonly unknown[]>;

/**
 * Asks for numbered pages before their turn.
 *
 * @param sure - how many pages there are at least, perhaps with a fraction
 * @returns the page of a number that rises by one; `undefined` for one that nothing is known of
 */
function asksAhead(
  row: AnyPages,
  query: object,
  sure: number,
  ask: Ask,
): (page: number) => ReturnType<Ask> | undefined {
  const coming = new Map<number, ReturnType<Ask>>();
  let next = 0;
  return (page) => {
    for (; next < Math.min(sure, page + lanes) && row.at !== undefined; next++) {
      const asked = ask(row.at(query, next));
      // What fails is told in its turn, or belongs to no one once the pages before it ended the listing.
      asked.catch(() => undefined);
      coming.set(next, asked);
    }
    const found = coming.get(page);
    coming.delete(page);
    return found;
  };
}

function pageIn(data: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(data)) throw new ProgrammingError({ is: 'no-page', name });
  return data;
}

function identity(item: unknown): unknown {
  return isRecord(item) ? (item['id'] ?? item['user_id']) : item;
}

function isSamePage(previous: readonly unknown[], page: readonly unknown[]): boolean {
  return previous.length === page.length && page.every((item, index) => identity(item) === identity(previous[index]));
}
