import type { BlockedChange } from '../plan.ts';
import { fill, type Text, type Values, type ValuesOf, type WhatOf } from './text.ts';

interface BlockedFacts {
  /** When it happens: a plain sentence for the documentation. */
  readonly when: string;
}

/** What is true of a rail: why it blocks, in one text or in several, each with a name. */
export type BlockedRow = BlockedFacts & (Text | { readonly texts: Readonly<Record<string, Text>> });

type RailName = BlockedChange['rail'];

/** Where a budget is exceeded, what an approval that was meant for it lacks, or how to give one. */
const advice = {
  approve: 'if it is right, approve {budget} in the approvals file, by users or by changes: {changes}',
  'another-set': 'the approval names another set of changes: the plan has changed since',
  'not-named': 'the approval at {file}:{line} does not name {names}',
  'not-in-base': 'the approval at {file}:{line} is not in the base yet: merge it first',
  'too-far-ahead': 'the approval at {file}:{line} is given for more than 14 days: shorten it',
  expired: 'the approval at {file}:{line} expired on {day}',
  'self-approval': 'the approval at {file}:{line} by {by} concerns its giver: let another person approve',
  'approval-not-signed':
    'the approval at {file}:{line} by {by} is not signed: commit it with a key that approvers of muster.yaml names',
  'approval-another-author':
    'the approval at {file}:{line} by {by} was committed by someone else: let the giver commit it',
  'approval-not-committed': 'the approval at {file}:{line} by {by} is not committed: commit it',
  'approval-not-verifiable': 'the approval at {file}:{line} by {by} cannot be verified',
} as const;

