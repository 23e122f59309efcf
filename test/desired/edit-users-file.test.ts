import { expect, test } from 'vitest';
import { editUsersFile } from '../../src/desired/edit-users-file.ts';
import type { EntryEdit } from '../../src/model/review.ts';

const leaves: EntryEdit = { field: 'active', value: false };
const member: EntryEdit = { field: 'roles', drop: ['system_admin'], value: ['system_user'] };
const noToken: EntryEdit = { field: 'tokens', drop: ['ci'], value: [] };

const file = (...lines: readonly string[]): string => `version: 1\nusers:\n${lines.join('\n')}\n`;

function edit(text: string, ...edits: readonly EntryEdit[]): { text: string; refused: readonly string[] } {
  const { text: edited, refused } = editUsersFile(text, { entries: [{ username: 'ada', edits }], added: [] });
  return { text: edited, refused: [...refused.values()] };
}

test.each<[what: string, before: readonly string[], edits: readonly EntryEdit[], after: readonly string[]]>([
  [
    'a field that is not there comes below the username',
    ['  - username: ada # the first', '    position: Countess', '  - username: bob'],
    [leaves],
    ['  - username: ada # the first', '    active: false', '    position: Countess', '  - username: bob'],
  ],
  [
    'a field of an entry on one line',
    ['  - { username: ada, position: x } # ada'],
    [leaves],
    ['  - { username: ada, active: false, position: x } # ada'],
  ],
  [
    'a value that is there',
    ['  - username: ada', '    active: true # until May'],
    [leaves],
    ['  - username: ada', '    active: false # until May'],
  ],
  [
    'an item of a list on one line',
    ['  - username: ada', '    roles: [ system_admin, system_user ] # both'],
    [member],
    ['  - username: ada', '    roles: [ system_user ] # both'],
  ],
  [
    'the last item of a list on one line',
    ['  - { username: ada, roles: [a, b, system_admin] }'],
    [member],
    ['  - { username: ada, roles: [a, b] }'],
  ],
  [
    'the only item of a list on one line',
    ['  - { username: ada, roles: [system_admin] }'],
    [member],
    ['  - { username: ada, roles: [system_user] }'],
  ],
  [
    'an item of a list with a line each, with its comment',
    [
      '  - username: ada',
      '    roles:',
      '      # why',
      '      - system_admin # for now',
      '      - b # for good',
      '    position: x',
    ],
    [member],
    ['  - username: ada', '    roles:', '      # why', '      - b # for good', '    position: x'],
  ],
  [
    'the only item of a list with a line each',
    ['  - username: ada', '    roles:', '      - system_admin', '    position: x'],
    [member],
    ['  - username: ada', '    roles: [system_user]', '    position: x'],
  ],
  [
    'a map of a list, with its lines',
    [
      '  - username: ada',
      '    tokens:',
      '      - name: ci',
      '        generation: 2',
      '      - name: other',
      '  - username: bob',
    ],
    [noToken],
    ['  - username: ada', '    tokens:', '      - name: other', '  - username: bob'],
  ],
  [
    'the only map of a list',
    ['  - username: ada', '    tokens:', '      - name: ci', '        generation: 2 # new', '', '  - username: bob'],
    [noToken],
    ['  - username: ada', '    tokens: [] # new', '', '  - username: bob'],
  ],
  [
    'several at once',
    [
      '  - position: x',
      '    username: Ada',
      '    roles: [system_user, system_admin]',
      '    tokens: [{ name: ci }, { name: b }]',
    ],
    [leaves, member, noToken],
    [
      '  - position: x',
      '    username: Ada',
      '    active: false',
      '    roles: [system_user]',
      '    tokens: [{ name: b }]',
    ],
  ],
  [
    'a list of maps in a value',
    ['  - username: ada'],
    [{ field: 'tokens', value: [{ name: 'no' }, { name: 'b', generation: 2 }] }],
    ['  - username: ada', '    tokens: [{name: "no"}, {name: b, generation: 2}]'],
  ],
])('%s is edited where it stands', (_, before, edits, after) => {
  expect(edit(file(...before), ...edits)).toEqual({ text: file(...after), refused: [] });
});

test('line ends and a byte order mark stay as they are', () => {
  const text = '\ufeffversion: 1\r\nusers:\r\n  - username: ada\r\n    roles:\r\n      - system_admin\r\n      - b';

  expect(edit(text, leaves, member).text).toBe(
    '\ufeffversion: 1\r\nusers:\r\n  - username: ada\r\n    active: false\r\n    roles:\r\n      - b',
  );
});

test.each<[what: string, lines: readonly string[], edits: readonly EntryEdit[], why: RegExp]>([
  ['an entry with an anchor', ['  - &ada', '    username: ada'], [leaves], /anchor/],
  [
    'a list with an anchor',
    ['  - username: ada', '    roles: &r [system_admin, b]', '  - { username: bob, roles: *r }'],
    [member],
    /anchor/,
  ],
  [
    'a list that is an alias',
    ['  - { username: bob, roles: &r [system_admin, b] }', '  - { username: ada, roles: *r }'],
    [member],
    /alias/,
  ],
  ['a list from a merge', ['  - { <<: &b { roles: [system_admin, b] }, username: ada }'], [member], /merge/],
  ['an entry that is not there', ['  - username: bob'], [leaves], /alias|merge/],
  ['an item that is not in the list', ['  - { username: ada, roles: [b] }'], [member], /not written/],
])('%s is left to people', (_, lines, edits, why) => {
  const { text, refused } = edit(file(...lines), ...edits);

  expect(text).toBe(file(...lines));
  expect(refused).toEqual([expect.stringMatching(why)]);
});

test('entries that are added stand at the end, as deep as the others', () => {
  const text = 'users:\n- username: bob # b\n# the end\nversion: 1\n';

  const { text: edited, refused } = editUsersFile(text, {
    entries: [],
    added: [
      { username: 'ada', id: 'a'.repeat(26), active: false },
      { username: 'on', roles: ['system_user'] },
    ],
  });

  expect([...refused]).toEqual([]);
  expect(edited).toBe(
    `users:\n- username: bob # b\n- username: ada\n  id: ${'a'.repeat(26)}\n  active: false\n\n- username: "on"\n  roles: [ system_user ]\n# the end\nversion: 1\n`,
  );
});

test('nothing is added to a list on one line', () => {
  const text = 'version: 1\nusers: [{ username: bob }]\n';

  const { text: edited, refused } = editUsersFile(text, { entries: [], added: [{ username: 'ada' }] });

  expect(edited).toBe(text);
  expect([...refused.keys()]).toEqual(['ada']);
});
