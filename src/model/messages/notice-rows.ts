import { type ProblemRow, textOfRow } from './problem-row.ts';
import type { Values, WhatOf } from './text.ts';

const rows = {
  'files-will-redo': {
    when: 'Something is taken back that the users files still ask for.',
    text: 'the users files still ask for what this takes back: the next apply does it again',
    todo: 'change the users files as well',
  },
  'account-gone': {
    when: 'An account that a run changed is no longer there when the run is taken back.',
    text: '{person} (id {id}) is no longer shown by the server: nothing is undone there',
  },
  'account-not-known': {
    when: 'A run that is taken back may have made an account, and its journal does not say which.',
    text: '{action} may have been written, but the account was not recorded: it is left as it is',
    todo: 'check whether {person} has an account',
  },
  'not-deleted': {
    when: 'A run that is taken back created an account.',
    text: 'the run created the account: it is deactivated, never deleted',
  },
  'cannot-be-undone': {
    when: 'A part of a run cannot be taken back.',
    texts: {
      final: { text: '{classes} ({attributes}) cannot be undone' },
      'final-because': { text: '{classes} ({attributes}) cannot be undone: {because}' },
      'role-gone': { text: 'the server has no role {roles} any more: it is not given back' },
      'stays-taken': { text: 'is inactive again, so that {taken} which the run took are not given back' },
      'key-stays': {
        text: '{attribute} was not there before the run, and a key cannot be taken away: it is left as it is',
      },
    },
  },
  'changed-since': {
    when: 'A field was changed since the run that is taken back.',
    text: '{attribute} was changed since the run: it is left as it is',
  },
  'sign-in-service-off': {
    when: 'A person gets a way to sign in that the server has switched off.',
    text: 'sign-in through {service} is switched off on the server',
    todo: 'until {service} is switched on the person cannot sign in',
  },
  'deactivation-is-final': {
    when: 'The server is above its limit of people, and would not activate again who leaves now.',
    texts: {
      one: {
        text: 'the server has {people}, and above its limit of {limit} it activates no one: who leaves cannot come back, nor by an undo',
        todo: 'deactivate only who is never to come back, until fewer than {fewer} active',
      },
      several: {
        text: 'the server has {people}, and above its limit of {limit} it activates no one: the {leaving} who leave cannot come back, nor by an undo',
        todo: 'deactivate only who is never to come back, until fewer than {fewer} active',
      },
    },
  },
  'mails-off': {
    when: 'New people are to be invited by a mail, and the server sends none.',
    text: 'policy.invite is reset_mail, and the server sends no mails: new people will not hear of their account',
    todo: 'switch on e-mail notifications on the server, or tell the new people by other means',
  },
  'window-unknown': {
    when: 'What was changed in the last 24 hours is not known, so budgets count the plan alone.',
    text: 'budgets count this plan alone: what was changed in the last 24 hours is not known',
    todo: 'let the caller read its own preferences on the server, or keep the state directory between runs',
  },
  'administrators-name': {
    when: 'A person takes a username or an e-mail that an administrator has or had.',
    text: 'takes {name}, a name that the administrator {holder} has or had',
    todo: 'anyone who uses that name for the administrator will reach another account',
  },
  'auth-data-case': {
    when: 'The sign-in data of an entry and of the account differ in upper and lower case alone.',
    text: "the auth data {wanted} differs from the account's {found} only in case",
    todo: 'the server compares it exactly: write it as the sign-in service sends it',
  },
  'inactive-not-managed': {
    when: 'An account is inactive, and its entry does not say whether it should be.',
    text: 'the account is inactive and the entry does not say whether it should be',
    todo: 'write active: true to bring it back, or active: false to say so',
  },
  'setting-not-known': {
    when: 'A key of `notify_props` or `timezone` is none that clients know.',
    texts: {
      known: {
        text: '{setting} of {username} is no setting that clients know: the server stores it all the same',
        todo: 'known: {known}',
      },
      many: {
        text: '{setting} of {username} is no setting that clients know: the server stores it all the same',
        todo: 'check the spelling',
      },
    },
  },
  'setting-value-not-known': {
    when: 'A value of `notify_props` or `timezone` is none that clients know.',
    texts: {
      known: {
        text: '{setting} of {username} is {value}, which clients do not know: the server stores it all the same',
        todo: 'known: {known}',
      },
      many: {
        text: '{setting} of {username} is {value}, which clients do not know: the server stores it all the same',
        todo: 'check the spelling',
      },
    },
  },
  'comes-back-to': {
    when: 'An account that becomes active again is in teams or private channels that its entry does not name.',
    text: 'comes back to {places}, which the entry does not name',
    todo: 'name them in the entry, end them there, or set policy.returners.memberships: leave',
  },
  'bots-go-along': {
    when: 'A deactivation disables the bots of the person, as the server is set (`DisableBotsWhenOwnerIsDeactivated`). An activation does not bring them back.',
    text: 'the server disables with {username}: {bots}',
    todo: 'give bots that have to go on to another owner first',
  },
  'exact-place-missing': {
    when: 'The server does not have a team or channel of `policy.memberships.exact`, or has archived it.',
    text: 'policy.memberships.exact names {place}, which the server does not have, or has archived',
    todo: 'correct the name in muster.yaml, or take it out there',
  },
  'exact-comes-with-team': {
    when: 'A channel of `policy.memberships.exact` is one that the server adds everyone to who joins its team.',
    text: '{place} cannot be exact: the server adds everyone to it who joins the team',
    todo: 'take it out of policy.memberships.exact, or out of TeamSettings.ExperimentalDefaultChannels of the server',
  },
  'leaves-channels': {
    when: 'A person leaves a team. All its channels go with it, and joining again brings none of them back.',
    texts: {
      channels: { text: 'leaves {team} and with it {channels}: joining again brings none of this back' },
      'no-channel': { text: 'leaves {team}: joining again brings back no channels, roles or settings' },
    },
  },
  'token-made-twice': {
    when: 'Runs that lost a response made a token twice.',
    text: '{tokens} carry the mark {mark}, made by runs that lost an answer',
    todo: 'raise the generation of {name}: the rotation revokes them all',
  },
  'token-mark-ahead': {
    when: 'The mark of a token names a day that is still to come.',
    text: 'the mark of {mark} names {day}, a day to come: its age says nothing',
    todo: 'raise generation to {next} to rotate it',
  },
  'token-never-expires': {
    when: 'A token is to be rotated before it expires, and the live one never does.',
    text: 'the token {mark} never expires, so rotate_before does not rotate it',
    todo: 'raise generation to {next} to give it an end',
  },
  'token-expires-soon': {
    when: 'A declared token ends within 14 days.',
    text: 'the token {mark} expires on {day}',
    todo: 'raise generation to {next} to rotate it',
  },
  'token-expired': {
    when: 'A declared token has ended.',
    text: 'the token {mark} expired on {day}',
    todo: 'raise generation to {next} to rotate it',
  },
  'left-without-token': {
    when: 'Taking back a run leaves a person without a token that works.',
    text: 'is left without a token that works: what the run revoked cannot come back',
    todo: 'declare a higher generation of the token, so that the next apply makes one',
  },
  'foreign-tokens': {
    when: 'A person has tokens that muster did not make.',
    texts: {
      person: {
        text: 'has {tokens} that muster did not make',
        todo: 'revoke what is not needed; policy.foreign_tokens decides what muster does about them',
      },
      'own-person': {
        text: 'has {tokens} that muster did not make, one of which muster may be using',
        todo: 'revoke what is not needed; policy.foreign_tokens decides what muster does about them',
      },
      administrator: {
        text: 'an administrator with {tokens} that muster did not make',
        todo: 'revoke what is not needed; policy.foreign_tokens decides what muster does about them',
      },
      'own-administrator': {
        text: 'an administrator with {tokens} that muster did not make, one of which muster may be using',
        todo: 'revoke what is not needed; policy.foreign_tokens decides what muster does about them',
      },
    },
  },
  'foreign-tokens-not-listed': {
    when: 'The server does not let the caller list tokens.',
    text: 'tokens that muster did not make are not known of everybody: the server lets the caller not list tokens',
    todo: 'use the token of a system administrator, or set policy.foreign_tokens: ignore',
  },
} as const;

/** Stable, in small letters: plans and scripts rely on it. */
export type NoticeCode = keyof typeof rows;

/** What a reader of a plan should know that is no change, in the order of the documentation. */
export const noticeRows: Readonly<Record<NoticeCode, ProblemRow>> = rows;

/** What has to be said with the code of a notice. */
export type WhatOfNotice<Code extends NoticeCode> = WhatOf<(typeof rows)[Code]>;

/** A notice before anyone says whom it is about. */
export interface NoticeText {
  readonly code: NoticeCode;
  readonly text: string;
  readonly hint?: string;
}

/** Fills the row of a code, or the one of its texts that `what.is` names. */
export function note<Code extends NoticeCode>(code: Code, what: WhatOfNotice<Code>): NoticeText;
export function note(code: NoticeCode, what: Values): NoticeText {
  return { code, ...textOfRow(code, noticeRows[code], what) };
}