const rows = {
  'empty-desired-state': {
    when: 'The desired state declares no one.',
    text: 'the desired state declares no one',
    todo: 'an empty list is refused: removing everyone is never intended',
  },
  permission: {
    when: 'The account whose token muster uses may not do it.',
    text: 'the caller {caller} lacks the permission {permission}',
    todo: 'give a role of {caller} the permission, or use the token of a full system administrator',
  },
  switch: {
    when: 'A setting or the licence of the server refuses it, or the person could not sign in after it.',
    texts: {
      'no-guests': {
        text: 'the server has no guest accounts: they need a licence and GuestAccountsSettings.Enable',
        todo: 'switch guest access on, or declare the person as a member',
      },
      'guests-off': {
        text: 'the server activates no guests while guest access is off',
        todo: 'switch guest access on, or declare the person as a member',
      },
      'licensed-role': {
        text: 'the role {role} needs a licence with custom permission schemes',
        todo: 'take the role out of the entry',
      },
      'email-domain': {
        text: 'the server takes e-mails of {domains} alone',
        todo: 'write an e-mail of such a domain, or add one to {setting}.RestrictCreationToDomains',
      },
      'invalid-account': {
        text: 'the server calls {flaws}, and makes no such account',
        todo: 'take {fields} out of the entry, or write another value',
      },
      'service-off': {
        text: 'sign-in through {service} is switched off on the server: the person would be locked out',
        todo: 'switch {service} on first, or set policy.auth_service_off: warn in muster.yaml',
      },
      'no-tokens': {
        text: 'personal access tokens are switched off on the server',
        todo: 'switch ServiceSettings.EnableUserAccessTokens on (System Console, Integration Management)',
      },
    },
  },
  destination: {
    when: 'A token’s secret would be written to the default folder of a machine that is thrown away, such as a runner.',
    text: 'the secret would go to the default folder of this machine, and be lost with it',
    todo: 'name a sink for the token, secrets.default_sink, or secrets.dir in muster.yaml',
  },
  'min-admins': {
    when: 'Fewer administrators than `policy.min_admins` would be sure to remain, or the server would refuse it.',
    texts: {
      policy: {
        text: '{left}, and policy.min_admins is {wanted}',
        todo: 'make another person administrator first, apply, and plan again: what a plan gains does not count for what it loses',
      },
      server: {
        text: 'the server refuses to take system_admin while only one active person has it, and {left} would remain',
        todo: 'make another person administrator first, apply, and plan again',
      },
    },
  },
  'not-shown': {
    when: 'A gain of administration falls due by date, and no applied plan has shown it.',
    text: '{person} gains administration by a date, and no applied plan has shown it',
    todo: '{advice}',
  },
  quarantine: {
    when: '`muster reconcile` found a class over its budget: it waits for an approval, or for the time of its next try.',
    text: '{budget} was over its budget, and is tried again at {at}',
    todo: 'if it is right, approve {budget} in the approvals file',
  },
  window: {
    when: 'Nothing tells what was changed in the last 24 hours, and `policy.window` is `require`.',
    text: 'what was changed in the last 24 hours is not known, and policy.window is require',
    todo: 'let the caller read its own preferences on the server, or keep the state directory between runs',
  },
  budget: {
    when: 'More would change within 24 hours than the budget of the class allows. The whole class is blocked.',
    texts: {
      over: { text: '{budget} of {count} {what}, and the budget is {limit}', todo: '{advice}' },
      'over-after': {
        text: '{budget} of {count} {what} after {before} in the last 24 hours, and the budget is {limit}',
        todo: '{advice}',
      },
      'over-after-until': {
        text: '{budget} of {count} {what} after {before} in the last 24 hours, and the budget is {limit}',
        todo: 'the oldest count until {until}; {advice}',
      },
      'over-after-unknown': {
        text: '{budget} of {count} {what} after an unknown number in 24 hours, and the budget is {limit}',
        todo: '{advice}',
      },
      'over-after-unknown-until': {
        text: '{budget} of {count} {what} after an unknown number in 24 hours, and the budget is {limit}',
        todo: 'the oldest count until {until}; {advice}',
      },
    },
  },
  seats: {
    when: 'More people come in than the server has seats, even after everybody who leaves.',
    texts: {
      plain: {
        text: '{needing} a seat, {available} of {limit} are free',
        todo: 'deactivate people who left, get more seats, or declare fewer',
      },
      'some-unusable': {
        text: '{needing} a seat ({more} more may, whose entries cannot be used), {available} of {limit} are free',
        todo: 'deactivate people who left, get more seats, or declare fewer',
      },
    },
  },
  'team-seats': {
    when: 'More people join a team than `TeamSettings.MaxUsersPerTeam` lets in. Who leaves in the same plan makes no room yet.',
    text: '{joining} {team}, and {free} of its {limit} seats are free',
    todo: 'raise TeamSettings.MaxUsersPerTeam (System Console, Users and Teams), or declare fewer',
  },
  'last-team-admin': {
    when: 'A team would be left without an active administrator. The server itself does not keep one.',
    texts: {
      none: {
        text: '{team} would have no administrator',
        todo: 'make another person administrator of {team} first, apply, and plan again',
      },
      'not-known': {
        text: 'the other administrators of {team} are not known',
        todo: 'make another person administrator of {team} first, apply, and plan again',
      },
    },
  },
  'last-member': {
    when: 'A private channel would be left without an active member, and only a system administrator could open it again.',
    texts: {
      none: {
        text: 'the private channel {channel} would have no active member',
        todo: 'add another person to it first, or archive the channel',
      },
      'not-known': {
        text: 'the other members of the private channel {channel} are not known',
        todo: 'add another person to it first, or archive the channel',
      },
    },
  },
  prerequisite: {
    when: 'The change needs another one that is blocked, or a name that an account keeps.',
    texts: {
      blocked: { text: '{because}', todo: 'see what blocks {field} of {person}' },
      'name-taken': {
        text: '{name} belongs to the account {holder} (id {id}), which no entry moves away',
        todo: 'declare that account with another {thing}, or choose another one here',
      },
      'name-kept': {
        text: '{name} belongs to the account {holder} (id {id}), which no entry moves away',
        todo: 'an inactive account keeps its names: declare that account with another {thing}, or choose another one here',
      },
    },
  },
} as const;

export const blockedRows: Readonly<Record<RailName, BlockedRow>> = rows;

/** What stands in place of `{advice}` in a row. */
export const approvalAdvice: Readonly<Record<keyof typeof advice, string>> = advice;

type Said = Pick<BlockedChange, 'reason' | 'hint'>;

/** Fills the row of a rail, or the one of its texts that `what.is` names. */
export function block<Rail extends RailName>(
  rail: Rail,
  what: WhatOf<(typeof rows)[Rail]>,
): Said & { readonly rail: Rail };
export function block(rail: RailName, what: Values): Said & { readonly rail: RailName } {
  const row = blockedRows[rail];
  const { text, todo = '' } = ('texts' in row ? row.texts[what['is'] ?? ''] : row) ?? { text: rail };
  return { rail, reason: fill(text, what), hint: fill(todo, what) };
}

type Advice = typeof advice;

/** What to do about an approval, to fill in where a row says so. */
export function advise<Is extends keyof Advice>(is: Is, what: ValuesOf<{ readonly text: Advice[Is] }>): string {
  return fill(advice[is], what);
}
