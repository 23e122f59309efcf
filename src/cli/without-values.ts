/** What was given to a flag that does not exist may be a secret, as in `--token=…`. */
export function withoutValues(text: string): string {
  return text.replace(/(unknown option '-[^=\s]*)=[^]*?'(?=\n|$)/, "$1=…'");
}
