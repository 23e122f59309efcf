import { isRecord } from '../model/is-record.ts';
import { BadArgument, idArgument, wholeArgument } from './arguments.ts';
import { kindOf } from './decode.ts';
import { excerpt } from './excerpt.ts';

const callOptionNames: ReadonlySet<string> = new Set(['signal', 'timeoutMs', 'ifNoneMatch']);

// The server cuts or replaces numbers outside these bounds without a word, and a page that is shorter than asked would
// look like the last one.
const bounds: Readonly<Record<string, readonly [number, number]>> = {
  page: [0, 1_000_000],
  per_page: [1, 200],
  page_size: [1, 100],
  limit: [1, 1000],
  since: [0, Number.MAX_SAFE_INTEGER],
};

const idParameters: ReadonlySet<string> = new Set([
  'in_team',
  'not_in_team',
  'in_channel',
  'not_in_channel',
  'in_group',
  'not_in_group',
  'from_id',
  'team_filter',
]);

function encodeValue(value: unknown, option: string, parameter: string): string {
  const bound = bounds[parameter];
  if (bound !== undefined) return String(wholeArgument(value, option, ...bound));
  if (idParameters.has(parameter)) return idArgument(value, option);
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.map((item) => encodeValue(item, option, parameter)).join(',');
  }
  if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return String(value);
  throw new BadArgument({ is: 'no-query-value', name: option, found: kindOf(value) });
}

/**
 * Encodes the query part of a URL, with its `?`.
 *
 * @param names - from option to query parameter; options that are not in it are refused, since the server would
 *   ignore a misspelt filter and answer with everybody
 * @throws {BadArgument}
 */
export function encodeQuery(names: Readonly<Record<string, string>> | undefined, options: unknown): string {
  if (options === undefined) return '';
  if (!isRecord(options)) throw new BadArgument({ is: 'no-object', name: 'options', found: kindOf(options) });
  const query = new URLSearchParams();
  for (const [option, value] of Object.entries(options)) {
    if (callOptionNames.has(option) || value === undefined) continue;
    const parameter = names !== undefined && Object.hasOwn(names, option) ? names[option] : undefined;
    if (parameter === undefined) throw new BadArgument({ is: 'unknown-option', name: excerpt(option, 40) });
    query.set(parameter, encodeValue(value, option, parameter));
  }
  // The server would write a list and an error into one answer.
  if (query.has('active') && query.has('inactive')) throw new BadArgument({ is: 'active-and-inactive' });
  return query.size === 0 ? '' : `?${query.toString()}`;
}

/** A query as it may be shown: with its numbers and switches; any other value may be a secret. */
export function shownQuery(query: string): string {
  return query.replace(/=([^&]*)/g, (whole, value: string) => (/^(?:\d{1,15}|true|false)$/.test(value) ? whole : '=…'));
}
