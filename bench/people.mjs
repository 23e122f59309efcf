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

export const people = (number) => Array.from({ length: number }, (_, i) => named(i));

/** @param change - what the file wants to be different, by the number of the person */
export function usersFile(number, change = () => ({})) {
  const lines = people(number).map((person, i) => {
    const { username, email, first_name, last_name, position, nickname } = { ...person, ...change(i) };
    const more = nickname === undefined ? '' : `    nickname: ${nickname}\n`;
    return `  - username: ${username}\n    email: ${email}\n    first_name: ${first_name}\n    last_name: ${last_name}\n    position: ${position}\n    roles: [system_user]\n    active: true\n${more}`;
  });
  return `version: 1\nusers:\n  - username: sandbox-admin\n${lines.join('')}`;
}
