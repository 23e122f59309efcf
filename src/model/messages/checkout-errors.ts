// What is said of the repository that muster reconcile pulls.

export const checkoutErrors = {
  GIT_PULL: {
    exit: 'unreadable',
    blame: 'user',
    when: 'The repository of reconcile.git cannot be pulled. Nothing is planned or applied from an older checkout.',
    texts: {
      'no-git': { text: 'git is not there', todo: 'install git: muster reconcile pulls with it' },
      slow: { text: 'pulling {branch} of {url} took more than {seconds} s', todo: 'check the network, and try again' },
      unreachable: { text: '{url} cannot be reached', todo: 'check the address and the network' },
      'not-allowed': {
        text: '{url} cannot be read: muster may not, or there is no such repository',
        todo: 'check reconcile.git.url and its token; for ssh the key and the known hosts',
      },
      'no-branch': { text: '{url} has no branch {branch}', todo: 'check reconcile.git.branch' },
      'bad-objects': {
        text: '{url} holds objects that git does not take',
        todo: 'check the repository with git fsck',
      },
      failed: { text: 'pulling {branch} of {url} failed (git ended with {code})', todo: 'try git fetch by hand' },
      'not-checked-out': {
        text: 'the checkout in {path} cannot be made: {why}',
        todo: 'make room there; if it stays so, delete the folder: it is pulled again',
      },
    },
  },
  GIT_REFUSED: {
    exit: 'input',
    blame: 'user',
    when: 'What the repository of reconcile.git holds by now is not taken. Nothing is planned or applied.',
    texts: {
      rewritten: {
        text: '{branch} was rewritten: {now} does not continue {before}, which was read last',
        todo: 'look at what changed; reconcile.git.follow_rewrites: true takes it',
      },
      'not-signed': {
        text: 'commit {commit} is not signed by a key of reconcile.git.signed_by: {why}',
        todo: 'sign it (git commit -S), or list the key',
      },
      'no-folder': {
        text: 'commit {commit} has no folder {path}',
        todo: 'check reconcile.git.path',
      },
    },
  },
} as const;
