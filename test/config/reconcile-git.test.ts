import { expect, test } from 'vitest';
import { readConfigText } from '../../src/config/load-config.ts';
import { resolveReconcile } from '../../src/config/reconcile-settings.ts';
import { InputError } from '../../src/model/problem.ts';

const key = `ssh-ed25519 ${'B'.repeat(68)}`;

/** What a muster.yaml with this in `reconcile` says, or the texts of its problems. */
function read(reconcile: string): ReturnType<typeof resolveReconcile> | readonly string[] {
  try {
    const { config } = readConfigText({
      name: 'muster.yaml',
      text: `version: 1\nreconcile: ${reconcile}\n`,
      isInPlace: true,
    });
    return resolveReconcile(config);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems.map(({ message }) => message);
  }
}

test('a branch with everything is read, and defaults are filled in', () => {
  expect(
    read('{ git: { url: git@git.example.com:it/chat.git, branch: release/1.x, path: teams/chat } }'),
  ).toMatchObject({
    git: { branch: 'release/1.x', path: 'teams/chat', signedBy: [], followsRewrites: false, user: 'git' },
  });
  expect(read('{ notices: [{ to: ops }] }')).toMatchObject({
    notices: [{ to: 'ops', format: 'mattermost', redact: false }],
  });
});

test.each([
  ['an address with a password', '{ git: { url: "https://me:secret@host/x", branch: main } }'],
  ['a program for an address', '{ git: { url: "ext::sh -c ls", branch: main } }'],
  ['an option for a branch', '{ git: { url: /srv/x, branch: "--upload-pack=x" } }'],
  ['a refspec for a branch', '{ git: { url: /srv/x, branch: "main:refs/heads/other" } }'],
  ['a range for a branch', '{ git: { url: /srv/x, branch: "a..b" } }'],
  ['a path that leads out', '{ git: { url: /srv/x, branch: main, path: ../x } }'],
  ['a path that leads out in the middle', '{ git: { url: /srv/x, branch: main, path: a/../../x } }'],
  ['an absolute path', '{ git: { url: /srv/x, branch: main, path: /etc } }'],
  ["a path into git's own folder", '{ git: { url: /srv/x, branch: main, path: .git/hooks } }'],
  ['a token for ssh', '{ git: { url: "git@host:x", branch: main, token: forge } }'],
  ['a key that is none', `{ git: { url: /srv/x, branch: main, signed_by: ["${key}"] } }`],
  ['no branch', '{ git: { url: /srv/x } }'],
  ['an address in place of a source', '{ notices: [{ to: "https://chat.example.com/hooks/x" }] }'],
])('%s is refused', (_what, reconcile) => {
  const problems = read(reconcile);

  expect(problems).toHaveLength(1);
  expect(JSON.stringify(problems)).not.toContain('secret@');
});
