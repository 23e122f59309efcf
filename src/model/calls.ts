/** Everything that is true of a call that an action makes. The executor and the order of actions read it here. */
import type { Kind } from './kinds.ts';
import type { Call, CreateUserCall, MailKind, PatchUserCall } from './plan.ts';

export type Operation = Call['operation'];

/** Which kind makes which calls. A new kind adds its line here. */
export interface OperationsByKind {
  readonly user:
    | 'create-user'
    | 'patch-user'
    | 'set-auth'
    | 'set-password'
    | 'disable-mfa'
    | 'promote-guest'
    | 'demote-to-guest'
    | 'set-roles'
    | 'activate'
    | 'deactivate';
  readonly token: 'create-token' | 'enable-token' | 'disable-token' | 'revoke-token';
  readonly membership:
    | 'join-team'
    | 'leave-team'
    | 'set-team-role'
    | 'join-channel'
    | 'leave-channel'
    | 'set-channel-role';
}

/** The call of an operation. */
type CallFor<O extends Operation> = Extract<Call, { operation: O }>;

/** The kind of a call; `never`, and so a compile error below, for a call that no kind makes. */
type KindOf<O extends Operation> = { [K in Kind]: O extends OperationsByKind[K] ? K : never }[Kind];

/** The calls of one kind. */
export type CallOf<K extends Kind> = Extract<Call, { operation: OperationsByKind[K] }>;

export interface CallRow {
  readonly kind: Kind;
  /** What is looked at right before: whether the new account is there already, the account alone, or a batch of accounts. */
  readonly look: 'for-new-account' | 'fresh' | 'batch';
  /** May it be made on the account whose token muster uses? */
  readonly onCaller: 'allowed' | 'refused';
  /** It changes how a person signs in: it waits for no gain of administration, since a taken name may depend on it. */
  readonly changesSignIn: boolean;
  /** Why an undo cannot take back what it did, after "cannot be undone: "; `undefined`: it can. */
  readonly finalBecause: string | undefined;
  /** The kind itself waits for lost responses and takes away what they left, so none of its calls comes late. */
  readonly settlesItself: boolean;
  /** How many people one request may serve, where the server takes the same call for several; absent: one. */
  readonly together?: number;
}

const batch = {
  look: 'batch',
  onCaller: 'refused',
  changesSignIn: false,
  finalBecause: undefined,
  settlesItself: false,
} as const;
const signInIsGone = 'the earlier password or provider sign-in cannot be restored';
const fresh = { ...batch, look: 'fresh' } as const;

function mailsOfCreate({ welcome_email: isWelcomed, invite }: CreateUserCall): readonly MailKind[] {
  return [...(isWelcomed ? ['welcome' as const] : []), ...(invite === undefined ? [] : ['password-reset' as const])];
}

function mailsOfPatch({ fields }: PatchUserCall): readonly MailKind[] {
  return [
    ...(fields.email === undefined ? [] : ['email-changed' as const]),
    ...(fields.username === undefined ? [] : ['username-changed' as const]),
  ];
}

/** A server serves the people of a request one after the other: more would outlast the time that a request has. */
const peopleTogether = 100;

/** What is true of one call alone: its kind, and what its values decide. */
interface OwnFacts<O extends Operation> {
  readonly kind: KindOf<O>;
  /** Mails that the server sends for it, where it sends mail at all (API reference §4.4, §5, §8.2, §10, §11); absent: none. */
  readonly mails?: (call: CallFor<O>) => readonly MailKind[];
}

/** One row per call. */
export const callRows: { readonly [O in Operation]: CallRow & OwnFacts<O> } = {
  'create-user': {
    ...batch,
    kind: 'user',
    look: 'for-new-account',
    onCaller: 'allowed',
    finalBecause: 'muster never deletes an account',
    mails: mailsOfCreate,
  },
  'patch-user': { ...batch, kind: 'user', onCaller: 'allowed', mails: mailsOfPatch },
  'set-auth': { ...fresh, kind: 'user', changesSignIn: true, finalBecause: signInIsGone },
  'set-password': {
    ...fresh,
    kind: 'user',
    changesSignIn: true,
    finalBecause: signInIsGone,
    mails: () => ['password-changed'],
  },
  'disable-mfa': {
    ...fresh,
    kind: 'user',
    finalBecause: 'only the person can switch MFA on again',
    mails: () => ['mfa-switched-off'],
  },
  'promote-guest': { ...batch, kind: 'user', finalBecause: 'a demotion would take every other role away' },
  'demote-to-guest': { ...fresh, kind: 'user', finalBecause: 'a promotion brings no other role back' },
  'set-roles': { ...fresh, kind: 'user' },
  activate: { ...fresh, kind: 'user' },
  deactivate: { ...fresh, kind: 'user' },
  'create-token': { ...batch, kind: 'token', settlesItself: true, mails: () => ['token-added'] },
  'enable-token': { ...batch, kind: 'token' },
  'disable-token': { ...batch, kind: 'token' },
  'revoke-token': { ...batch, kind: 'token', finalBecause: 'the server has deleted the token' },
  'join-team': { ...batch, kind: 'membership', onCaller: 'allowed', together: peopleTogether },
  'leave-team': {
    ...fresh,
    kind: 'membership',
    finalBecause: 'who joins again has no channels, roles and settings of before',
  },
  'set-team-role': { ...batch, kind: 'membership' },
  'join-channel': { ...batch, kind: 'membership', onCaller: 'allowed', together: peopleTogether },
  'leave-channel': { ...batch, kind: 'membership' },
  'set-channel-role': { ...batch, kind: 'membership' },
};

export const callRowOf = ({ operation }: { readonly operation: Operation }): CallRow => callRows[operation];

/** Mails that the server sends for a call, where it sends mail at all. */
export function mailsOf(call: Call): readonly MailKind[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the row is the one of the call's own operation
  const mails = callRows[call.operation].mails as ((one: Call) => readonly MailKind[]) | undefined;
  return mails?.(call) ?? [];
}

/** Whether a call is one of this kind's. */
export function isCallOf<K extends Kind>(kind: K, call: Call): call is CallOf<K> {
  return callRows[call.operation].kind === kind;
}

/** Where a call delivers a new secret: the name of a sink, or none for files; `undefined`: it delivers none. */
export const deliveryOfCall = (call: Call): { readonly sink: string | undefined } | undefined =>
  call.operation === 'create-token' ? { sink: call.sink } : undefined;
