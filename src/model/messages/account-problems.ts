// What is wrong with an entry once the accounts of the server are known.

export const accountProblems = {
  'id-not-found': {
    when: 'An entry names an id that no account has.',
    text: 'no account has the id {id} of {username}',
    todo: 'the id is of another server or mistyped: fix it, or delete the line',
  },
  'ambiguous-person': {
    when: 'What an entry says of a person fits several accounts.',
    texts: {
      several: {
        text: '{username} means {accounts}: {hits}',
        todo: 'name the right one with id, or correct the field that hits the wrong one',
      },
      'handed-over': {
        text: '{username} means {accounts}: {hits}',
        todo: 'if {holder} hands the e-mail over to {username}, write id: {id} for {username}',
      },
      'both-declared': {
        text: '{username} means {accounts}: {hits}',
        todo: '{email} belongs to {holder}, who is declared too: give one of the two another e-mail',
      },
      'inactive-holder': {
        text: '{username} means {accounts}: {hits}',
        todo: '{holder} is inactive and keeps its e-mail: to free it, declare {holder} with another e-mail, and write id: {id} for {username}',
      },
    },
  },
  'is-a-bot': {
    when: 'An entry means a bot.',
    text: '{username} is a bot account ({hit})',
    todo: 'muster manages people of this server only: choose another username, or take the entry out',
  },
  'is-remote': {
    when: 'An entry means an account of a connected server.',
    text: '{username} is an account of a connected server ({hit})',
    todo: 'muster manages people of this server only: choose another username, or take the entry out',
  },
  'another-person': {
    when: 'Only the username of an entry fits an account; its e-mail or its way to sign in is another.',
    texts: {
      active: {
        text: 'another person of the same name? {username} is taken by an account with {contradictions}',
        todo: 'if it is the same person, write id: {id} or adopt: true; if not, choose another username',
      },
      inactive: {
        text: 'another person of the same name? {username} is taken by an inactive account with {contradictions}',
        todo: 'if it is the same person, write id: {id} or adopt: true; if not, choose another username, or declare that account by its id under another username',
      },
    },
  },
  'account-claimed-twice': {
    when: 'Two entries mean the same account.',
    text: '{first} and {second} both mean {username} (id {id}): the first by {firstBy}, the second by {secondBy}',
    todo: 'fix one of the two entries',
  },
  'unknown-role': {
    when: 'An entry names a role that the server does not have.',
    text: '{username} wants the role {role}, which this server does not have',
    todo: 'check the spelling; roles come with the server, its version and its licence',
  },
  'auth-data-missing': {
    when: 'An entry names a sign-in service without the id of the person there.',
    text: 'auth of {username} names {service} without data',
    todo: 'add data: the id of the person at that service',
  },
  'email-missing': {
    when: 'An account has to be created, and the entry has no e-mail.',
    text: '{username} has no account yet, and the entry has no email to create one',
    todo: 'add email, or check the spelling of the username',
  },
  'unknown-setting': {
    when: 'A key of `notify_props` or `timezone` is one letter or two away from one that clients know.',
    text: '{setting} of {username} is no setting that clients know',
    todo: 'did you mean {near}?',
  },
  'unknown-setting-value': {
    when: 'A value of `notify_props` or `timezone` is one letter or two away from one that clients know.',
    text: '{setting} of {username} is {value}, which clients do not know',
    todo: 'did you mean {near}?',
  },
  'tokens-not-read': {
    when: 'The tokens of a person were not read before the plan was made. muster never guesses that a person has none.',
    text: 'the tokens of {username} (id {id}) were not read: muster never guesses that an account has none',
    todo: 'read the tokens of everybody whom the plan needs before it is made',
  },
  'no-such-place': {
    when: 'An entry names a team or a channel that the server does not have.',
    texts: {
      team: {
        text: '{username} names the team {team}, which this server does not have',
        todo: 'write the name in the address of the team, or create it first',
      },
      channel: {
        text: '{username} names the channel {channel}, which the team {team} does not have',
        todo: 'write the name in the address of the channel, or create it first',
      },
    },
  },
  'archived-place': {
    when: 'An entry names a team or a channel that is archived. The server would add the person all the same.',
    text: '{place} of {username} is archived',
    todo: 'delete it, or restore it on the server first',
  },
  'memberships-not-read': {
    when: 'Whether a person is in a team or channel was not read before the plan was made. muster never guesses that a person is not.',
    texts: {
      place: {
        text: 'whether {username} (id {id}) is in {place} was not read: muster never guesses that a person is not',
        todo: 'read the memberships of everybody whom the plan needs before it is made',
      },
      any: {
        text: 'what {username} (id {id}) is in was not read: muster never brings people back to what it does not know',
        todo: 'plan again: the memberships changed while they were read',
      },
    },
  },
} as const;
