/** What the server tells of itself: its switches, and its roles. */
import type { Role } from '../../src/api/index.ts';
import { allPermissions } from '../support/build-states.ts';
import type { ModelServer } from './model-server.ts';

export const toRole = (name: string): Role => ({
  id: name,
  name,
  display_name: name,
  description: '',
  create_at: 1,
  update_at: 1,
  delete_at: 0,
  permissions: name === 'system_admin' ? [...allPermissions] : [],
  scheme_managed: false,
  built_in: true,
});

const signInKeys: Readonly<Record<string, string>> = {
  email: 'EnableSignInWithEmail',
  ldap: 'EnableLdap',
  saml: 'EnableSaml',
  gitlab: 'EnableSignUpWithGitLab',
  google: 'EnableSignUpWithGoogle',
  office365: 'EnableSignUpWithOffice365',
  openid: 'EnableSignUpWithOpenId',
};

const mappedKeys: Readonly<Record<string, string>> = {
  first_name: 'FirstName',
  last_name: 'LastName',
  nickname: 'Nickname',
  position: 'Position',
};

export function configOf({ facts }: ModelServer): Readonly<Record<string, string>> {
  const services = [...facts.signInServices].map((name) => [signInKeys[name] ?? name, 'true']);
  const mapped = (['ldap', 'saml'] as const).flatMap((provider) =>
    [...facts.providerAttributes[provider]].map((field) => [
      `${provider === 'ldap' ? 'Ldap' : 'Saml'}${mappedKeys[field] ?? field}AttributeSet`,
      'true',
    ]),
  );
  return {
    DiagnosticId: facts.key,
    Version: facts.version,
    EnableGuestAccounts: String(facts.hasGuests),
    EnableUserAccessTokens: String(facts.hasUserAccessTokens),
    RequireEmailVerification: String(facts.requiresEmailVerification),
    SendEmailNotifications: String(facts.sendsMail),
    AvailableLocales: [...facts.availableLocales].join(','),
    ...Object.fromEntries(services),
    ...Object.fromEntries(mapped),
  };
}
