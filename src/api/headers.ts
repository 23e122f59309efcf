/** Response headers: names in lower case; a header that came several times keeps every value. */
export type ApiHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Headers that carry secrets: decoders may read them, callers of `withResponse()` never see them. */
const secretHeaders: ReadonlySet<string> = new Set(['token', 'set-cookie', 'authorization']);

/** The first value of a header, or `undefined`. */
export function headerText(headers: ApiHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'object' ? value[0] : value;
}

/** All values of a header: repeated ones, and those that a proxy or `fetch` joined with commas (`"97, 88"`). */
export function headerValues(headers: ApiHeaders, name: string): readonly string[] {
  const value = headers[name];
  if (value === undefined) return [];
  const lines = typeof value === 'string' ? [value] : value;
  return lines.flatMap((line) => line.split(',')).map((part) => part.trim());
}

/** The moment that a header such as `Date` names, in milliseconds since the epoch; `undefined` where it names none. */
export function readDate(text: string | undefined): number | undefined {
  const ms = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

/** The headers without those that carry secrets. */
export function publicHeaders(headers: ApiHeaders): ApiHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !secretHeaders.has(name)));
}
