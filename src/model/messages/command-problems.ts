// What is wrong with a command line: flags that do not fit, names that are not known.

export const commandProblems = {
  usage: {
    when: 'The command line cannot be read: an unknown command or option, a value that is missing.',
    text: '{what}',
    todo: '{advice}',
  },
  'no-such-entry': {
    when: 'A username is named that no entry declares.',
    texts: {
      none: { text: 'no entry is called {name}', todo: 'name a username as the users files declare it' },
      near: { text: 'no entry is called {name}', todo: 'did you mean {near}?' },
      'no-account': {
        text: 'no entry is called {name}, and no account of the server',
        todo: 'name a username as the users files declare it',
      },
      'no-account-near': {
        text: 'no entry is called {name}, and no account of the server',
        todo: 'did you mean {near}?',
      },
    },
  },
  'no-such-account': {
    when: 'An account is named that the server does not have.',
    texts: {
      import: { text: 'the server has no account {name}', todo: 'name it by its username or its e-mail' },
      audit: { text: 'there is no person {name} on the server', todo: 'write the username, or the id of the account' },
    },
  },
  'no-entry-possible': {
    when: 'An account is to be imported that no entry can stand for, such as a bot.',
    text: 'no entry can stand for {name}: {why}',
    todo: 'leave it out',
  },
  'no-such-run': {
    when: 'A run is named that is not recorded in the state directory, or every run was taken back.',
    texts: {
      journal: {
        text: 'there is no run {run}',
        todo: 'muster journal shows the runs that are recorded here; --state-dir names another place',
      },
      undo: {
        text: 'there is no run {run}',
        todo: 'muster journal shows the runs that are recorded here; --run names one, --state-dir another place',
      },
      none: {
        text: 'every run that is recorded here is taken back already',
        todo: 'muster journal shows the runs that are recorded here; --run names one, --state-dir another place',
      },
    },
  },
  'not-in-run': {
    when: 'A part of a run is to be taken back that concerns a person whom it did not change.',
    texts: {
      none: {
        text: 'run {run} changed no person called {name}',
        todo: 'muster journal show names whom it changed',
      },
      near: { text: 'run {run} changed no person called {name}', todo: 'did you mean {near}?' },
    },
  },
  'plan-is-fixed': {
    when: 'A plan file is given together with options that make another plan.',
    texts: {
      apply: {
        text: 'a plan file is carried out as it is',
        todo: 'give --user, --only and --at to muster plan --out',
      },
      undo: {
        text: 'the plan file names the run that it takes back',
        todo: 'give --plan without --run, --out, --user and --only',
      },
    },
  },
  'plan-is-of-one-server': {
    when: 'A plan file is given together with `--all`.',
    text: 'a plan file is of one server',
    todo: 'give --server with the name of its server in place of --all',
  },
  'option-alone': {
    when: 'An option is given that means nothing without another one.',
    text: '{option} means nothing without {others}',
    todo: 'give both, or leave {option} out',
  },
  'run-is-fixed': {
    when: '`--resume` is given together with options that make another plan.',
    text: 'an interrupted run is resumed with the options that it began with',
    todo: 'give --resume without a plan file, --user, --only and --at',
  },
  'valid-for-too-long': {
    when: '`--valid-for` is longer than a plan file can be valid.',
    text: '--valid-for is longer than 14 days',
    todo: 'make a new plan instead',
  },
  'no-one-to-ask': {
    when: 'A run needs a yes, and there is no terminal to ask at.',
    texts: {
      apply: { text: 'there is no terminal to ask at', todo: 'look at muster plan first, then add --yes' },
      'apply-all': {
        text: 'there is no terminal to ask at',
        todo: 'look at muster plan --all first, then add --yes',
      },
      undo: {
        text: 'there is no terminal to ask at',
        todo: 'look at muster undo --out undo.json first, then add --yes',
      },
    },
  },
  'two-selections': {
    when: '`muster import` is given `--user` and `--undeclared`.',
    text: '--user and --undeclared exclude each other',
    todo: 'give one of them',
  },
  'no-table': {
    when: '`--map` or `--encoding` is given without a table.',
    text: '--map and --encoding say how a table is read, and no table is named',
    todo: 'name it: --from-csv FILE',
  },
  'file-exists': {
    when: 'A users file would be written over another file.',
    text: '{path} is there already',
    todo: 'choose another name, or move it away',
  },
  'nothing-reconciled': {
    when: '`muster status` finds nothing of `muster reconcile`.',
    text: 'muster reconcile has left nothing here',
    todo: 'start it first; --state-dir names another place',
  },
  'no-queue': {
    when: '`muster reconcile --queue` finds no address of a queue in the environment.',
    text: 'no queue: MUSTER_QUEUE_URL is not set',
    todo: 'set MUSTER_QUEUE_URL to postgres://user:password@host:5432/database',
  },
  'queue-not-installed': {
    when: 'The package that talks to the queue is not installed: it is optional.',
    text: 'a queue needs the package pg-boss, which is not installed',
    todo: 'npm install pg-boss@10.4.2 beside muster',
  },
  'format-for-one-server': {
    when: '`--all` is given with a format that is a file about one server.',
    text: '--format {format} is for one server',
    todo: 'name a server with --server in place of --all',
  },
  'never-pull-request-target': {
    when: '`muster ci` runs in a workflow for the event `pull_request_target`, whose token may write while its files are those of anyone.',
    text: 'muster ci does not run for pull_request_target',
    todo: 'plan by workflow_run, or in a job with a protected environment: docs/gitops.md shows both',
  },
  'not-in-job': {
    when: '`muster ci` is told to talk to GitHub or GitLab, and what their jobs know of themselves is not there.',
    text: '{variable} is not set as a job sets it',
    todo: 'run it in a job of that forge, or use --forge plain',
  },
  'no-pull-request': {
    when: 'A pull request is named that there cannot be, or `muster ci` is to work on one and finds none.',
    texts: {
      'no-number': { text: '--pull-request {name} is no number', todo: 'name it by its number' },
      'no-name': {
        text: '--pull-request {name} is no name',
        todo: 'use letters, digits, dots and dashes, at most 100',
      },
      'no-list': { text: '--forge plain cannot list open pull requests', todo: 'name one with --head and --target' },
      conflicts: {
        text: 'the pull request cannot be merged into {target}: both change the same lines',
        todo: 'merge {target} into it, and push',
      },
      link: {
        text: 'the users file {path} is a link, which may lead to another file than is planned',
        todo: 'put the file itself in its place',
      },
    },
  },
  'nothing-reviewed': {
    when: '`muster ci apply` finds no plan that was reviewed and that it may carry out. Nothing was written.',
    texts: {
      'no-pull-request': {
        text: 'no merged pull request brought the commit {commit}, so no plan of it was reviewed',
        todo: 'run muster ci plan on this branch, look at it, and apply it with --digest',
      },
      'no-plan': {
        text: 'the pull request {name} has no plan that muster signed',
        todo: 'run muster ci plan on this branch, look at it, and apply it with --digest',
      },
      'not-signed': {
        text: 'the comment of the pull request {name} is not as muster signed it',
        todo: 'find out who changed it, and whether the token of muster was replaced; then run muster ci plan on this branch, look at it, and apply it with --digest',
      },
      'other-commit': {
        text: 'the plan of the pull request {name} was made for {planned}, and {merged} was merged',
        todo: 'run muster ci plan on this branch, look at it, and apply it with --digest',
      },
      'not-kept': {
        text: 'the plan {digest} is not kept here',
        todo: 'name where muster ci plan kept it with --state, or plan again',
      },
      'no-commit': {
        text: 'no plan is named, and nothing says which commit was merged',
        todo: 'give --digest with the digest that was reviewed',
      },
    },
  },
  'no-remote': {
    when: '`muster ci` finds no address of the repository to fetch from, or one that it does not take.',
    text: 'the repository of this folder has no remote origin that muster can fetch from',
    todo: 'check it out from an https, ssh or local address, or name one with --remote',
  },
  'cannot-listen': {
    when: '`muster reconcile --listen` cannot use the address.',
    text: 'cannot listen at {host}:{port}: {why}',
    todo: 'choose another address with --listen',
  },
  'sandbox-refused': {
    when: 'The embedded server cannot be started as it is asked to.',
    texts: {
      'port-taken': { text: 'the port {port} is taken', todo: 'choose another with --port, or 0 for a free one' },
      'no-port': { text: '--port {port} is no port', todo: 'expected a number from 0 to 65535' },
      licence: { text: '--licence {licence} is not known', todo: 'expected none, professional or enterprise' },
      'no-switch': { text: '--set {set}: there is no such switch', todo: 'known: {known}' },
      'no-boolean': { text: '--set {set}: expected true or false', todo: '{name} is a switch' },
      'no-number': { text: '--set {set}: expected a whole number', todo: '{name} is a number' },
      data: { text: '{why}', todo: 'fix the seed or the state file' },
    },
  },
} as const;
