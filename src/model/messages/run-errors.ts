// What is said of reading the server, of single actions, and of the process itself.

export const runErrors = {
  INSUFFICIENT_VISIBILITY: {
    exit: 'unreadable',
    blame: 'user',
    when: 'The account of the token is no system administrator, so the server shows it only a part of the data.',
    text: 'the caller {username} is no system administrator: the server hides from it what a plan needs',
    todo: 'use the token of an account with the role system_admin',
  },
  READ_NOT_COMPLETE: {
    exit: 'unreadable',
    blame: 'server',
    when: 'A listing was not proven complete, so muster concludes nothing from it.',
    text: 'the list of users could not be read completely in {tries} tries: {readings}',
    todo: 'many accounts may be changing right now: try again later',
  },
  ROWS_MOVED: {
    exit: 'unreadable',
    blame: 'server',
    when: 'Rows of a listing moved while an audit read it. The report says that the listing could not be read.',
    text: 'a row stood on two pages of the listing, in each of {readings} readings',
    todo: 'many of them may be changing right now: try again later',
  },
  EMAIL_NOT_TAKEN: {
    exit: 'input',
    blame: 'user',
    when: 'The server calls an e-mail that muster asked for no e-mail at all.',
    text: 'the server refused an e-mail that it was asked for',
    todo: 'check its spelling',
  },
  NOT_VERIFIED: {
    exit: 'unreadable',
    blame: 'server',
    when: 'A change was written and answered well, but a fresh read does not show it. The action failed (exit code 6).',
    text: '{field} was written as {expected}, and the server shows {found}',
    todo: 'another change came in between, or the server keeps another form: plan again to see',
  },
  CALLER_OUT_OF_REACH: {
    exit: 'bug',
    blame: 'user',
    when: 'A plan would change the access of the account whose token muster uses.',
    text: '{action} would change the access of the caller itself',
    todo: 'make a new plan, with the token of another system administrator',
  },
  RESPONSE_NOT_RECORDED: {
    exit: 'unreadable',
    blame: 'server',
    when: 'A previous process sent a call, and was stopped before it recorded the response. The action failed (exit code 6).',
    text: 'outcome of {action} unknown: muster was stopped before the response came',
    todo: 'plan again to see what is left',
  },
  NEW_TOKEN: {
    exit: 'unreadable',
    blame: 'server',
    when: 'A new token did not become what it should, and was revoked again. The action failed (exit code 6).',
    texts: {
      'secret-lost': { text: 'the secret of the new token could not be kept' },
      'other-account': { text: 'the new token signs in as another account' },
      revoked: { text: '{why}; the new token was revoked again' },
      'revoked-late': { text: '{why}; the new token was revoked again, at the end of the run' },
      'lost-and-revoked': {
        text: 'the answer to making the token {mark} was lost; it was revoked at the end of the run',
      },
      'revoked-with-advice': { text: '{why}; the new token was revoked again', todo: '{todo}' },
    },
  },
  LEFT_BEHIND: {
    exit: 'unreadable',
    blame: 'server',
    when: 'A call left something behind on the server that could not be found or taken away again.',
    texts: {
      'not-revoked': {
        text: '{why}; and the new token (id {id}) could not be revoked',
        todo: 'the next apply revokes it; where that cannot wait, revoke the token {id} by hand',
      },
      'token-lost': {
        text: 'the answer to making the token {mark} was lost, and so is the token: {why}',
        todo: 'the next apply looks for it, and revokes it; where that cannot wait, revoke the token of that description by hand',
      },
      interrupted: {
        text: 'interrupted before it was clear whether the token {mark} is made',
        todo: 'run muster apply --resume: it waits until that is clear, and revokes the token if it came',
      },
    },
  },
  INTERRUPTED: {
    exit: 'interrupted',
    blame: 'user',
    when: 'The process was asked to end while it wrote nothing.',
    text: 'interrupted',
    todo: 'no change was begun: run the command again',
  },
  UNEXPECTED: {
    exit: 'bug',
    blame: 'bug',
    when: 'Something failed that muster does not know. The text is what was thrown.',
    text: '{what}',
    todo: 'please report it; plan again to see what was done',
  },
  PROGRAMMING_ERROR: {
    exit: 'bug',
    blame: 'bug',
    when: 'A program that uses muster as a library gave what the types rule out, or muster itself did.',
    texts: {
      'no-token-mark': { text: 'not a token mark: {found}' },
      'no-secret': { text: 'not a secret of this process' },
      'unexpected-value': { text: 'unexpected value: {found}' },
      'ports-incomplete': {
        text: 'the ports are incomplete: workingDir is absolute, with env, clock, emit',
        todo: 'give defaultPorts(), with what differs: defaultPorts({ workingDir })',
      },
      'no-page': { text: '{name}: a page is not a list' },
      'no-check': { text: 'no check for {name} in {template}' },
      'no-account-call': { text: 'not a call about an account: {operation}' },
      'no-token-call': { text: 'not a call about a token: {operation}' },
      'no-kind-of-word': { text: 'nothing says what {word} is' },
      'no-shell': { text: 'no completion for {shell}' },
      'other-entry': { text: 'not an entry of this desired state' },
    },
  },
} as const;
