/**
 * Fields of an account that muster does not own: a provider fills them in, or the server refuses or ignores a change
 * (API reference §5.1, §5.2, §7.1). Such a difference is held and shown, never sent.
 */
import type { ServerFacts } from '../../model/live-state.ts';
import type { HandsOff } from '../../model/resource-definition.ts';
import type { AuthValue, UserAttribute } from '../../model/user-values.ts';

const oauthServices: ReadonlySet<string> = new Set(['gitlab', 'google', 'office365', 'openid']);

export interface OwnedField {
  readonly attribute: UserAttribute;
  /** The key of a map, where the attribute is one. */
  readonly part?: string;
  /** How the person signs in at the moment of the write. */
  readonly auth: AuthValue;
  /** How the person signs in now. */
  readonly live: AuthValue;
  readonly facts: ServerFacts;
}

/** Who owns a field of an existing account, if not muster. */
export function ownerOf(field: OwnedField): HandsOff | undefined {
  for (const rule of rules) {
    const owner = rule(field);
    if (owner !== undefined) return owner;
  }
  return undefined;
}

const rules: ReadonlyArray<(field: OwnedField) => HandsOff | undefined> = [
  ({ attribute, live }) =>
    (attribute === 'auth' || attribute === 'roles') && live.service === 'magic_link'
      ? {
          code: 'magic-link-guest',
          owner: 'the server',
          reason:
            'the server keeps guests who sign in by a magic link as they are: it sets no password for them and promotes none',
          hint: 'take the field out of the entry, or invite the person anew',
        }
      : undefined,
  ({ attribute, auth }) =>
    attribute === 'active' && auth.service === 'ldap'
      ? {
          code: 'ldap-owns-active',
          owner: 'ldap',
          reason: 'the server refuses to change the active flag of people who sign in through LDAP',
          hint: 'disable the person in the directory; the next LDAP sync follows it',
        }
      : undefined,
  ({ attribute, auth }) =>
    attribute === 'username' && auth.service !== 'email'
      ? {
          code: 'sso-owns-username',
          owner: auth.service,
          reason: `the server keeps the username of people who sign in through ${auth.service}`,
          hint: 'rename the person at the provider, or move them to e-mail login first',
        }
      : undefined,
  ({ attribute, auth }) =>
    attribute === 'email' && (oauthServices.has(auth.service) || auth.service === 'ldap')
      ? {
          code: 'sso-owns-email',
          owner: auth.service,
          reason: `the server does not change the e-mail of people who sign in through ${auth.service}`,
          hint: 'change it at the provider; the next sign-in brings it',
        }
      : undefined,
  ({ attribute, auth }) =>
    (attribute === 'first_name' || attribute === 'last_name') && oauthServices.has(auth.service)
      ? {
          code: 'sso-owns-name',
          owner: auth.service,
          reason: `the server keeps the names of people who sign in through ${auth.service}`,
          hint: 'change the name at the provider',
        }
      : undefined,
  ({ attribute, auth, facts }) =>
    (auth.service === 'ldap' || auth.service === 'saml') && facts.providerAttributes[auth.service].has(attribute)
      ? {
          code: 'provider-owns-field',
          owner: auth.service,
          reason: `${auth.service} fills in ${attribute} on this server`,
          hint: 'change it at the provider, or take the attribute out of the server’s mapping',
        }
      : undefined,
  ({ attribute, facts }) =>
    attribute === 'email' && facts.requiresEmailVerification
      ? {
          code: 'email-needs-verification',
          owner: 'the server',
          reason: 'the server requires e-mail verification: a change only mails a link, again at every attempt',
          hint: 'let the person change it, or switch RequireEmailVerification off for the change',
        }
      : undefined,
  ({ attribute, part }) =>
    attribute === 'props' && part === 'customStatus'
      ? {
          code: 'server-owns-custom-status',
          owner: 'the server',
          reason: 'the server rewrites a custom status, so it can never be as written here',
          hint: 'take props.customStatus out of the entry',
        }
      : undefined,
];
