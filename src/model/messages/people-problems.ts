// What is wrong with an entry, or between entries, that no schema can say.

export const peopleProblems = {
  'reserved-username': {
    when: 'A username is kept by the server, or by muster for exchanges of names.',
    texts: {
      server: { text: 'the server keeps the username {username} for itself', todo: 'choose another name' },
      swap: { text: "names that begin with {prefix} are muster's own, for swaps", todo: 'choose another name' },
    },
  },
  'invisible-character': {
    when: 'An e-mail has a character that no one sees.',
    text: '{what} has an invisible character in it',
    todo: 'type the address anew instead of pasting it',
  },
  'email-not-composed': {
    when: 'An e-mail spells a letter with an accent as two characters.',
    text: '{what} spells an accent as a character of its own, which makes another address of it',
    todo: 'type the address anew instead of pasting it',
  },
  'email-refused': {
    when: 'The server would refuse the e-mail.',
    texts: {
      other: {
        text: '{what} is no address that the server accepts',
        todo: 'write a plain address such as ada@example.com',
      },
      mailto: { text: '{what} is no address that the server accepts', todo: 'leave out "mailto:"' },
      'in-brackets': {
        text: '{what} is no address that the server accepts',
        todo: 'write the address alone, without < and >',
      },
      'sign-at-end': { text: '{what} is no address that the server accepts', todo: 'delete the character at its end' },
      'dot-at-end': {
        text: '{what} is no address that the server accepts',
        todo: 'delete the dot at the end of the name or of the domain',
      },
      'dot-at-start': {
        text: '{what} is no address that the server accepts',
        todo: 'delete the dot at the start of the name or of the domain',
      },
      'two-dots': { text: '{what} is no address that the server accepts', todo: 'delete one of the two dots in a row' },
      'in-quotes': {
        text: '{what} is no address that the server accepts',
        todo: 'the server takes no address in quotes: name another one',
      },
      'too-long': {
        text: '{what} is no address that the server accepts',
        todo: 'the server keeps {max} bytes of it: name a shorter one',
      },
    },
  },
  'unknown-locale': {
    when: 'The server would refuse the language.',
    text: 'the locale of {whose} is {locale}, which the server refuses',
    todo: 'write one that it offers: {offered}',
  },
  'auth-data-too-long': {
    when: 'The sign-in data is longer than the server handles.',
    text: 'the auth data of {username} has {bytes} bytes',
    todo: 'the server takes at most {max}',
  },
  'role-not-allowed': {
    when: 'A role is none of a whole server, and `policy.allow_roles` does not name it.',
    texts: {
      near: {
        text: 'the role {role} is not a system role',
        todo: 'did you mean {near}? a custom role must stand in policy.allow_roles of muster.yaml',
      },
      other: {
        text: 'the role {role} is not a system role',
        todo: 'roles of teams and channels do not belong here; a custom role must stand in policy.allow_roles of muster.yaml',
      },
    },
  },
  'guest-and-member': {
    when: 'A person is guest and member at once.',
    text: '{whose} is both guest and member',
    todo: 'keep one of system_guest and system_user',
  },
  'guest-and-admin': {
    when: 'A person is guest and administrator at once.',
    text: '{whose} is both guest and admin',
    todo: 'keep one of system_guest and system_admin',
  },
  'admin-by-default': {
    when: '`on_create` would make every new account an administrator.',
    text: 'on_create would make every new account a system administrator',
    todo: 'name system_admin in the roles of the entries that need it',
  },
  'no-such-date': {
    when: 'A date is none of the calendar.',
    text: '{field} of {username} is {text}, which is no date',
    todo: 'write a date such as 2027-06-30',
  },
  'ends-before-start': {
    when: 'A person leaves before they start.',
    text: '{username} ends {ends}, before the start {starts}',
    todo: 'swap or fix the dates',
  },
  'duplicate-token': {
    when: 'A person has two tokens of the same name.',
    text: '{username} has two tokens named {token}',
    todo: 'give each its own name',
  },
  'duplicate-place': {
    when: 'An entry names a team, or a channel of a team, twice.',
    text: '{username} has {place} twice',
    todo: 'keep one of the two',
  },
  'direct-channel': {
    when: 'An entry names the channel of a direct or group message.',
    text: '{channel} of {username} is the channel of a direct or group message',
    todo: 'delete it: only the people in it decide about it',
  },
  'guest-administers': {
    when: 'A guest is to administer a team or channel.',
    text: '{username} is a guest, and no guest administers {place}',
    todo: 'delete role: admin, or declare the person as a member of the server',
  },
  'guest-without-channel': {
    when: 'A guest is in a team and in none of its channels: guests are added to no channel by themselves.',
    text: '{username} is a guest in {team} without a channel, and would see nothing there',
    todo: 'name at least one channel of {team} beside town-square',
  },
  'unknown-bundle': {
    when: 'An entry names a bundle that neither muster.yaml nor its `bundle_files` define.',
    texts: {
      none: {
        text: '{username} has the bundle {bundle}, which is not defined',
        todo: 'define it in bundles of muster.yaml, or in a file of bundle_files',
      },
      near: {
        text: '{username} has the bundle {bundle}, which is not defined',
        todo: 'did you mean {near}?',
      },
    },
  },
  'bundles-contradict': {
    when: 'An entry and a bundle, or two bundles, say different things of the same team or channel.',
    text: '{username} is {before} of {place} by {giver}, and {after} by {own}',
    todo: 'decide on one of them: say it in both, or take it out of one',
  },
  'duplicate-bundle': {
    when: 'Two bundles have the same name.',
    text: 'the bundle {bundle} is defined twice',
    todo: 'give one of them another name',
  },
  'administrative-bundle': {
    when: 'A bundle names a role that administers the server, in part or as a whole.',
    text: 'the bundle {bundle} has the role {role}, which administers the server',
    todo: 'write the role in the entry of each person who needs it',
  },
  'unknown-sink': {
    when: 'A token goes to a sink that muster.yaml does not define.',
    texts: {
      none: {
        text: 'the token {token} of {username} goes to the sink {sink}, which muster.yaml does not define',
        todo: 'define it in secrets.sinks of muster.yaml',
      },
      known: {
        text: 'the token {token} of {username} goes to the sink {sink}, which muster.yaml does not define',
        todo: 'secrets.sinks of muster.yaml defines: {known}',
      },
      many: {
        text: 'the token {token} of {username} goes to the sink {sink}, which muster.yaml does not define',
        todo: 'secrets.sinks of muster.yaml defines {others}',
      },
      default: {
        text: 'secrets.default_sink is {sink}, which secrets.sinks does not define',
        todo: 'name a sink of secrets.sinks in muster.yaml',
      },
    },
  },
  'unknown-source': {
    when: 'A first password comes from a source that muster.yaml does not define. Its name is not shown: it may be the password itself.',
    texts: {
      none: {
        text: 'initial_password of {username} is not the name of a source that muster.yaml defines',
        todo: 'define it in secrets.sources of muster.yaml',
      },
      known: {
        text: 'initial_password of {username} is not the name of a source that muster.yaml defines',
        todo: 'secrets.sources of muster.yaml defines: {known}',
      },
      many: {
        text: 'initial_password of {username} is not the name of a source that muster.yaml defines',
        todo: 'secrets.sources of muster.yaml defines {others}',
      },
    },
  },
  'rotate-before-nothing': {
    when: 'A token is to be rotated before it expires, and never expires.',
    text: 'the token {token} is to be rotated before it expires, and the entry gives it no expires_in',
    todo: 'write expires_in, or rotate_every instead of rotate_before',
  },
  'rotate-before-too-early': {
    when: 'A token is to be rotated on the day on which it is made.',
    text: 'the token {token} is to be rotated within a day of its making',
    todo: 'write a rotate_before that is at least a day shorter than expires_in ({expiresIn})',
  },
  'rotate-after-expiry': {
    when: 'A token expires before its rotation is due.',
    text: 'the token {token} expires after {expiresIn}, before it is rotated',
    todo: 'write a shorter rotate_every, or rotate_before',
  },
  'overlap-too-long': {
    when: 'An old token would outlive the next rotation.',
    text: 'the token {token} is rotated every {period}, and its overlap is no shorter',
    todo: 'write an overlap that ends before the next rotation',
  },
  'duplicate-user': {
    when: 'Two entries have the same username.',
    text: '{username} is declared twice',
    todo: 'keep one entry; names that differ only in case are the same person',
  },
  'duplicate-id': {
    when: 'Two entries name the same id.',
    text: 'the id {id} stands at two people',
    todo: 'an account belongs to one entry',
  },
  'duplicate-email': {
    when: 'Two entries name the same e-mail.',
    text: 'the e-mail {email} stands at two people',
    todo: 'the server allows an e-mail once',
  },
  'duplicate-auth': {
    when: 'Two entries name the same sign-in data.',
    text: 'the auth data {data} stands at two people',
    todo: 'the server allows it once, over all services',
  },
  'duplicate-previous-username': {
    when: 'Two entries name the same previous username.',
    text: 'two people name {name} as a previous username',
    todo: 'a previous name leads to one account',
  },
  'previous-username-in-use': {
    when: 'A previous username is the username of another entry, and nothing else says which account that one means.',
    text: '{name} is a previous username of {username} and the username of another entry',
    todo: 'name the id, the e-mail or the previous username of {name} too, so that each account is clear',
  },
  'no-one-declared': {
    when: 'The files declare no one.',
    texts: {
      files: {
        text: 'the files declare no one',
        todo: 'an empty list is refused: removing everyone is never intended',
      },
      file: { text: 'the file names no one' },
    },
  },
  'file-not-found': {
    when: 'A users file that is named is not there.',
    texts: {
      file: { text: 'there is no file {path}', todo: 'check the path' },
      first: {
        text: 'there is no file {path}',
        todo: 'check the path; muster init writes this file, with the people of the server',
      },
      ending: { text: 'there is no file {path}', todo: 'did you mean {other}?' },
      folder: { text: '{path} is a folder, not a file', todo: 'write {pattern}' },
    },
  },
  'no-file-matches': {
    when: 'A pattern matches no users file. muster never reads "no file" as "no people".',
    texts: {
      'other-ending': {
        text: 'no file matches {pattern}',
        todo: 'there are files that end otherwise: write {instead}',
      },
      signs: {
        text: 'no file matches {pattern}',
        todo: 'muster knows *, ?, ** and {a,b} in patterns; every other sign stands for itself',
      },
      any: {
        text: 'no file matches {pattern}',
        todo: 'check the pattern; muster never reads "no file" as "no people"',
      },
    },
  },
  'folder-outside': {
    when: 'A pattern of muster.yaml leads out of its folder.',
    text: '{pattern} leads out of {folder}',
    todo: 'keep users files in the folder of muster.yaml; only a flag can name others',
  },
  'folder-unreadable': {
    when: 'A folder in which users files may lie cannot be read.',
    text: 'cannot look into {folder}: {why}',
    todo: 'let muster read it, or name fewer folders',
  },
} as const;
