/** What muster.yaml may give as the address of a server. Pure. */

export function isPlainAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.username === '' && url.password === '' && url.search === '' && url.hash === '';
}

/** Whether `--server` gives an address, rather than a name. */
export const isAddress = (asked: string): boolean => asked.includes('://');
