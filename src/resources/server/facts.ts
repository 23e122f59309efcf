import {
  ApiForbiddenError,
  ApiNotFoundError,
  type ReadClient,
  type Role,
  type StringMap,
  type User,
} from '../../api/index.ts';
import { dayMs } from '../../model/duration.ts';
import type { RoleFacts } from '../../model/live-reader.ts';
import type { EmailDomains, LiveUser, Seats, ServerFacts } from '../../model/live-state.ts';
import { offeredLocales } from '../../model/locale-rules.ts';
import { isAdmin } from '../../model/user-rules.ts';
import type { UserAttribute } from '../../model/user-values.ts';
import { toLiveUser } from '../live-user.ts';

const rolesPerCall = 100;

/** What tells the server from every other, whatever address it is reached by. */
export async function readServerKey(client: ReadClient): Promise<string> {
  return keyIn(await client.system.clientConfig(), client.url);
}

const keyIn = (config: StringMap, url: string): string => config['DiagnosticId'] ?? config['TelemetryId'] ?? url;

/** Learns what is true of the server, the caller and its admins. */
export async function readFacts(client: ReadClient, roleNames: readonly string[]): Promise<ServerFacts> {
  // Alone: a token that is refused, or a server that is none, is told by one answer.
  const me = await client.users.me();
  const callerRoles = toLiveUser(me).values.roles;
  const [config, licence, limits, roles, ownerId, admins] = await Promise.all([
    client.system.clientConfig(),
    client.system.clientLicense(),
    client.system.serverLimits(),
    readRoles(client, [...new Set([...callerRoles, ...roleNames])]),
    readOwner(client, me),
    readAdmins(client),
  ]);
  const isOn = (name: string): boolean => config[name] === 'true';
  const isLicensed = licence['IsLicensed'] === 'true';
  return {
    url: client.url,
    key: keyIn(config, client.url),
    version: config['Version'] ?? client.serverVersion ?? 'unknown',
    caller: {
      id: me.id,
      username: me.username,
      ...(ownerId !== undefined && { ownerId }),
      permissions: new Set(roles.filter(({ name }) => callerRoles.includes(name)).flatMap((role) => role.permissions)),
    },
    admins,
    isLicensed,
    hasGuests: isOn('EnableGuestAccounts') && isLicensed,
    hasCustomPermissions: licence['CustomPermissionsSchemes'] === 'true',
    hasUserAccessTokens: isOn('EnableUserAccessTokens'),
    ...tokenLifetime(config['MaximumPersonalAccessTokenLifetimeDays']),
    requiresEmailVerification: isOn('RequireEmailVerification'),
    sendsMail: isOn('SendEmailNotifications'),
    signInServices: signInServices(config),
    providerAttributes: { ldap: providerAttributes(config, 'Ldap'), saml: providerAttributes(config, 'Saml') },
    availableLocales: localesIn(config['AvailableLocales']),
    seats: seatsOf(limits.maxUsersHardLimit, limits.activeUserCount),
    ...roleFactsOf(roles.filter(({ name }) => roleNames.includes(name))),
  };
}

/** An administrator may be kept from a part of the configuration; then the server refuses later what could be foreseen. */
export async function readEmailDomains(client: ReadClient): Promise<EmailDomains | undefined> {
  try {
    return await client.system.emailDomains();
  } catch (error) {
    if (error instanceof ApiForbiddenError || error instanceof ApiNotFoundError) return undefined;
    throw error;
  }
}

async function readOwner(client: ReadClient, me: User): Promise<string | undefined> {
  return me.is_bot ? (await client.bots.get(me.id)).owner_id : undefined;
}

export async function readAdmins(client: ReadClient): Promise<readonly LiveUser[]> {
  const admins: LiveUser[] = [];
  for await (const page of client.users.pages({ active: true, roles: ['system_admin'], perPage: 200 })) {
    admins.push(...page.map((user) => toLiveUser(user)).filter(({ values }) => isAdmin(values.roles)));
  }
  return admins;
}

/** Of the names those of which the server has a role, and which of them administer. */
export async function readRoleFacts(client: ReadClient, names: readonly string[]): Promise<RoleFacts> {
  return roleFactsOf(await readRoles(client, names));
}

const roleFactsOf = (roles: readonly Role[]): RoleFacts => ({
  roles: new Set(roles.map(({ name }) => name)),
  administrativeRoles: new Set(
    roles.filter(({ permissions }) => permissions.some(administers)).map(({ name }) => name),
  ),
});

async function readRoles(client: ReadClient, names: readonly string[]): Promise<readonly Role[]> {
  const roles: Role[] = [];
  for (let from = 0; from < names.length; from += rolesPerCall)
    roles.push(...(await client.roles.byNames(names.slice(from, from + rolesPerCall))));
  return roles;
}

/** Beside the System Console: what lets people change other people's accounts, or what others may do. */
const administrativePermissions: ReadonlySet<string> = new Set([
  'manage_system',
  'manage_roles',
  'assign_system_admin_role',
  // E-mails and passwords of everyone but administrators, and so their accounts.
  'edit_other_users',
]);

const administers = (permission: string): boolean =>
  administrativePermissions.has(permission) || permission.startsWith('sysconsole_write_');

function signInServices(config: StringMap): ReadonlySet<string> {
  const isOn = (...names: readonly string[]): boolean => names.some((name) => config[name] === 'true');
  const services: ReadonlyArray<readonly [string, boolean]> = [
    ['email', isOn('EnableSignInWithEmail', 'EnableSignInWithUsername')],
    ['ldap', isOn('EnableLdap')],
    ['saml', isOn('EnableSaml')],
    ['gitlab', isOn('EnableSignUpWithGitLab')],
    ['google', isOn('EnableSignUpWithGoogle')],
    ['office365', isOn('EnableSignUpWithOffice365')],
    ['openid', isOn('EnableSignUpWithOpenId')],
  ];
  return new Set(services.filter(([, on]) => on).map(([name]) => name));
}

const mappable: Readonly<Record<string, UserAttribute>> = {
  FirstName: 'first_name',
  LastName: 'last_name',
  Nickname: 'nickname',
  Position: 'position',
};

function providerAttributes(config: StringMap, provider: 'Ldap' | 'Saml'): ReadonlySet<UserAttribute> {
  const mapped = Object.entries(mappable).filter(([name]) => config[`${provider}${name}AttributeSet`] === 'true');
  return new Set(mapped.map(([, attribute]) => attribute));
}

/** @param list - the server's own choice, which counts where it has made one */
function localesIn(list = ''): ReadonlySet<string> {
  return new Set(list === '' ? offeredLocales : list.split(',').filter((name) => name !== ''));
}

/** @param days - a whole number, 0 for no rule; servers without token expiry do not say it */
function tokenLifetime(days = '0'): Pick<ServerFacts, 'maxTokenLifetimeMs'> {
  const count = Number(days);
  return Number.isSafeInteger(count) && count > 0 ? { maxTokenLifetimeMs: count * dayMs } : {};
}

function seatsOf(limit: number, used: number): Seats {
  return limit > 0 ? { used, limit } : { used };
}
