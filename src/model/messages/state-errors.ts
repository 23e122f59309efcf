// What is said of the state directory: the folder itself, the lock, journals and signatures.

export const stateErrors = {
  STATE_DIR: {
    exit: 'input',
    blame: 'user',
    when: 'The state directory is not usable, or not safe: others could write to it or exchange it.',
    texts: {
      'no-home': {
        text: 'there is no home directory to keep the state directory in',
        todo: 'name one with --state-dir, or set HOME',
      },
      'no-folder': { text: '{path} is not a folder', todo: 'choose another with --state-dir' },
      'other-owner': { text: '{path} belongs to another user', todo: 'choose another with --state-dir' },
      'other-owner-above': {
        text: '{path}, above the state directory, belongs to another user',
        todo: 'choose another with --state-dir',
      },
      'others-may-write': { text: 'others may write into {path}', todo: 'chmod 700 {path}' },
      'everybody-may-write-above': {
        text: 'everybody may write into {path}, above the state directory',
        todo: 'chmod o-w {path}, or choose another state directory with --state-dir',
      },
      'cannot-make': {
        text: 'the state directory {path} cannot be made ({why})',
        todo: 'choose another with --state-dir',
      },
      'cannot-look': {
        text: 'the state directory {path} cannot be looked at ({why})',
        todo: 'choose another with --state-dir',
      },
      'cannot-list': {
        text: 'the state directory {path} cannot be listed ({why})',
        todo: 'choose another with --state-dir',
      },
      'in-repository': {
        text: 'the state directory {path} lies in the repository {repository}',
        todo: 'choose one outside with --state-dir, or put a .gitignore with * into it',
      },
      'memory-not-written': {
        text: '{path} cannot be written ({why})',
        todo: 'make room there, or choose another place with --state-dir',
      },
      'memory-not-read': {
        text: '{path}, which remembers who was declared, cannot be read: {why}',
        todo: 'delete the file: the next apply remembers anew, but does not know who was declared before',
      },
      'reconcile-not-read': {
        text: '{path}, which remembers what muster reconcile did, cannot be read: {why}',
        todo: 'delete the file: the next cycle begins anew',
      },
      'reconcile-changed': {
        text: '{path} is not as muster reconcile writes it',
        todo: 'delete the file: the next cycle begins anew',
      },
      'lock-not-taken': {
        text: 'the lock of the state directory {path} cannot be taken ({why})',
        todo: 'make room there, or choose another with --state-dir',
      },
      'lock-counted-out': { text: 'no run made {path}, and none can take the lock after it', todo: 'remove {path}' },
    },
  },
  JOURNAL_BROKEN: {
    exit: 'input',
    blame: 'user',
    when: 'A journal cannot be read, or not by this version of muster.',
    texts: {
      'bad-line': {
        text: '{file}, line {line}: cannot be read as a line of a journal',
        todo: 'put back the file as it was; or look for tokens that this run made (their descriptions hold "muster:" and its day), then move {file} away',
      },
      'other-version': {
        text: '{file}, line {line}: written by another version of muster, and not understood by this one',
        todo: 'use the version that wrote it',
      },
      'plan-missing': {
        text: 'the plan of the run {run} is missing ({file})',
        todo: 'put the file back, or make a new plan',
      },
      'of-evidence': {
        text: 'a journal cannot be read: {flaw}',
        todo: 'run muster journal verify; put back the state directory as it was, or name another with --state-dir',
      },
      unreadable: {
        text: '{file} cannot be read: {why}',
        todo: 'remove it, or choose another place with --state-dir',
      },
    },
  },
  JOURNAL_TAMPERED: {
    exit: 'tampered',
    blame: 'user',
    when: 'A journal can be read, and is not as it was written: a line was edited, removed or moved, or its plan is another.',
    texts: {
      'line-changed': {
        text: '{file}, line {line}: not as it was written, or not in its place',
        todo: 'put back the file as it was; or look for tokens that this run made (their descriptions hold "muster:" and its day), then move {file} away',
      },
      'of-evidence': {
        text: 'a journal is not as it was written: {flaw}',
        todo: 'run muster journal verify; put back the state directory as it was, or name another with --state-dir',
      },
      gap: {
        text: 'the journals do not follow one another: {flaw}',
        todo: 'run muster journal verify and put back what is missing; where it is lost, move the journals before it out of the state directory, and keep them',
      },
      'other-run': {
        text: '{file} is the journal of the run {run}',
        todo: 'give the file its own name again',
      },
    },
  },
  STATE_TAMPERED: {
    exit: 'tampered',
    blame: 'user',
    when: 'A file of the state directory carries a signature of this token that does not fit it.',
    texts: {
      'wrong-signature': {
        text: '{file} was tampered with: its signature does not fit',
        todo: 'find out who changed it; muster apply plans again without it',
      },
      'other-plan': {
        text: '{file} was tampered with: its journal names another plan',
        todo: 'find out who changed it; muster apply plans again without it',
      },
    },
  },
  STATE_NOT_SIGNED: {
    exit: 'input',
    blame: 'user',
    when: 'A file of a state directory that is not your own has no signature, or one of another token.',
    texts: {
      'no-signature': {
        text: '{file} is not signed, so nothing shows that muster wrote it',
        todo: 'use the token that wrote it, or your own state directory (no --state-dir, no CI); or run muster apply, which plans again without it',
      },
      'other-token': {
        text: '{file} is signed with another token than this one',
        todo: 'use the token that wrote it, or your own state directory (no --state-dir, no CI); or run muster apply, which plans again without it',
      },
      unreadable: { text: '{why}', todo: 'find out who changed it; muster apply plans again without it' },
    },
  },
  STATE_END_MISSING: {
    exit: 'input',
    blame: 'user',
    when: 'A journal has no end, and the server knows of no run that was cut short: lines may have been removed.',
    text: '{file} has no end, and the server knows of no run that was cut short there',
    todo: 'find out who cut its end off; or use your own state directory (no --state-dir, no CI); muster apply plans again without it',
  },
  JOURNAL_WRITE: {
    exit: 'bug',
    blame: 'user',
    when: 'The journal cannot be written, so muster makes no call any more.',
    texts: {
      'not-begun': {
        text: 'the journal of this run cannot be written ({why})',
        todo: 'make room in the state directory, or name another with --state-dir',
      },
      broken: {
        text: 'the journal of this run cannot be written ({why})',
        todo: 'make room in the state directory, then run muster apply --resume',
      },
    },
  },
  LOCKED: {
    exit: 'locked',
    blame: 'user',
    when: 'Another run works with the state directory, or on the server.',
    texts: {
      contended: { text: 'other runs of muster keep taking the lock', todo: 'try again' },
      held: {
        text: 'another run of muster holds the state directory ({holder})',
        todo: 'wait for it to end; if it certainly has, remove {path}',
      },
      'held-by-unknown': {
        text: 'another run of muster holds the state directory (it does not say who)',
        todo: 'wait for an hour in which nothing writes it, or remove {path} if no run of muster is under way',
      },
      'run-held': { text: 'run {run} is under way ({done} of {actions}): {lock}', todo: '{todo}' },
      lease: {
        text: 'another run of muster works on this server ({run} on {host})',
        todo: 'wait for it to end; if it died, its lease ends by itself at {until}',
      },
    },
  },
} as const;
