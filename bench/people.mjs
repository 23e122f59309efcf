/** The people of a company, as a users file has them and as a server does. */
const named = (i) => ({
  username: `person.${i}`,
  email: `person.${i}@example.com`,
  first_name: `First${i}`,
  last_name: `Last${i}`,
  position: 'Engineer',
  roles: ['system_user'],
  active: true,
});

export const people = (number, from = 0) => Array.from({ length: number }, (_, i) => named(from + i));

/**
 * As an import writes it.
 *
 * @param change - what the file wants to be different, by the number of the person
 * @param from - the first person of the file, which has at most `most` of them
 */
export function usersFile(number, change = () => ({}), from = 0, most = number) {
  const entries = people(Math.min(most, number - from), from).map((person, i) => {
    const { username, email, first_name, last_name, position, nickname } = { ...person, ...change(from + i) };
    const lines = [
      `  - username: ${username}`,
      `email: ${email}`,
      `first_name: ${first_name}`,
      `last_name: ${last_name}`,
      ...(nickname === undefined ? [] : [`nickname: ${nickname}`]),
      `position: ${position}`,
      'roles: [ system_user ]',
      'active: true',
      'auth: { service: email }',
    ];
    return lines.join('\n    ');
  });
  const admin = from === 0 ? ['  - username: sandbox-admin'] : [];
  return `version: 1\ndefaults: { locale: en }\non_create: { roles: [ system_user ] }\nusers:\n${[...admin, ...entries].join('\n\n')}\n`;
}
