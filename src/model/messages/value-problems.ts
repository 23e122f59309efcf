// What is wrong with a value or a field: it is not as the schema of the file wants it.

export const valueProblems = {
  'missing-field': {
    when: 'A field that has to be there is missing.',
    texts: {
      field: { text: '{field} has no {name}', todo: 'add a line "{name}: …"' },
      version: { text: '{field} has no version', todo: 'add a line "version: 1"' },
      row: { text: 'the row has no username', todo: 'fill the cell, or take the row out' },
      'user-line': { text: 'the user line has no username' },
    },
  },
  'wrong-type': {
    when: 'A value is of another type: a number where a text belongs, a text where a list belongs.',
    texts: {
      value: { text: '{field} is {found}, expected {expected}' },
      write: { text: '{field} is {found}, expected {expected}', todo: 'write {instead}' },
      quotes: { text: '{field} is {found}, expected {expected}', todo: 'write it in quotes: "{text}"' },
      boolean: { text: '{field} is {found}, expected {expected}', todo: 'write true or false, without quotes' },
      list: {
        text: '{field} is {found}, expected {expected}',
        todo: 'begin each item with a dash, or write [a, b]',
      },
      root: { text: 'the file is {found}, expected a map: {kind}', todo: 'known fields: {known}' },
      'user-line': { text: '{field} of a user line is not {expected}' },
    },
  },
  'wrong-value': {
    when: 'A value is none that the field can have.',
    texts: {
      value: { text: '{field} is {found}, expected {expected}' },
      near: { text: '{field} is {found}, expected {expected}', todo: 'did you mean {near}?' },
      advised: { text: '{field} is {found}, expected {expected}', todo: '{advice}' },
      'server-address': {
        text: '{field} is no plain address',
        todo: 'write https://host/path, without user, password, query or #',
      },
      'public-key': {
        text: 'this is no public key that muster can read',
        todo: 'write one Ed25519 key of SSH, or what gpg --armor --export prints for one key',
      },
      'git-address': {
        text: 'reconcile.git.url is no address that muster pulls from',
        todo: 'write https://host/path, ssh://user@host/path, user@host:path or an absolute path, without a password',
      },
      'git-token': {
        text: 'reconcile.git.token goes with an https address alone',
        todo: 'take it out: ssh uses the keys of the user that muster runs as',
      },
      'queue-address': {
        text: 'MUSTER_QUEUE_URL is no address of PostgreSQL',
        todo: 'set MUSTER_QUEUE_URL to postgres://user:password@host:5432/database',
      },
      'no-cron': {
        text: '{field} cannot be used: it is no cron expression',
        todo: 'write minute, hour, day, month and weekday, such as "*/15 6-20 * * 1-5"',
      },
      'cron-over': {
        text: '{field} cannot be used: it names no time that is still to come',
        todo: 'write minute, hour, day, month and weekday, such as "*/15 6-20 * * 1-5"',
      },
      'window-from': {
        text: 'a window cannot begin at 24:00',
        todo: 'write "00:00", and the days on which it begins',
      },
      'no-day': { text: 'there is no day {day}', todo: 'write a date of the calendar' },
      boolean: { text: '{field} is neither yes nor no', todo: 'write true or false, yes or no, 1 or 0' },
    },
  },
  'wrong-name': {
    when: 'A name that the file gives to something is not as such names are.',
    text: '{field} has the name {found}, expected {expected}',
  },
  'wrong-combination': {
    when: 'Fields stand together that exclude each other.',
    texts: {
      named: { text: '{field}: {expected}' },
      'server-and-servers': {
        text: 'server and servers cannot stand in one file',
        todo: 'give the server a name in servers',
      },
      excluded: { text: '{field}: these fields exclude each other' },
    },
  },
  'empty-list': {
    when: 'A list is empty. muster never reads an empty list as "none".',
    texts: {
      any: { text: '{field} is an empty list', todo: 'name at least one, or delete the line' },
      expected: { text: '{field} is an empty list', todo: 'expected {expected}' },
    },
  },
  'too-many-items': {
    when: 'A list is longer than muster takes.',
    text: '{field} has more than {max} items',
    todo: 'shorten the list',
  },
  'duplicate-item': {
    when: 'A list names the same item twice.',
    text: '{field} names the same item twice',
    todo: 'keep one of the two',
  },
  'too-long': {
    when: 'A text is longer than the server takes.',
    text: '{field} is longer than {max} characters',
    todo: 'the server refuses longer values: shorten it',
  },
  'unknown-field': {
    when: 'The file has a field that muster does not know. A field that is ignored would be a wish that is not granted.',
    texts: {
      instead: { text: 'unknown field {name} {where}', todo: 'write {instead}' },
      near: { text: 'unknown field {name} {where}', todo: 'did you mean {near}?' },
      known: { text: 'unknown field {name} {where}', todo: 'known fields: {known}' },
      foreign: {
        text: 'an unknown field at the top level: this may be no file of ours',
        todo: 'known fields: {known}',
      },
      'column-near': {
        text: '--map says that the column {column} is {field}, which is no field for a cell',
        todo: 'did you mean {near}?',
      },
      column: {
        text: '--map says that the column {column} is {field}, which is no field for a cell',
        todo: 'the fields are: {known}, notify_props.KEY, timezone.KEY, props.KEY',
      },
    },
  },
  'no-such-column': {
    when: 'A table lacks a column that is needed, or that `--map` names.',
    texts: {
      mapped: { text: '--map names the column {column}, which the first line does not have', todo: 'it has: {names}' },
      needed: {
        text: 'no column is {field}',
        todo: 'the first line names the columns; say which one it is: --map COLUMN={field}',
      },
      likely: { text: 'no column is {field}', todo: 'say which one it is, perhaps {advice}' },
    },
  },
  'secret-column': {
    when: 'A column whose name says that it holds a secret is mapped to a field.',
    text: 'the column {column} looks like a secret, which has no place in a users file',
    todo: 'leave it out; initial_password names a source of muster.yaml',
  },
  'duplicate-column': {
    when: 'Two columns of a table are the same field.',
    text: 'two columns are {field}',
    todo: 'leave one of them out: --map COLUMN=',
  },
} as const;
