import type { Text, Values, WhatOf } from './text.ts';
import { fill } from './text.ts';

interface HeldText extends Text {
  readonly todo: string;
}

interface HeldFacts {
  /** When it happens: a plain sentence for the documentation. */
  readonly when: string;
}

/** Why a difference is held: a real one that muster will not or cannot write. A code has one text, or several, each with a name. */
export type HeldRow = HeldFacts & (HeldText | { readonly texts: Readonly<Record<string, HeldText>> });

const rows = {
  protected: {
    when: 'The account stands in `policy.protect`.',
    text: 'the account is protected',
    todo: 'it stands in policy.protect of muster.yaml: change it by hand, or take it out there',
  },
  'unusable-entry': {
    when: 'An entry that cannot be used may mean this account, or want this name.',
    texts: {
      account: {
        text: 'the entry at {place} cannot be used, and may mean this account',
        todo: 'fix that entry first',
      },
      name: { text: 'the entry at {place} cannot be used, and may want {name}, too', todo: 'fix that entry first' },
    },
  },
  caller: {
    when: 'The account is the one whose token muster uses: muster never changes its e-mail, roles, active flag, sign-in and tokens.',
    text: 'this is the account whose token muster uses: muster never changes its e-mail and access',
    todo: 'run muster with the token of another system administrator',
  },
  'caller-owner': {
    when: 'The person owns the bot whose token muster uses.',
    text: 'this person owns the bot whose token muster uses: without them the bot would be disabled',
    todo: 'give the bot to another owner first',
  },
  'magic-link-guest': {
    when: 'The server sets no password for guests who sign in by a magic link, and promotes none.',
    text: 'the server keeps guests who sign in by a magic link as they are: it sets no password for them and promotes none',
    todo: 'take the field out of the entry, or invite the person anew',
  },
  'ldap-owns-active': {
    when: 'The server refuses to change the active flag of LDAP people.',
    text: 'the server refuses to change the active flag of people who sign in through LDAP',
    todo: 'disable the person in the directory; the next LDAP sync follows it',
  },
  'sso-owns-username': {
    when: 'The sign-in provider owns the username.',
    text: 'the server keeps the username of people who sign in through {service}',
    todo: 'rename the person at the provider, or move them to e-mail login first',
  },
  'sso-owns-email': {
    when: 'The sign-in provider owns the e-mail.',
    text: 'the server does not change the e-mail of people who sign in through {service}',
    todo: 'change it at the provider; the next sign-in brings it',
  },
  'sso-owns-name': {
    when: 'The sign-in provider owns first and last name.',
    text: 'the server keeps the names of people who sign in through {service}',
    todo: 'change the name at the provider',
  },
  'provider-owns-field': {
    when: 'The sign-in provider fills in this field on the server.',
    text: '{service} fills in {field} on this server',
    todo: 'change it at the provider, or take the attribute out of the server’s mapping',
  },
  'email-needs-verification': {
    when: 'The server requires e-mail verification.',
    text: 'the server requires e-mail verification: a change only mails a link, again at every attempt',
    todo: 'let the person change it, or switch RequireEmailVerification off for the change',
  },
  'server-owns-custom-status': {
    when: 'The server rewrites a custom status, so that it would differ again after each apply.',
    text: 'the server rewrites a custom status, so it can never be as written here',
    todo: 'take props.customStatus out of the entry',
  },
  'username-cycle': {
    when: 'People exchange usernames while nothing but the name says who they are.',
    text: 'people exchange their usernames among each other, and the server allows no moment in which two have the same',
    todo: 'give one of them another one first, apply, then write the wanted ones',
  },
  'email-cycle': {
    when: 'People exchange e-mails among each other.',
    text: 'people exchange their e-mails among each other, and the server allows no moment in which two have the same',
    todo: 'give one of them another one first, apply, then write the wanted ones',
  },
  'auth-cycle': {
    when: 'People exchange auth data among each other.',
    text: 'people exchange their auth data among each other, and the server allows no moment in which two have the same',
    todo: 'give one of them another one first, apply, then write the wanted ones',
  },
  'record-refused': {
    when: 'The server calls a stored field of the account invalid, and refuses to change its profile, its roles or its active flag. A cure that the entry declares is sent first.',
    text: 'the server calls {flaws}, and refuses every change of {username}',
    todo: '{cures}: it is then changed first',
  },
  'value-refused': {
    when: 'An undo would bring back a value that the server calls invalid.',
    text: 'the server calls the value invalid',
    todo: 'leave the field as it is, or write another value',
  },
  'generation-lowered': {
    when: 'The live token has a higher generation than the entry.',
    text: 'the live token {name} has generation {highest}, the entry says {wanted}',
    todo: 'write generation: {highest} to keep it, or {next} to rotate',
  },
  'token-expiry-not-there': {
    when: 'A token has `expires_in`, and the server is too old for it: it would make a token that never expires.',
    text: 'expires_in of {name} needs Mattermost {since} or later; this server is {version}',
    todo: 'take expires_in out of {name}, or update the server',
  },
  'token-expiry-required': {
    when: 'The server lets no new token live longer than its `MaximumPersonalAccessTokenLifetimeDays`, and the entry names no `expires_in`.',
    text: 'the server lets no token live longer than {longest}, and the entry has no expires_in for {name}',
    todo: 'write an expires_in of less than {longest}',
  },
  'token-expiry-too-far': {
    when: 'The server lets no new token live longer than its `MaximumPersonalAccessTokenLifetimeDays`, and the entry asks for a longer one.',
    text: 'the server lets no token live longer than {longest}, and {name} asks for {wanted}',
    todo: 'write an expires_in of less than {longest}',
  },
  'group-owns-membership': {
    when: 'Groups of a directory decide who is in the team or channel, and the server refuses every other change.',
    text: 'groups decide who is in {place}, and the server refuses every other change',
    todo: 'change the groups in the directory, or unlink them from {place}',
  },
  'teams-not-declared': {
    when: 'A team or channel is exact (`policy.memberships.exact`), and the entry of a person in it names no teams.',
    text: 'the entry names no teams, so it does not say whether the person belongs to {place}',
    todo: 'name teams in the entry, with or without {place}',
  },
  'bot-in-exact-place': {
    when: 'A bot is in a team or channel that is exact (`policy.memberships.exact`). Entries name people only.',
    text: 'bots stay in {place}: entries name people only',
    todo: 'take the bot out by hand if it should not be there',
  },
  'remote-member': {
    when: 'An account of another server is in a team or channel that is exact (`policy.memberships.exact`).',
    text: 'another server brings this account to {place}',
    todo: 'stop sharing the channel if the account should not be there',
  },
  'policy-owns-membership': {
    when: 'An access policy decides who may be in the private channel. No role passes it.',
    text: 'an access policy decides who may be in {place}',
    todo: "change the policy, or the person's attributes",
  },
  'default-channel': {
    when: 'No one leaves the first channel of a team but with the team.',
    text: 'the server takes no one out of town-square but with the team {team}',
    todo: 'delete the line, or write member: false for the team',
  },
  'last-channel-of-guest': {
    when: 'A guest would leave the last channel that they have in a team: the server takes them out of the team with it.',
    text: 'a guest has no other channel in {team}, and would be taken out of the team',
    todo: 'name another channel of {team} in an entry, or write member: false for the team',
  },
  'domain-not-allowed': {
    when: "The team, or the server, takes e-mails of some domains alone, and the person's is of another one.",
    text: 'only e-mails of {domains} may join {team}',
    todo: 'give the person an e-mail of such a domain, or change the domains of {team}',
  },
  'guest-cannot-administer': {
    when: 'No guest can administer a team or channel.',
    text: 'a guest cannot administer {place}',
    todo: 'delete role: admin, or make the person a member of the server first',
  },
  contested: {
    when: '`muster reconcile` wrote it twice, and another person or program changed it back each time.',
    text: 'written at {written}, and found changed back at {found}',
    todo: 'find out who changes it back, and agree on one place; muster apply writes it once more',
  },
  'prerequisite-held': {
    when: 'The change needs another one that is held.',
    text: '{because}',
    todo: 'see what holds {field} of {person}',
  },
} as const;

/** Stable, in small letters: plans and scripts rely on it. */
export type HeldCode = keyof typeof rows;

export const heldRows: Readonly<Record<HeldCode, HeldRow>> = rows;

/** Why muster keeps its hands off, in words. */
export interface Hold {
  readonly code: HeldCode;
  /** Who decides instead. */
  readonly owner: string;
  readonly reason: string;
  readonly hint: string;
}

/** Fills the row of a code, or the one of its texts that `what.is` names. */
export function hold<Code extends HeldCode>(code: Code, owner: string, what: WhatOf<(typeof rows)[Code]>): Hold;
export function hold(code: HeldCode, owner: string, what: Values): Hold {
  const row = heldRows[code];
  const { text, todo } = ('texts' in row ? row.texts[what['is'] ?? ''] : row) ?? { text: code, todo: '' };
  return { code, owner, reason: fill(text, what), hint: fill(todo, what) };
}
