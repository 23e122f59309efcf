import type { Refusal } from './errors.ts';

/** A page of a list: `perPage` is what was asked for after clamping, 0 for an empty page. */
export interface Page {
  readonly page: number;
  readonly perPage: number;
}

const defaultPerPage = 60;
const maxPerPage = 200;
const largest = 2n ** 63n - 1n;

/** A whole number as the server parses one, or undefined. */
function wholeNumber(text: string | null): number | undefined {
  if (text === null || !/^[+-]?\d+$/.test(text)) return undefined;
  const value = BigInt(text);
  return value > largest || value < -largest - 1n ? undefined : Number(value);
}

/** Silent clamping (API §12): nonsense becomes the default, too many become 200, zero stays zero. */
export function readPage(query: URLSearchParams): Page {
  const page = wholeNumber(query.get('page')) ?? 0;
  const perPage = wholeNumber(query.get('per_page'));
  return { page, perPage: clampPerPage(perPage) };
}

function clampPerPage(asked: number | undefined): number {
  if (asked === undefined || asked < 0) return defaultPerPage;
  return Math.min(asked, maxPerPage);
}

/** Lists that are not one user's own count a page below 0 as the first. */
export function readListPage(query: URLSearchParams): Page {
  const { page, perPage } = readPage(query);
  return { page: Math.max(0, page), perPage };
}

/** @throws what is given, for what the database cannot skip: below 0, or beyond its whole numbers */
export function startOf({ page, perPage }: Page, refusal: Refusal): number {
  const start = page * perPage;
  if (page < 0 || start > Number.MAX_SAFE_INTEGER) throw refusal;
  return start;
}

export function pageOf<T>(items: readonly T[], page: Page, refusal: Refusal): T[] {
  const start = startOf(page, refusal);
  return items.slice(start, start + page.perPage);
}

/** Booleans of a query as the server parses them; anything else is false. */
export const isTrue = (text: string | null): boolean => ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text ?? '');
