// What is said of plans and of their files.

export const planErrors = {
  PLAN_FILE_REFUSED: {
    exit: 'planRefused',
    blame: 'user',
    when: 'A plan file is not what was planned, or not for this moment, server or version. Nothing was written.',
    texts: {
      unreadable: { text: 'plan file refused: {path} cannot be read ({why})', todo: '{todo}' },
      yaml: {
        text: 'plan file refused: {path} is YAML, expected a plan file',
        todo: 'muster apply -f {path} plans and applies a users file',
      },
      'too-deep': { text: 'plan file refused: {path} is nested too deep', todo: 'make a new plan' },
      'no-json': { text: 'plan file refused: it is not JSON', todo: 'make a new plan' },
      'no-plan': {
        text: 'plan file refused: it is not a plan of this version: {flaw}',
        todo: 'make a new plan',
      },
      changed: {
        text: 'plan file refused: its content does not fit its digest: it was changed',
        todo: 'make a new plan',
      },
      reformatted: { text: 'plan file refused: it was reformatted or changed', todo: 'make a new plan' },
      'other-digest': {
        text: 'plan file refused: its digest is {digest}, and {reviewed} was reviewed',
        todo: 'apply the file that was reviewed, or review this one',
      },
      'other-server': {
        text: 'plan file refused: it was made for {url} (key {key}), and {server} has the key {serverKey}',
        todo: 'make a new plan against this server',
      },
      'other-version': {
        text: 'plan file refused: it was made by muster {version}, and this is {own}',
        todo: 'make a new plan with this version',
      },
      'other-caller': {
        text: 'plan file refused: it was made with the token of another account',
        todo: 'make a new plan',
      },
      'of-future': {
        text: 'plan file refused: it was made for {moment}, which has not come',
        todo: 'make a plan without --at; if there was none, compare the clocks of both machines',
      },
      expired: {
        text: 'plan file refused: it expired at {moment}',
        todo: 'make a new plan, or apply with --valid-for (at most 14d)',
      },
      'used-before': {
        text: 'plan file refused: it was used before: a plan is used once',
        todo: 'make a new plan; or, if its run was interrupted, resume it by muster apply --resume, or in a job by muster ci apply --resume',
      },
      'not-merged': {
        text: 'plan file refused: it stands on approvals that were not merged when it was made',
        todo: 'merge them, then make a new plan with --base',
      },
      'not-compared': {
        text: 'plan file refused: its approvals were never compared with a base, and --base asks for that',
        todo: 'make a new plan with --base',
      },
      'of-undo': { text: 'plan file refused: it takes back the run {run}', todo: 'use muster undo --plan' },
      'not-of-undo': { text: 'plan file refused: it takes no run back', todo: 'use muster apply' },
      'run-gone': {
        text: 'plan file refused: the run {run}, which it takes back, is gone',
        todo: 'make a new plan',
      },
      'other-plan': { text: 'plan file refused: it is not the plan that the run began with', todo: 'make a new plan' },
    },
  },
  WINDOW_MOVED: {
    exit: 'planRefused',
    blame: 'user',
    when: 'Between plan and first write the run of another machine used budgets that this plan counts in. Nothing was written.',
    text: 'another run used {count} of the budget of {budget} since this plan was made',
    todo: 'run it again: a new plan counts what that run did',
  },
  WINDOW_NOT_RECORDED: {
    exit: 'unreadable',
    blame: 'server',
    when: 'The run cannot be recorded on the server, and `policy.window` is `require`. Nothing was written.',
    text: 'the run cannot be recorded on the server, and policy.window is require',
    todo: 'let the caller write its own preferences on the server, or set policy.window to report',
  },
  RESUME_REFUSED: {
    exit: 'failed',
    blame: 'user',
    when: 'An interrupted run was cleaned up, but its plan is too old, or not the one that it began with.',
    text: 'the interrupted run was cleaned up, but cannot be resumed: {why}',
    todo: 'run muster apply: it plans again',
  },
  PLAN_NOT_COMPLETE: {
    exit: 'bug',
    blame: 'bug',
    when: 'Differences and actions do not fit: muster made no action of a change, or an action of none. Nothing was written.',
    texts: {
      'no-action': {
        text: 'no action makes these changes: {changes}',
        todo: 'please report it; nothing was written',
      },
      'odd-action': {
        text: 'actions make changes that did not pass, or twice: {changes}',
        todo: 'please report it; nothing was written',
      },
    },
  },
} as const;
