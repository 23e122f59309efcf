// What is said of the forge that pull requests are reviewed on, and of what muster keeps between jobs.

export const forgeErrors = {
  FORGE_FAILED: {
    exit: 'unreadable',
    blame: 'server',
    when: 'GitHub or GitLab does not answer, or not as it should, so a comment or an issue is not as it should be. What was planned or applied stands.',
    texts: {
      'no-answer': {
        text: '{forge} did not answer in {tries} tries: {why}',
        todo: 'run the job again; what it planned stands in the summary of the job',
      },
      status: {
        text: '{forge} answered {status} to {method} {path}',
        todo: 'run the job again; what it planned stands in the summary of the job',
      },
      unread: {
        text: '{forge} answered {method} {path} with something else than expected',
        todo: 'check its address: {base}',
      },
    },
  },
  FORGE_REFUSED: {
    exit: 'unreadable',
    blame: 'user',
    when: 'GitHub or GitLab refuses what a job of muster asks of it: the token of the job may not write comments or issues.',
    texts: {
      forbidden: {
        text: '{forge} answered {status} to {method} {path}: the token of the job may not do that',
        todo: 'give the job the permissions that docs/gitops.md lists; a pull request from a fork has none, whatever its workflow says',
      },
      'no-token': {
        text: 'there is no token for {forge}: {variable} is not set',
        todo: 'set it in the step that runs muster, and nowhere else',
      },
    },
  },
  CI_STATE: {
    exit: 'bug',
    blame: 'user',
    when: 'What muster keeps between jobs cannot be read or written.',
    texts: {
      'not-pushed': {
        text: 'the branch {branch} moved in each of {tries} tries to push to it',
        todo: 'run the job again',
      },
      'push-refused': {
        text: 'the repository does not take a push to the branch {branch}',
        todo: 'let the job write there (contents: write), and let no rule for branches forbid it',
      },
      'git-failed': { text: 'git {command} ended with {code} for the branch {branch}', todo: 'try it by hand' },
      'too-large': { text: '{file} is too large to be kept between jobs', todo: 'put old journals away' },
      unwritable: { text: '{path} cannot be written: {why}', todo: 'choose another folder with --state' },
    },
  },
  STATE_CLAIMED: {
    exit: 'locked',
    blame: 'user',
    when: 'Another job applies with the same state: it has claimed the branch.',
    text: 'the branch {branch} is claimed by another job until {until}',
    todo: 'run this job again when the other one is over',
  },
} as const;
