// What is wrong with the settings, and with files that muster.yaml names.

export const configProblems = {
  'config-unreadable': {
    when: '`muster.yaml` cannot be read, or may belong to another person.',
    texts: {
      found: { text: 'cannot read the config {path}: {why}', todo: '{todo}' },
      named: { text: 'cannot read the config {path}: {why}', todo: 'check --config' },
      'other-owner': {
        text: 'the config {path} belongs to another user (uid {uid})',
        todo: 'name it with --config if you trust it, or run muster elsewhere',
      },
      'open-to-all': {
        text: 'the config {path} can be written by everyone',
        todo: 'name it with --config if you trust it, or run muster elsewhere',
      },
    },
  },
  'unknown-time-zone': {
    when: 'A time zone does not exist.',
    text: 'there is no time zone {zone}',
    todo: 'write a name such as Europe/Berlin or UTC',
  },
  'rule-without-days': {
    when: 'A rule of audits is given days, and counts none.',
    text: 'policy.audit.rules.{rule} names days, and this rule counts none',
    todo: 'take days out of it in muster.yaml',
  },
  'config-misnamed': {
    when: 'A config has a name that muster does not look for, so that its settings would not count.',
    text: '{path} is not read: its name is not {name}',
    todo: 'rename it to {name}, or name it with --config',
  },
  'config-above': {
    when: '`muster init` would write a config below another one.',
    text: 'this folder belongs to {path}',
    todo: 'run muster init there, or in a folder outside of it',
  },
  'no-files': {
    when: 'There is no users file.',
    texts: {
      none: {
        text: 'no users files: none is named, and {base} has no {file}',
        todo: 'muster init writes them; or name them with --files, or in files of muster.yaml',
      },
      misnamed: {
        text: 'no users files: none is named, and {base} has {other}, no {file}',
        todo: 'rename it to {file}, or name it with --files, or in files of muster.yaml',
      },
    },
  },
  'no-server': {
    when: 'No server is named.',
    texts: {
      only: {
        text: 'no server: muster does not know where to go',
        todo: 'name it with --server, in {variable}, or in server of muster.yaml',
      },
      'of-several': {
        text: 'no server: muster does not know where to go',
        todo: 'name it in {variable}, or in servers.{name}.url of muster.yaml',
      },
    },
  },
  'no-servers': {
    when: '`--all` is given, and `muster.yaml` names no servers.',
    text: 'muster.yaml has no servers',
    todo: 'name them in servers; --all is for several',
  },
  'several-servers': {
    when: '`muster.yaml` names several servers, and the command line names none of them.',
    text: 'muster.yaml has several servers: {names}',
    todo: 'name one with --server; plan, apply, validate, reconcile and status also take --all',
  },
  'no-such-server': {
    when: '`--server` gives a name that `muster.yaml` does not have.',
    // What is given is never shown: it may be an address with a password, or a token that was pasted there.
    texts: {
      near: { text: 'muster.yaml has no server of the name that --server gives', todo: 'did you mean {near}?' },
      known: { text: 'muster.yaml has no server of the name or address that --server gives', todo: 'it has {known}' },
      none: {
        text: 'muster.yaml has no servers, and what --server gives is no address',
        todo: 'write an address such as https://chat.example.com',
      },
    },
  },
  'same-server': {
    when: 'Two names in `muster.yaml` mean the same server.',
    text: '{first} and {second} are the same server',
    todo: 'keep one of them',
  },
  'server-changed': {
    when: 'The settings of a running `muster reconcile` name another server.',
    texts: {
      settings: {
        text: 'the settings name another server than the one that muster reconcile was started for',
        todo: 'start it again',
      },
      checkout: {
        text: 'muster.yaml of the checkout names another server than this machine does',
        todo: 'name the same server in both, or take it out of the one of the branch',
      },
    },
  },
  'not-with-checkout': {
    when: 'A flag names files or a base, and `muster reconcile` pulls them by `reconcile.git`.',
    text: '{flag} does not go with reconcile.git: files and settings come from its branch',
    todo: 'leave out {flag}, or take reconcile.git out of muster.yaml',
  },
  'ca-file-unreadable': {
    when: 'The file of `--ca-file` cannot be read, or holds no certificate.',
    text: 'cannot read the authorities {path}: {why}',
    todo: 'check --ca-file',
  },
  'no-base': {
    when: '`--require-base` is given without `--base`.',
    text: 'no base to compare with, and --require-base asks for one',
    todo: 'add --base with the target branch, such as origin/main; on that branch itself, HEAD',
  },
  'locked-policy': {
    when: 'A setting differs from the base that is compared with, and the base locks its policy.',
    text: '{field} is locked: {before} in {base}, {after} here',
    todo: 'policy.locked is true in the base: take this change out, or let those who may change the base change it there',
  },
  'base-unusable': {
    when: 'The base that `--base` names cannot be compared with.',
    texts: {
      'no-ref': {
        text: 'cannot compare with {name}: it is no git ref',
        todo: 'name a branch, tag or commit, such as origin/main; or a folder, beginning with ./ or /',
      },
      'dubious-ownership': {
        text: 'cannot compare with {name}: git does not trust this repository: another user owns it',
        todo: 'git config --global --add safe.directory {folder}, if you trust it',
      },
      'no-repository': {
        text: 'cannot compare with {name}: {folder} is not in a git repository',
        todo: 'run muster in the repository, or name a folder',
      },
      'in-submodule': {
        text: 'cannot compare with {name}: {folder} is in a submodule, which a pull request to the repository around it can exchange',
        todo: 'name a folder with a checkout of the base',
      },
      'two-meanings': {
        text: 'cannot compare with {name}: a branch and a tag have this name, and anyone who may push one of them could choose the base',
        todo: 'name the one that you mean in full, such as refs/remotes/origin/main',
      },
      'no-commit': {
        text: 'cannot compare with {name}: the repository has no such commit',
        todo: 'fetch it first, such as git fetch --depth=1 origin <branch>',
      },
      shallow: {
        text: 'cannot compare with {name}: this clone is shallow and does not have it',
        todo: 'fetch it first, such as git fetch --depth=1 origin <branch>, or clone with fetch-depth: 0',
      },
      'not-looked-up': {
        text: 'cannot compare with {name}: {path} cannot be looked up',
        todo: 'check the repository with git fsck; fetch what is missing',
      },
      link: {
        text: 'cannot compare with {name}: {path} is, or lies behind, a symbolic link',
        todo: 'keep the file itself at this path in the base',
      },
      submodule: {
        text: 'cannot compare with {name}: {path} lies in a submodule',
        todo: 'name a folder with a checkout of the base',
      },
      folder: {
        text: 'cannot compare with {name}: {path} is a folder',
        todo: 'keep a file at this path in the base',
      },
      'too-large': {
        text: 'cannot compare with {name}: {path} is larger than 1 MiB',
        todo: 'check whether it is the right file',
      },
      'not-read': {
        text: 'cannot compare with {name}: {path} cannot be read',
        todo: 'check the repository with git fsck; fetch what is missing',
      },
      'no-utf-8': { text: 'cannot compare with {name}: {path} is not UTF-8 text', todo: 'save it as UTF-8' },
      'no-such-folder': {
        text: 'cannot compare with {name}: there is no such folder',
        todo: 'name a folder, or a git ref without ./',
      },
      'file-unreadable': { text: 'cannot compare with {name}: {path}: {why}', todo: '{todo}' },
      outside: {
        text: 'cannot compare with {name}: {path} lies outside {root}',
        todo: 'run muster in the repository that holds the config',
      },
      'no-git': { text: 'cannot compare with {name}: git is not there', todo: 'install git, or name a folder' },
      'git-says-too-much': {
        text: 'cannot compare with {name}: git said more than was asked for',
        todo: 'check the repository with git fsck',
      },
      'git-too-slow': {
        text: 'cannot compare with {name}: git took more than {seconds} s',
        todo: 'try again, or name a folder',
      },
      'git-not-run': {
        text: 'cannot compare with {name}: git cannot be run ({why})',
        todo: 'check git, or name a folder',
      },
    },
  },
} as const;
