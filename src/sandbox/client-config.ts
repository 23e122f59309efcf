import { createHash } from 'node:crypto';
import type { SandboxConfig } from './config.ts';
import { tokenExpirySince } from './versions.ts';
import type { World } from './world.ts';

/** A row of the public config: its key, and where the value comes from; `undefined` where this server has no such key. */
type Source = keyof SandboxConfig | ((world: World) => string | number | boolean | undefined);

/** What anybody may read (API §16.3). All values are texts on the wire. */
const anonymous: Readonly<Record<string, Source>> = {
  Version: (world) => world.version,
  BuildNumber: (world) => world.version,
  BuildEnterpriseReady: () => true,
  BuildHash: () => 'sandbox',
  DiagnosticId: (world) => world.diagnosticId,
  TelemetryId: (world) => world.diagnosticId,
  SiteName: () => 'Mattermost',
  SiteURL: 'ServiceSettings.SiteURL',
  DefaultClientLocale: 'LocalizationSettings.DefaultClientLocale',
  EnableBotAccountCreation: 'ServiceSettings.EnableBotAccountCreation',
  EnableGuestAccounts: (world) => world.licence?.guests === true && world.config['GuestAccountsSettings.Enable'],
  EnableGuestMagicLink: 'GuestAccountsSettings.EnableGuestMagicLink',
  EnableMultifactorAuthentication: 'ServiceSettings.EnableMultifactorAuthentication',
  EnforceMultifactorAuthentication: (world) =>
    world.licence?.mfa === true && world.config['ServiceSettings.EnforceMultifactorAuthentication'],
  EnableUserCreation: 'TeamSettings.EnableUserCreation',
  EnableOpenServer: 'TeamSettings.EnableOpenServer',
  EnableSignUpWithEmail: 'EmailSettings.EnableSignUpWithEmail',
  EnableSignInWithEmail: 'EmailSettings.EnableSignInWithEmail',
  EnableSignInWithUsername: 'EmailSettings.EnableSignInWithUsername',
  EnableLdap: (world) => world.licence?.ldap === true && world.config['LdapSettings.Enable'],
  EnableSaml: (world) => world.licence?.saml === true && world.config['SamlSettings.Enable'],
  EnableSignUpWithGitLab: (world) => world.licence !== undefined && world.config['GitLabSettings.Enable'],
  EnableSignUpWithGoogle: (world) => world.licence !== undefined && world.config['GoogleSettings.Enable'],
  EnableSignUpWithOffice365: (world) => world.licence !== undefined && world.config['Office365Settings.Enable'],
  EnableSignUpWithOpenId: (world) => world.licence !== undefined && world.config['OpenIdSettings.Enable'],
  PasswordMinimumLength: 'PasswordSettings.MinimumLength',
  PasswordRequireLowercase: 'PasswordSettings.Lowercase',
  PasswordRequireUppercase: 'PasswordSettings.Uppercase',
  PasswordRequireNumber: 'PasswordSettings.Number',
  PasswordRequireSymbol: 'PasswordSettings.Symbol',
  NoAccounts: (world) => world.store.people.size === world.store.bots.size,
};

const ldapAttribute =
  (setting: keyof SandboxConfig): Source =>
  (world) =>
    world.licence?.ldap === true && world.config[setting] !== '';

const samlAttribute =
  (setting: keyof SandboxConfig): Source =>
  (world) =>
    world.licence?.saml === true && world.config[setting] !== '';

/** What a session adds. */
const signedIn: Readonly<Record<string, Source>> = {
  AvailableLocales: 'LocalizationSettings.AvailableLocales',
  EnableCustomGroups: (world) => world.licence !== undefined && world.config['ServiceSettings.EnableCustomGroups'],
  EnableDeveloper: 'ServiceSettings.EnableDeveloper',
  EnableUserAccessTokens: 'ServiceSettings.EnableUserAccessTokens',
  EnableUserDeactivation: 'TeamSettings.EnableUserDeactivation',
  ExperimentalEnableAuthenticationTransfer: 'ServiceSettings.ExperimentalEnableAuthenticationTransfer',
  InstallationDate: (world) => world.installedAt,
  MaxFileSize: 'FileSettings.MaxFileSize',
  MaximumPersonalAccessTokenLifetimeDays: (world) =>
    world.has(tokenExpirySince) ? world.config['ServiceSettings.MaximumPersonalAccessTokenLifetimeDays'] : undefined,
  RequireEmailVerification: 'EmailSettings.RequireEmailVerification',
  SchemaVersion: () => 150,
  SendEmailNotifications: 'EmailSettings.SendEmailNotifications',
  ShowEmailAddress: 'PrivacySettings.ShowEmailAddress',
  ShowFullName: 'PrivacySettings.ShowFullName',
  LdapFirstNameAttributeSet: ldapAttribute('LdapSettings.FirstNameAttribute'),
  LdapLastNameAttributeSet: ldapAttribute('LdapSettings.LastNameAttribute'),
  LdapNicknameAttributeSet: ldapAttribute('LdapSettings.NicknameAttribute'),
  LdapPictureAttributeSet: ldapAttribute('LdapSettings.PictureAttribute'),
  LdapPositionAttributeSet: ldapAttribute('LdapSettings.PositionAttribute'),
  SamlFirstNameAttributeSet: samlAttribute('SamlSettings.FirstNameAttribute'),
  SamlLastNameAttributeSet: samlAttribute('SamlSettings.LastNameAttribute'),
  SamlNicknameAttributeSet: samlAttribute('SamlSettings.NicknameAttribute'),
  SamlPositionAttributeSet: samlAttribute('SamlSettings.PositionAttribute'),
};

/** In the order of the wire. Every answer carries a hash of the public rows, so they are sorted once. */
const sortedRows = (sources: Readonly<Record<string, Source>>): ReadonlyArray<readonly [string, Source]> =>
  Object.entries(sources).toSorted(([a], [b]) => (a < b ? -1 : 1));
const anonymousRows = sortedRows(anonymous);
const allRows = sortedRows({ ...anonymous, ...signedIn });

export function clientConfig(world: World, hasSession: boolean): Readonly<Record<string, string>> {
  const config: Record<string, string> = {};
  for (const [key, source] of hasSession ? allRows : anonymousRows) {
    const value = valueOf(world, source);
    if (value !== undefined) config[key] = String(value);
  }
  return config;
}

const valueOf = (world: World, source: Source): SandboxConfig[keyof SandboxConfig] | undefined =>
  typeof source === 'string' ? world.config[source] : source(world);

/** The hash of the public config that a world answered with last: it hardly ever moves, and each answer carries it. */
const lastHash = new WeakMap<World, { readonly text: string; readonly hash: string }>();

/** `X-Version-Id`: its hash moves when the public config does. */
export function versionId(world: World): string {
  const text = JSON.stringify(clientConfig(world, false));
  const last = lastHash.get(world);
  const hash = last?.text === text ? last.hash : createHash('sha256').update(text).digest('hex');
  if (hash !== last?.hash) lastHash.set(world, { text, hash });
  return `${world.version}.${world.version}.${hash}.${world.licence !== undefined}`;
}
