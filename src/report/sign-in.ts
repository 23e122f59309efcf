/** How new people sign in, and which mails go out: the same words in every format. */
import { groupBy } from '../model/group-by.ts';
import type { MailKind, NewPerson, Plan } from '../model/plan.ts';
import { printable } from './printable.ts';

/** People who sign in in the same way. */
export interface SignInGroup {
  readonly text: string;
  readonly hint: string | undefined;
  readonly people: readonly string[];
}

/** Those who cannot sign in come first. */
export function signInGroups({ new_people: people = [] }: Pick<Plan, 'new_people'>): readonly SignInGroup[] {
  const groups = groupBy(people, ({ sign_in, source, service, obstacle }) =>
    JSON.stringify([sign_in, source, service, obstacle]),
  );
  return [...groups.values()]
    .flatMap((own) => {
      const [first] = own;
      return first === undefined ? [] : [{ first, people: own.map(({ person }) => person) }];
    })
    .toSorted((a, b) => Number(canSignIn(a.first)) - Number(canSignIn(b.first)))
    .map(({ first, people: names }) => ({ ...describe(first), people: names }));
}

const canSignIn = ({ sign_in, obstacle }: NewPerson): boolean => sign_in !== 'none' && obstacle === undefined;

/** How many of them cannot sign in as the server is set now. */
export const countLockedOut = ({ new_people: people = [] }: Pick<Plan, 'new_people'>): number =>
  people.filter((one) => !canSignIn(one)).length;

function describe(one: NewPerson): Omit<SignInGroup, 'people'> {
  const { text, hint } = wayOf(one);
  const obstacle = one.obstacle === undefined ? undefined : obstacles[one.obstacle];
  return obstacle === undefined ? { text, hint } : { text: `${text}, but ${obstacle.text}`, hint: obstacle.hint };
}

interface Way {
  readonly text: string;
  readonly hint: string | undefined;
}

function wayOf({ sign_in: way, source = '', service = '' }: NewPerson): Way {
  const ways: Readonly<Record<NewPerson['sign_in'], Way>> = {
    'reset-mail': { text: 'by the link in a reset mail', hint: undefined },
    'initial-password': { text: `by the initial password of the source ${printable(source)}`, hint: undefined },
    provider: { text: `through ${printable(service)}`, hint: undefined },
    none: {
      text: 'no way to sign in: no one knows the password',
      hint: 'set policy.invite: reset_mail, or give the entries an initial_password',
    },
  };
  return ways[way];
}

const obstacles: Readonly<
  Record<NonNullable<NewPerson['obstacle']>, { readonly text: string; readonly hint: string }>
> = {
  'mails-off': {
    text: 'the server sends no mails',
    hint: 'switch e-mail notifications on, or tell the new people by other means',
  },
  'service-off': { text: 'that is switched off on the server', hint: 'switch it on, or choose another way to sign in' },
  unverified: {
    text: 'the server asks for a verified e-mail and no mail offers to verify it',
    hint: 'set on_create.email_verified: true, or on_create.welcome_email: true',
  },
};

/** What each mail is. */
export const mailTexts: Readonly<Record<MailKind, string>> = {
  welcome: 'welcome, to the new account',
  'password-reset': 'link to set a password',
  'email-changed': 'e-mail changed, to the address of before',
  'username-changed': 'username changed',
  'password-changed': 'password changed',
  'mfa-switched-off': 'second factor switched off',
  'token-added': 'token added',
};

export const signInAbout = 'how they sign in';
export const messagesAbout = 'the server will post them in channels because of these actions';

export const mailsAbout = 'the server will send them because of these actions';
