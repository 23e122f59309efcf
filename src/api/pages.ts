import { count } from '../model/count.ts';
import { say } from '../model/messages/message.ts';
import { ProgrammingError } from '../model/muster-error.ts';
import type { Secret } from '../model/secret.ts';
import { apiError } from './api-error.ts';
import { isFields } from './decode.ts';
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
      page: isFields(previous) && typeof previous['page'] === 'number' ? previous['page'] + 1 : 1,
    }),
  };
}

/**
 * Reads page after page. Absence from all of them proves nothing: rows shift while others write.
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
  if (!isFields(given)) throw apiError(say('API_INVALID_ARGUMENT', { is: 'no-options' }), facts, { retry: 'no' });
  const { maxPages = Number.POSITIVE_INFINITY, ...filters } = given;
  const perPage = filters['perPage'] ?? row.perPage;
  let query: object = { ...filters, perPage };
  let previous: readonly unknown[] = [];
  for (let pages = 0; ; pages += 1) {
    if (typeof maxPages === 'number' && pages >= maxPages) {
      const counted = count(maxPages, 'page');
      throw apiError(say('API_BAD_ANSWER', { is: 'too-many-pages', pages: counted }), facts, { retry: 'no' });
    }
    const { data } = await engine.call(name, row.pagesOf, [...args.slice(0, positional), query], token).withResponse();
    if (!Array.isArray(data)) throw new ProgrammingError({ is: 'no-page', name });
    const page: readonly unknown[] = data;
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

function identity(item: unknown): unknown {
  return isFields(item) ? (item['id'] ?? item['user_id']) : item;
}

function isSamePage(previous: readonly unknown[], page: readonly unknown[]): boolean {
  return previous.length === page.length && page.every((item, index) => identity(item) === identity(previous[index]));
}
