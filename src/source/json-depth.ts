/** What we write ourselves is flat; the parser of JSON would take whatever is opened, and keep it all. */
const maxDepth = 64;

const quote = 0x22;
const backslash = 0x5c;
const opens: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const closes: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** Whether lists and maps of a JSON text lie deeper in each other than any file of muster needs. One pass, no memory. */
export function isNestedTooDeep(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === quote) i = endOfText(text, i);
    else if (opens.has(code) && ++depth > maxDepth) return true;
    else if (closes.has(code)) depth--;
  }
  return false;
}

function endOfText(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === backslash) i++;
    else if (code === quote) return i;
  }
  return text.length;
}
