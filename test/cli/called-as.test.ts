import { expect, test } from 'vitest';
import { calledAs } from '../../src/cli/called-as.ts';
import { makeWorkplace } from '../support/run-muster.ts';

test.each<[how: string, env: NodeJS.ProcessEnv, script: string, expected: string]>([
  ['the path', {}, '/usr/local/bin/muster', 'muster'],
  ['a script of npm', { npm_command: 'run-script' }, '/p/node_modules/.bin/muster', 'muster'],
  ['npx', { npm_command: 'exec' }, '/p/node_modules/.bin/muster', 'npx mattermuster'],
  ['node', {}, '/home/ada/muster/dist/cli/main.js', 'node /home/ada/muster/dist/cli/main.js'],
  ['node, in a folder with a blank', {}, '/my muster/dist/cli/main.js', 'node "/my muster/dist/cli/main.js"'],
])('started by %s it calls itself as the fourth column says', (_how, env, script, expected) => {
  expect(calledAs(env, script)).toBe(expected);
});

test.each([
  [['sandbox', '--port', '0'], /^ {2}npx mattermuster doctor$/m],
  [['init'], /^ {2}npx mattermuster plan /m],
])('%j prints commands that work where it was started', async (args, expected) => {
  const place = await makeWorkplace({}, { npm_command: 'exec' });

  expect((await place.muster(args, { signal: AbortSignal.abort() })).stdout).toMatch(expected);
});
