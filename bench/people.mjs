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
 * @param change - what the file wants to be different, by the number of the person
 * @param from - the first person of the file, which has at most `most` of them
 */
export function usersFile(number, change = () => ({}), from = 0, most = number) {
  const lines = people(Math.min(most, number - from), from).map((person, i) => {
    const { username, email, first_name, last_name, position, nickname } = { ...person, ...change(from + i) };
    const more = nickname === undefined ? '' : `    nickname: ${nickname}\n`;
    return `  - username: ${username}\n    email: ${email}\n    first_name: ${first_name}\n    last_name: ${last_name}\n    position: ${position}\n    roles: [system_user]\n    active: true\n${more}`;
  });
  return `version: 1\nusers:\n${from === 0 ? '  - username: sandbox-admin\n' : ''}${lines.join('')}`;
}
