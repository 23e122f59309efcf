// What the client of the users API says. `{answer}`: what the server itself said, cleaned of secrets.

export const apiErrors = {
  API_BAD_REQUEST: {
    exit: 'unreadable',
    blame: 'user',
    when: 'The server refused what it was asked: a value, a name that is taken, a seat that is missing.',
    text: 'the server answered {answer}',
  },
  API_UNAUTHORIZED: {
    exit: 'unreadable',
    blame: 'user',
    when: 'The server does not accept the token, or it has switched off what was asked.',
    texts: {
      answered: { text: 'the server answered {answer}' },
      'token-refused': {
        text: 'the server answered {answer}',
        todo: 'check that the token is right and enabled, that it has not expired, and that its owner is active',
      },
      'named-token-refused': {
        text: 'the server answered {answer}',
        todo: 'check that the token in {source} is right and enabled, that it has not expired, and that its owner is active',
      },
      'not-sent': {
        text: 'not sent: the server refused the token',
        todo: 'check that the token is right and enabled, that it has not expired, and that its owner is active',
      },
      'named-token-not-sent': {
        text: 'not sent: the server refused the token',
        todo: 'check that the token in {source} is right and enabled, that it has not expired, and that its owner is active',
      },
    },
    todo: 'the server has switched this off, or does not let this account do it: muster doctor shows both',
  },
  API_FORBIDDEN: {
    exit: 'unreadable',
    blame: 'user',
    when: 'The account of the token lacks a permission.',
    texts: {
      answered: {
        text: 'the server answered {answer}',
        todo: 'check the permissions of the account that the token belongs to',
      },
      'mfa-required': {
        text: 'the server answered {answer}',
        todo: 'use a bot account, or an admin who has MFA switched on',
      },
    },
    todo: 'the account of the token lacks a permission: muster doctor shows what it may do',
  },
  API_NOT_FOUND: {
    exit: 'unreadable',
    blame: 'user',
    when: 'The server does not have what was asked for, or Mattermost is not served below this address.',
    texts: {
      answered: { text: 'the server answered {answer}' },
      'no-such-page': {
        text: 'the server answered {answer}',
        todo: 'check the server URL: Mattermost is not served below this address',
      },
    },
    todo: 'the server has no such thing (any more): run muster plan again',
  },
  API_CONFLICT: {
    exit: 'unreadable',
    blame: 'user',
    when: 'The sign-in provider manages the field that was to be changed.',
    text: 'the server answered {answer}',
  },
  API_TOO_LARGE: {
    exit: 'unreadable',
    blame: 'user',
    when: 'The request is larger than the server accepts.',
    text: 'the server answered {answer}',
  },
  API_RATE_LIMITED: {
    exit: 'unreadable',
    blame: 'server',
    when: 'The server still refused the request for its rate limit after all retries.',
    texts: {
      answered: {
        text: 'the server answered {answer}',
        todo: 'the limit is shared by everybody behind the same address; lower the speed, or ask to have it raised',
      },
    },
    todo: 'others spend the server’s rate limit: go slower with --rate, or try again later',
  },
  API_SERVER_ERROR: {
    exit: 'unreadable',
    blame: 'server',
    when: 'The server failed while it worked on the request.',
    texts: { answered: { text: 'the server answered {answer}' } },
    todo: 'the server failed: its own log says more, by the request id; try again later',
  },
  API_NOT_IMPLEMENTED: {
    exit: 'unreadable',
    blame: 'user',
    when: 'A setting of the server, its licence or its version does not offer what was asked.',
    texts: {
      answered: {
        text: 'the server answered {answer}',
        todo: 'a setting of the server or its licence switches this off',
      },
      'too-old': { text: 'needs a server of {since} or later ({feature}), found {found}' },
    },
  },
  API_UNAVAILABLE: {
    exit: 'unreadable',
    blame: 'server',
    when: 'The server is busy, or a proxy does not reach it.',
    texts: { answered: { text: 'the server answered {answer}' } },
    todo: 'the server, or the proxy before it, is unwell: try again later',
  },
  API_UNREACHABLE: {
    exit: 'unreadable',
    blame: 'server',
    when: 'There was no connection. The request was certainly not sent.',
    texts: {
      'no-connection': {
        text: 'no connection: {why} ({host})',
        todo: 'check the server URL, the network and the proxy',
      },
      'proxy-closed': {
        text: 'the proxy closed the connection instead of connecting ({host})',
        todo: 'check the server URL, the network and the proxy',
      },
      'proxy-failed': {
        text: 'the proxy {proxy} answered {status} instead of connecting ({host})',
        todo: 'check the server URL, the network and the proxy',
      },
      'proxy-refused': {
        text: 'the proxy {proxy} answered {status} instead of connecting ({host})',
        todo: 'let the proxy allow connections to the server, or list the server in NO_PROXY',
      },
      'proxy-wants-password': {
        text: 'the proxy {proxy} answered {status} instead of connecting ({host})',
        todo: 'put user and password into the address of the proxy: http://user:password@host:port',
      },
    },
  },
  API_TLS: {
    exit: 'unreadable',
    blame: 'user',
    when: 'The certificate or the TLS connection was not accepted. No token left this machine.',
    texts: {
      certificate: {
        text: 'the certificate was refused: {why} ({host})',
        todo: '--ca-file trusts a private authority, by its PEM file; there is no way to skip the check',
      },
      handshake: {
        text: 'no TLS connection: {why} ({host})',
        todo: '--ca-file trusts a private authority, by its PEM file; there is no way to skip the check',
      },
      'no-tls-there': {
        text: 'no TLS connection: {why} ({host})',
        todo: 'the server does not speak TLS there: check https:// and the port',
      },
    },
  },
  API_OUTCOME_UNKNOWN: {
    exit: 'unreadable',
    blame: 'server',
    when: 'The request was sent, and no whole response came: it is not known whether it was carried out.',
    texts: {
      'broken-before': { text: 'the connection broke before an answer ({host})' },
      'broken-within': { text: 'the connection broke within the answer ({host})' },
      'too-late': { text: 'no whole answer within {timeout} ms ({host})' },
    },
    todo: 'the response was lost: try again later; muster plan shows what was done',
  },
  API_BAD_ANSWER: {
    exit: 'unreadable',
    blame: 'server',
    when: 'The answer is none that a Mattermost server gives: not JSON, cut short, too large, or about something else.',
    texts: {
      'no-http': { text: 'the answer is not HTTP ({host})' },
      'too-large': { text: 'the answer is larger than {bytes} bytes ({host})' },
      'odd-compression': { text: 'the answer is compressed in a way that was not asked for ({host})' },
      'damaged-compression': { text: 'the compressed answer is damaged or cut short ({host})' },
      'grows-too-much': { text: 'the answer grows more than {times} times when it is decompressed ({host})' },
      'odd-status': {
        text: 'the server answered {status}, which no Mattermost server does here',
        todo: 'check the server URL: what answers there is not a Mattermost server',
      },
      'no-json': {
        text: 'expected {type}, found {found}',
        todo: 'check the server URL: what answers there is not a Mattermost server',
      },
      'no-utf-8': { text: 'the answer is not UTF-8' },
      'wrong-value': { text: '{where}: expected {expected}, found {found}' },
      'other-account': { text: 'the answer is about another account' },
      'other-username': { text: 'the answer is about another username' },
      'other-email': { text: 'the answer is about another e-mail address' },
      'other-login': { text: 'the answer echoes another login' },
      'other-bot': { text: 'the answer is about another bot' },
      'other-role': { text: 'the answer is about another role' },
      'other-team': { text: 'the answer is about another team' },
      'other-channel': { text: 'the answer is about another channel' },
      'other-membership': { text: 'the answer is about another membership' },
      'other-token': { text: 'the answer is about another token' },
      'token-of-another': { text: 'the answer is about a token of another account' },
      'tokens-of-another': { text: 'the answer holds a token of another account' },
      'not-asked-for': { text: 'the answer holds an account that was not asked for' },
      'account-twice': { text: 'the answer holds the same account twice' },
      'page-twice': { text: 'the server repeats a page' },
      'too-many-pages': { text: 'more than {pages}' },
    },
    todo: 'is this the address of a Mattermost server, with its sub-path if it has one? muster doctor shows more',
  },
  API_REDIRECT_REFUSED: {
    exit: 'unreadable',
    blame: 'user',
    when: 'The server answered with a redirect. muster follows none, so that the token goes to the configured server alone.',
    texts: {
      'same-server': {
        text: 'the server answered {status}: a redirect to {place}, which was not followed',
        todo: 'check the sub-path of the server URL',
      },
      elsewhere: {
        text: 'the server answered {status}: a redirect to {place}, which was not followed',
        todo: 'give the final URL of the server; the token is sent to no other place',
      },
    },
  },
  API_ABORTED: {
    exit: 'interrupted',
    blame: 'user',
    when: 'The run was interrupted while a request was waiting or under way.',
    texts: {
      'before-sending': { text: 'aborted before it was sent ({host})' },
      sent: { text: 'aborted ({host})' },
      waiting: { text: 'aborted while waiting' },
      closed: { text: 'the client was closed' },
    },
  },
} as const;
