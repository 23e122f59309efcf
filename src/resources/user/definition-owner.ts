/**
 * Fields of an account that muster does not own: a provider fills them in, or the server refuses or ignores a change
 * (API reference §5.1, §5.2, §7.1). Such a difference is held and shown, never sent.
 */
import type { ServerFacts } from '../../model/live-state.ts';
import { hold } from '../../model/messages/held-rows.ts';
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
      ? hold('magic-link-guest', 'the server', {})
      : undefined,
  ({ attribute, auth }) =>
    attribute === 'active' && auth.service === 'ldap' ? hold('ldap-owns-active', 'ldap', {}) : undefined,
  ({ attribute, auth }) =>
    attribute === 'username' && auth.service !== 'email'
      ? hold('sso-owns-username', auth.service, { service: auth.service })
      : undefined,
  ({ attribute, auth }) =>
    attribute === 'email' && (oauthServices.has(auth.service) || auth.service === 'ldap')
      ? hold('sso-owns-email', auth.service, { service: auth.service })
      : undefined,
  ({ attribute, auth }) =>
    (attribute === 'first_name' || attribute === 'last_name') && oauthServices.has(auth.service)
      ? hold('sso-owns-name', auth.service, { service: auth.service })
      : undefined,
  ({ attribute, auth, facts }) =>
    (auth.service === 'ldap' || auth.service === 'saml') && facts.providerAttributes[auth.service].has(attribute)
      ? hold('provider-owns-field', auth.service, { service: auth.service, field: attribute })
      : undefined,
  ({ attribute, facts }) =>
    attribute === 'email' && facts.requiresEmailVerification
      ? hold('email-needs-verification', 'the server', {})
      : undefined,
  ({ attribute, part }) =>
    attribute === 'props' && part === 'customStatus' ? hold('server-owns-custom-status', 'the server', {}) : undefined,
];
