/** What to do about errors that do not say so themselves, by their stable code. */
const hints: Readonly<Record<string, string>> = {
  API_BAD_ANSWER:
    'is this the address of a Mattermost server, with its sub-path if it has one? muster doctor shows more',
  API_UNAVAILABLE: 'the server, or the proxy before it, is unwell: try again later',
  API_SERVER_ERROR: 'the server failed: its own log says more, by the request id; try again later',
  API_RATE_LIMITED: 'others spend the server’s rate limit: go slower with --rate, or try again later',
  API_UNREACHABLE: 'check the address, the network and the proxy settings',
  API_OUTCOME_UNKNOWN: 'the response was lost: run muster plan to see what was done',
  API_UNAUTHORIZED: 'the token is not valid (any more): make a new one and set MUSTER_TOKEN',
  API_FORBIDDEN: 'the account of the token lacks a permission: muster doctor shows what it may do',
  API_NOT_FOUND: 'the server has no such thing (any more): run muster plan again',
  API_TLS: 'name the right authorities with --ca-file; muster never trusts a certificate blindly',
};

export const defaultHint = (code: string): string | undefined => hints[code];
