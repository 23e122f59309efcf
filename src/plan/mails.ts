/** What the people of a plan hear of it: the mails and messages that the server sends, and how new people sign in. */
import { mailsOf } from '../model/calls.ts';
import { rowOf } from '../model/change-classes.ts';
import { byText, compareText } from '../model/compare.ts';
import { groupBy } from '../model/group-by.ts';
import type { ServerFacts } from '../model/live-state.ts';
import type { Action, CreateUserCall, MailKind, NewPerson, PlanMails, PlanMessages } from '../model/plan.ts';
import { placeOfChange } from '../model/window-use.ts';

type MailFacts = Pick<ServerFacts, 'sendsMail' | 'requiresEmailVerification'>;

/** In the order in which reports list them. */
const kindsInOrder: Readonly<Record<MailKind, number>> = {
  welcome: 0,
  'password-reset': 1,
  'email-changed': 2,
  'username-changed': 3,
  'password-changed': 4,
  'mfa-switched-off': 5,
  'token-added': 6,
};

/** A welcome asks for the address to be verified, too, so it is sent wherever that is asked for (API reference §4.4). */
const isSent = (kind: MailKind, { sendsMail, requiresEmailVerification }: MailFacts): boolean =>
  sendsMail || (kind === 'welcome' && requiresEmailVerification);

/** The mails that the server sends because of these actions. */
export function mailsOfActions(actions: readonly Action[], facts: MailFacts): readonly PlanMails[] {
  const mails = actions.flatMap(({ person, call }) => mailsOf(call).map((kind) => ({ kind, person })));
  return [...groupBy(mails, ({ kind }) => kind)]
    .filter(([kind]) => isSent(kind, facts))
    .toSorted(([a], [b]) => kindsInOrder[a] - kindsInOrder[b])
    .map(([kind, own]) => ({ kind, people: own.map(({ person }) => person).toSorted(compareText) }));
}

export const countMails = (mails: readonly PlanMails[]): number =>
  mails.reduce((sum, { people }) => sum + people.length, 0);

/** The messages that the server posts in the channels of each team because of these actions. */
export function messagesOfActions(actions: readonly Action[]): readonly PlanMessages[] {
  const posting = actions.flatMap(({ changes }) => changes).filter((change) => (rowOf(change).posts ?? 0) > 0);
  return [...groupBy(posting, placeOfChange)]
    .map(([team, own]) => ({ team, posts: own.reduce((sum, change) => sum + (rowOf(change).posts ?? 0), 0) }))
    .toSorted(byText((one) => one.team));
}

export const countMessages = (messages: readonly PlanMessages[]): number =>
  messages.reduce((sum, { posts }) => sum + posts, 0);

/** How each person whose account the actions make will sign in. */
export function newPeopleOf(actions: readonly Action[], facts: ServerFacts): readonly NewPerson[] {
  return actions.flatMap(({ person, call }) =>
    call.operation === 'create-user' ? [{ person, ...signInOf(call, facts) }] : [],
  );
}

function signInOf(call: CreateUserCall, facts: ServerFacts): Omit<NewPerson, 'person'> {
  const { auth, password, invite } = call;
  const service = auth?.service ?? 'email';
  const isServiceOff = !facts.signInServices.has(service);
  const off = isServiceOff ? { obstacle: 'service-off' as const } : {};
  if (auth !== undefined) return { sign_in: 'provider', service, ...off };
  const unverified = isLockedOut(call, facts) ? { obstacle: 'unverified' as const } : {};
  const mute = invite !== undefined && !facts.sendsMail ? { obstacle: 'mails-off' as const } : {};
  const obstacle = { ...unverified, ...mute, ...off };
  if (password !== undefined && 'source' in password)
    return { sign_in: 'initial-password', source: password.source, ...obstacle };
  return { sign_in: invite === undefined ? 'none' : 'reset-mail', ...obstacle };
}

/** The server asks for a verified address, and sends no mail that lets the person verify it. */
const isLockedOut = (
  { email_verified: isVerified, welcome_email: isWelcomed }: CreateUserCall,
  facts: MailFacts,
): boolean => facts.requiresEmailVerification && !isVerified && !isWelcomed;
