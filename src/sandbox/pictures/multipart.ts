/** One part of a form. */
export interface FormPart {
  readonly name: string;
  readonly content: Buffer;
}

/**
 * The parts of a `multipart/form-data` body.
 *
 * @returns undefined when the type or the body is no such form
 */
export function readForm(contentType: string, body: Buffer): readonly FormPart[] | undefined {
  const match = /^multipart\/form-data\s*;.*?boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined || !body.includes(`--${boundary}`)) return undefined;
  return sections(body, Buffer.from(`--${boundary}`)).flatMap((section) => readPart(section) ?? []);
}

/** What stands between one boundary and the next. */
function sections(body: Buffer, mark: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  let start = body.indexOf(mark) + mark.length;
  for (let end = body.indexOf(mark, start); end !== -1; end = body.indexOf(mark, start)) {
    found.push(body.subarray(start, end));
    start = end + mark.length;
  }
  return found;
}

function readPart(section: Buffer): FormPart | undefined {
  const gap = section.indexOf('\r\n\r\n');
  if (gap === -1) return undefined;
  const name = /name="([^"]*)"/.exec(section.toString('latin1', 0, gap))?.[1];
  // The line break before the next boundary is not content.
  return name === undefined ? undefined : { name, content: section.subarray(gap + 4, section.length - 2) };
}
