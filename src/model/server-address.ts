/** Scheme, host, port and path without its last slash: what tells a server from another; `undefined`: it is no address of one. */
export function addressOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, host, pathname } = new URL(text);
  return protocol === 'https:' || protocol === 'http:'
    ? `${protocol}//${host}${pathname.replace(/\/+$/, '')}`
    : undefined;
}

export function isSameServer(one: string, other: string): boolean {
  const address = addressOf(one);
  return address === undefined ? one === other : address === addressOf(other);
}
