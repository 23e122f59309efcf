// What the client refuses before it sends anything: arguments that the server would refuse or, worse, misread.

export const argumentErrors = {
  API_INVALID_ARGUMENT: {
    exit: 'input',
    blame: 'user',
    when: 'An address or an argument is none that a request can be made with. Nothing was sent.',
    texts: {
      'server-no-text': { text: 'server URL: expected a text', todo: 'give the option url' },
      'server-no-url': {
        text: 'server URL: expected a URL, found "{found}"',
        todo: 'write it like https://chat.example.com',
      },
      'server-no-scheme': { text: 'server URL: expected a URL, found "{found}"', todo: 'write https://{address}' },
      'server-no-https': {
        text: 'server URL: expected https, found {found}',
        todo: 'write it like https://chat.example.com',
      },
      'server-with-user': {
        text: 'server URL: holds a user name or password',
        todo: 'give the token separately',
      },
      'server-with-query': {
        text: 'server URL: holds a query or a fragment',
        todo: 'give the address of the server alone',
      },
      'server-with-api': { text: 'server URL: ends with the path of the API', todo: 'leave /api/v4 away' },
      'server-page': { text: 'server URL: found a link to a page of the server', todo: 'write {address}' },
      'server-plain-http': {
        text: 'server URL: plain http to {host} would send the token in clear',
        todo: 'use https; --allow-plain-http (allowPlainHttp in the library) lets the token travel unencrypted',
      },
      'proxy-no-url': { text: 'proxy: expected an http or https URL', todo: 'write http://host:port' },
      'proxy-other-kind': {
        text: 'proxy: expected an http or https URL, found {found}',
        todo: 'name an http proxy in HTTPS_PROXY, or the server in NO_PROXY',
      },
      'user-agent': { text: 'userAgent: expected printable ASCII' },
      'no-positive-number': { text: '{name}: expected a positive number, found {found}' },
      'no-id': { text: '{name}: expected an id of 26 letters and digits, found {found}' },
      'no-text': { text: '{name}: expected a text, found {found}' },
      'no-flag': { text: '{name}: expected true or false, found {found}' },
      'no-whole-number': { text: '{name}: expected a whole number from {min} to {max}, found {found}' },
      'no-secret': { text: '{name}: expected a Secret, found {found}', todo: 'wrap it: new Secret(value)' },
      'no-list': { text: '{name}: expected a list, found {found}' },
      'empty-list': { text: '{name}: expected a list that is not empty' },
      'long-list': { text: '{name}: expected at most {max} items, found {found}' },
      'no-role': { text: '{name}: expected the name of a role (a-z, 0-9, _), found {found}' },
      'no-object': { text: '{name}: expected an object, found {found}' },
      'unknown-key': { text: '{key}: the server would ignore this key', todo: 'known keys: {known}' },
      'no-username': {
        text: '{name}: expected a username (a-z, 0-9, ".", "_", "-"), found {found}',
        todo: 'users.byUsernames takes any name',
      },
      'no-email': {
        text: '{name}: expected an e-mail address that a path can carry, found {found}',
        todo: 'users.pages shows every account with its address',
      },
      'no-word': { text: '{name}: expected a word of letters, digits and "+_-", found {found}' },
      'no-place-name': {
        text: '{name}: expected the name of a team or channel (a-z, 0-9, -, _), found {found}',
      },
      'no-such-word': { text: '{name}: expected one of {words}, found {found}' },
      'no-options': { text: 'options: expected an object' },
      'unknown-option': { text: '{name}: no such option' },
      'no-query-value': { text: '{name}: expected a text, a number or a boolean, found {found}' },
      'active-and-inactive': { text: 'active, inactive: expected one of them' },
      'no-signal': { text: 'signal: expected an AbortSignal, found {found}' },
      'no-etag': { text: 'ifNoneMatch: expected an etag, found {found}' },
      'etag-of-write': { text: 'ifNoneMatch: this call is a write' },
      'odd-token': {
        text: 'token: holds characters that no token has',
        todo: 'check for spaces and line ends around it',
      },
      'no-version': { text: 'mobileVersion: expected a version like 2.19.0' },
      'no-mfa-code': { text: 'code: expected a code, to switch MFA on' },
      'long-description': { text: 'description: expected at most 255 bytes, found {bytes}' },
      'service-email': {
        text: '{name}: "email" would make an account that no one can sign in to',
        todo: 'email login is the absence of a service; users.setPassword goes back to it',
      },
      'empty-patch': { text: 'patch: expected a field to change' },
      'no-picture': { text: 'image: expected the bytes of a picture' },
    },
  },
} as const;
