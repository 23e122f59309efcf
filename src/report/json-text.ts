/** JSON for programs. It may pass through the log of a GitHub workflow, which takes `##[` anywhere for a command. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2).replaceAll('##[', '#\\u0023[')}\n`;
}
