/** The switches of a server that change what its users API does, by Mattermost's own dotted names. */
export interface SandboxConfig {
  readonly 'ServiceSettings.SiteURL': string;
  readonly 'ServiceSettings.EnableUserAccessTokens': boolean;
  readonly 'ServiceSettings.EnableAPIUserDeletion': boolean;
  readonly 'ServiceSettings.EnableBotAccountCreation': boolean;
  readonly 'ServiceSettings.DisableBotsWhenOwnerIsDeactivated': boolean;
  readonly 'ServiceSettings.EnableIncomingWebhooks': boolean;
  readonly 'ServiceSettings.EnableOutgoingWebhooks': boolean;
  readonly 'ServiceSettings.EnableCommands': boolean;
  readonly 'ServiceSettings.EnableMultifactorAuthentication': boolean;
  readonly 'ServiceSettings.EnforceMultifactorAuthentication': boolean;
  readonly 'ServiceSettings.EnableCustomGroups': boolean;
  readonly 'ServiceSettings.EnableDeveloper': boolean;
  readonly 'ServiceSettings.ExperimentalEnableHardenedMode': boolean;
  readonly 'ServiceSettings.ExperimentalStrictCSRFEnforcement': boolean;
  readonly 'ServiceSettings.ExperimentalEnableAuthenticationTransfer': boolean;
  readonly 'ServiceSettings.TerminateSessionsOnPasswordChange': boolean;
  readonly 'ServiceSettings.MaximumLoginAttempts': number;
  /** 0: no rule. Known to servers from 11.9. */
  readonly 'ServiceSettings.MaximumPersonalAccessTokenLifetimeDays': number;
  readonly 'ServiceSettings.MaximumPayloadSizeBytes': number;
  readonly 'ServiceSettings.MaximumURLLength': number;
  readonly 'ServiceSettings.TrustedProxyIPHeader': readonly string[];
  readonly 'ServiceSettings.WebserverMode': 'gzip' | 'disabled';
  readonly 'ServiceSettings.SessionLengthWebInHours': number;
  readonly 'ServiceSettings.SessionLengthMobileInHours': number;
  readonly 'TeamSettings.EnableUserCreation': boolean;
  readonly 'TeamSettings.EnableUserDeactivation': boolean;
  readonly 'TeamSettings.EnableOpenServer': boolean;
  readonly 'TeamSettings.RestrictCreationToDomains': string;
  /** Counted over active members. */
  readonly 'TeamSettings.MaxUsersPerTeam': number;
  readonly 'TeamSettings.MaxChannelsPerTeam': number;
  /** Joined with a team; `town-square` always is, and `off-topic` where none is named. */
  readonly 'TeamSettings.ExperimentalDefaultChannels': readonly string[];
  readonly 'EmailSettings.EnableSignUpWithEmail': boolean;
  readonly 'EmailSettings.EnableSignInWithEmail': boolean;
  readonly 'EmailSettings.EnableSignInWithUsername': boolean;
  readonly 'EmailSettings.RequireEmailVerification': boolean;
  readonly 'EmailSettings.SendEmailNotifications': boolean;
  readonly 'PasswordSettings.MinimumLength': number;
  readonly 'PasswordSettings.Lowercase': boolean;
  readonly 'PasswordSettings.Uppercase': boolean;
  readonly 'PasswordSettings.Number': boolean;
  readonly 'PasswordSettings.Symbol': boolean;
  readonly 'PrivacySettings.ShowEmailAddress': boolean;
  readonly 'PrivacySettings.ShowFullName': boolean;
  readonly 'GuestAccountsSettings.Enable': boolean;
  readonly 'GuestAccountsSettings.EnableGuestMagicLink': boolean;
  readonly 'GuestAccountsSettings.EnforceMultifactorAuthentication': boolean;
  readonly 'GuestAccountsSettings.RestrictCreationToDomains': string;
  readonly 'LocalizationSettings.DefaultClientLocale': string;
  readonly 'LocalizationSettings.AvailableLocales': string;
  readonly 'LdapSettings.Enable': boolean;
  readonly 'LdapSettings.FirstNameAttribute': string;
  readonly 'LdapSettings.LastNameAttribute': string;
  readonly 'LdapSettings.NicknameAttribute': string;
  readonly 'LdapSettings.PositionAttribute': string;
  readonly 'LdapSettings.PictureAttribute': string;
  readonly 'SamlSettings.Enable': boolean;
  readonly 'SamlSettings.EnableSyncWithLdap': boolean;
  readonly 'SamlSettings.FirstNameAttribute': string;
  readonly 'SamlSettings.LastNameAttribute': string;
  readonly 'SamlSettings.NicknameAttribute': string;
  readonly 'SamlSettings.PositionAttribute': string;
  readonly 'GitLabSettings.Enable': boolean;
  readonly 'GoogleSettings.Enable': boolean;
  readonly 'Office365Settings.Enable': boolean;
  readonly 'OpenIdSettings.Enable': boolean;
  readonly 'FileSettings.DriverName': string;
  readonly 'FileSettings.MaxFileSize': number;
  readonly 'RateLimitSettings.Enable': boolean;
  readonly 'RateLimitSettings.PerSec': number;
  readonly 'RateLimitSettings.MaxBurst': number;
  readonly 'RateLimitSettings.MemoryStoreSize': number;
  readonly 'RateLimitSettings.VaryByRemoteAddr': boolean;
  readonly 'RateLimitSettings.VaryByUser': boolean;
  readonly 'RateLimitSettings.VaryByHeader': string;
}

