import { expect, test } from 'vitest';
import { gitSchemeOf } from '../../src/config/git-address.ts';

test.each([
  ['https://git.example.com/it/chat.git', 'https'],
  ['ssh://git@git.example.com:2222/it/chat.git', 'ssh'],
  ['git@git.example.com:it/chat.git', 'ssh'],
  ['/srv/git/chat.git', 'file'],
  ['http://127.0.0.1:3000/chat.git', 'http'],
  ['http://[::1]/chat.git', 'http'],
])('%s is an address of a repository', (url, scheme) => {
  expect(gitSchemeOf(url)).toBe(scheme);
});

test.each([
  ['a password', 'https://me:secret@git.example.com/chat.git'],
  ['a user who could be a token', 'https://ghp_secret@git.example.com/chat.git'],
  ['a password of ssh', 'ssh://git:secret@git.example.com/chat.git'],
  ['no encryption', 'http://git.example.com/chat.git'],
  ['the old protocol', 'git://git.example.com/chat.git'],
  ['a program', 'ext::sh -c "touch /tmp/ran"'],
  ['a program of the short form', 'a@b::sh'],
  ['an option', '--upload-pack=touch'],
  ['an option of ssh', 'ssh://-oProxyCommand=touch/chat.git'],
  ['a user that is an option', 'ssh://-oProxyCommand=x@host/chat.git'],
  ['a relative path', '../chat.git'],
  ['a file URL', 'file:///srv/git/chat.git'],
  ['a query', 'https://git.example.com/chat.git?token=secret'],
  ['blanks', 'https://git.example.com/a b'],
  ['a new line', 'git@git.example.com:it\nchat'],
  ['nothing', ''],
])('with %s it is none', (_what, url) => {
  expect(gitSchemeOf(url)).toBeUndefined();
});