/** A fresh server as installed: tokens, guests, open sign-up, MFA, deletion and the rate limiter are all off. */
export const defaultConfig: SandboxConfig = {
  'ServiceSettings.SiteURL': '',
  'ServiceSettings.EnableUserAccessTokens': false,
  'ServiceSettings.EnableAPIUserDeletion': false,
  'ServiceSettings.EnableBotAccountCreation': false,
  'ServiceSettings.DisableBotsWhenOwnerIsDeactivated': true,
  'ServiceSettings.EnableIncomingWebhooks': true,
  'ServiceSettings.EnableOutgoingWebhooks': true,
  'ServiceSettings.EnableCommands': true,
  'ServiceSettings.EnableMultifactorAuthentication': false,
  'ServiceSettings.EnforceMultifactorAuthentication': false,
  'ServiceSettings.EnableCustomGroups': true,
  'ServiceSettings.EnableDeveloper': false,
  'ServiceSettings.ExperimentalEnableHardenedMode': false,
  'ServiceSettings.ExperimentalStrictCSRFEnforcement': false,
  'ServiceSettings.ExperimentalEnableAuthenticationTransfer': true,
  'ServiceSettings.TerminateSessionsOnPasswordChange': true,
  'ServiceSettings.MaximumLoginAttempts': 10,
  'ServiceSettings.MaximumPersonalAccessTokenLifetimeDays': 0,
  'ServiceSettings.MaximumPayloadSizeBytes': 300_000,
  'ServiceSettings.MaximumURLLength': 2048,
  'ServiceSettings.TrustedProxyIPHeader': [],
  'ServiceSettings.WebserverMode': 'gzip',
  'ServiceSettings.SessionLengthWebInHours': 720,
  'ServiceSettings.SessionLengthMobileInHours': 720,
  'TeamSettings.EnableUserCreation': true,
  'TeamSettings.EnableUserDeactivation': false,
  'TeamSettings.EnableOpenServer': false,
  'TeamSettings.RestrictCreationToDomains': '',
  'TeamSettings.MaxUsersPerTeam': 50,
  'TeamSettings.MaxChannelsPerTeam': 2000,
  'TeamSettings.ExperimentalDefaultChannels': [],
  'EmailSettings.EnableSignUpWithEmail': true,
  'EmailSettings.EnableSignInWithEmail': true,
  'EmailSettings.EnableSignInWithUsername': true,
  'EmailSettings.RequireEmailVerification': false,
  'EmailSettings.SendEmailNotifications': true,
  'PasswordSettings.MinimumLength': 8,
  'PasswordSettings.Lowercase': false,
  'PasswordSettings.Uppercase': false,
  'PasswordSettings.Number': false,
  'PasswordSettings.Symbol': false,
  'PrivacySettings.ShowEmailAddress': true,
  'PrivacySettings.ShowFullName': true,
  'GuestAccountsSettings.Enable': false,
  'GuestAccountsSettings.EnableGuestMagicLink': false,
  'GuestAccountsSettings.EnforceMultifactorAuthentication': false,
  'GuestAccountsSettings.RestrictCreationToDomains': '',
  'LocalizationSettings.DefaultClientLocale': 'en',
  'LocalizationSettings.AvailableLocales': '',
  'LdapSettings.Enable': false,
  'LdapSettings.FirstNameAttribute': '',
  'LdapSettings.LastNameAttribute': '',
  'LdapSettings.NicknameAttribute': '',
  'LdapSettings.PositionAttribute': '',
  'LdapSettings.PictureAttribute': '',
  'SamlSettings.Enable': false,
  'SamlSettings.EnableSyncWithLdap': false,
  'SamlSettings.FirstNameAttribute': '',
  'SamlSettings.LastNameAttribute': '',
  'SamlSettings.NicknameAttribute': '',
  'SamlSettings.PositionAttribute': '',
  'GitLabSettings.Enable': false,
  'GoogleSettings.Enable': false,
  'Office365Settings.Enable': false,
  'OpenIdSettings.Enable': false,
  'FileSettings.DriverName': 'local',
  'FileSettings.MaxFileSize': 104_857_600,
  'RateLimitSettings.Enable': false,
  'RateLimitSettings.PerSec': 10,
  'RateLimitSettings.MaxBurst': 100,
  'RateLimitSettings.MemoryStoreSize': 10_000,
  'RateLimitSettings.VaryByRemoteAddr': true,
  'RateLimitSettings.VaryByUser': false,
  'RateLimitSettings.VaryByHeader': '',
};
