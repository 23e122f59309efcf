/** What the server answers when it refuses: stable ids, the usual status of each, and a short sentence for people. */

const messages = {
  'api.context.session_expired.app_error': [401, 'Invalid or expired session, please login again.'],
  'api.context.token_provided.app_error': [401, 'A session token was sent in the query string.'],
  'api.context.permissions.app_error': [403, 'You do not have the appropriate permissions.'],
  'api.context.mfa_required.app_error': [403, 'Multi-factor authentication is required on this server.'],
  'api.context.404.app_error': [404, 'Sorry, we could not find the page.'],
  'api.context.invalid_body_param.app_error': [400, 'Invalid or missing {} in request body.'],
  'api.context.invalid_url_param.app_error': [400, 'Invalid or missing {} parameter in request URL.'],
  'api.context.request_body_too_large.app_error': [413, 'Unable to process request. Request body too large.'],
  'api.context.server_busy.app_error': [503, 'The server is busy.'],
  'api.payload.parse.error': [400, 'The payload could not be parsed.'],
  'basic_security_check.url.too_long_error': [414, 'URL is too long'],
  '<untranslated>': [400, '<untranslated>'],

  'api.license.client.old_format.app_error': [400, 'Only the old format of the client licence is supported.'],
  'api.license_error': [403, 'This needs a licence.'],
  'api.roles.get_multiple_by_name_too_many.request_error': [400, 'Too many role names, at most {}.'],
  'app.role.get_by_name.app_error': [404, 'Unable to get the role.'],
  'app.role.check_roles_exist.role_not_found': [400, 'The role does not exist.'],
  'app.group.no_rows': [404, 'No matching group found.'],
  'api.preference.preferences_category.get.app_error': [404, 'No preferences of that category.'],
  'app.preference.get.app_error': [400, 'Unable to get the preference.'],
  'api.preference.update_preferences.set.app_error': [403, 'Preferences of another user.'],
  'api.preference.delete_preferences.delete.app_error': [403, 'Preferences of another user.'],
  'model.preference.is_valid.category.app_error': [400, 'Invalid category.'],
  'model.preference.is_valid.name.app_error': [400, 'Invalid name.'],
  'model.preference.is_valid.value.app_error': [400, 'Value is too long.'],

  'app.user.missing_account.const': [404, 'Unable to find the user.'],
  'app.user.get_by_username.app_error': [404, 'Unable to find an existing account matching that username.'],
  'app.user.get_profiles.app_error': [500, 'Unable to read the accounts.'],
  'app.user.save.existing.app_error': [400, 'A new account must not carry an id.'],
  'app.user.save.username_exists.app_error': [400, 'An account with that username already exists.'],
  'app.user.save.email_exists.app_error': [400, 'An account with that email already exists.'],
  'app.user.save.app_error': [500, 'Unable to save the account.'],
  'app.user.update.find.app_error': [400, 'Unable to find the account to update.'],
  'app.user.update.finding.app_error': [500, 'Unable to update the account.'],
  'app.user.update.lastAdmin.app_error': [400, 'The last system administrator cannot lose that role.'],
  'app.user.update_auth_data.email_exists.app_error': [400, 'The auth data belongs to another account.'],
  'app.user.update_auth_data.app_error': [500, 'Unable to update the auth data.'],
  'app.user.update_active.user_limit.exceeded': [400, 'The server has reached its number of active accounts.'],
  'app.user.update_active.license_user_limit.exceeded': [400, 'The licence has no seat left.'],
  'api.user.create_user.user_limits.exceeded': [400, 'The server has reached its number of active accounts.'],
  'api.user.create_user.license_user_limits.exceeded': [400, 'The licence has no seat left.'],
  'api.user.create_user.accepted_domain.app_error': [400, 'The email is not of an accepted domain.'],
  'api.user.create_user.signup_email_disabled.app_error': [501, 'Signing up with email is switched off.'],
  'api.user.create_user.no_open_server': [403, 'This server does not allow open sign-ups.'],
  'api.user.create_user.signup_link_invalid.app_error': [404, 'The sign-up link does not appear to be valid.'],
  'app.team.get_by_invite_id.finding.app_error': [404, 'Unable to find the team.'],
  'api.user.get_user_by_email.permissions.app_error': [403, 'Unable to get a user by email.'],
  'api.user.update_user.accepted_domain.app_error': [400, 'The email is not of an accepted domain.'],
  'api.user.update_user.accepted_guest_domain.app_error': [400, 'The email is not of an accepted domain for guests.'],
  'api.user.update_user.login_provider_attribute_set.app_error': [
    409,
    "Field '{}' must be set through user's login provider.",
  ],
  'api.user.patch_user.login_provider_attribute_set.app_error': [
    409,
    "Field '{}' must be set through user's login provider.",
  ],
  'api.user.update_user_roles.license.app_error': [400, 'The licence does not include these roles.'],
  'api.user.update_active.permissions.app_error': [403, 'You may not change whether this account is active.'],
  'api.user.update_active.not_enable.app_error': [401, 'Deactivating oneself is switched off.'],
  'api.user.update_active.cannot_enable_guest_when_guest_feature_is_disabled.app_error': [
    401,
    'Guest access is switched off.',
  ],
  'api.user.update_active.cannot_modify_status_when_user_is_managed_by_ldap.app_error': [
    403,
    'The account is managed by LDAP.',
  ],
  'api.user.delete_user.not_enabled.app_error': [401, 'Permanent deletion is switched off.'],
  'api.user.delete_user.not_enabled.for_admin.app_error': [
    401,
    'Permanent deletion is switched off: ServiceSettings.EnableAPIUserDeletion.',
  ],
  'api.user.update_user_auth.invalid_request': [400, 'auth_data and auth_service are both needed.'],
  'api.user.autocomplete_users.missing_team_id.app_error': [500, 'in_channel needs in_team.'],
  'model.user_report_options.is_valid.invalid_sort_column': [400, 'Invalid sort column.'],
  'api.getUsersForReporting.invalid_page_size': [400, 'Invalid page size.'],
  'api.getUsersForReporting.invalid_team_filter': [400, 'Invalid team filter.'],
  'api.getUsersForReporting.invalid_active_filter': [400, 'Active and inactive cannot both be hidden.'],

  'api.team.demote_user_to_guest.license.error': [501, 'Your license does not support guest accounts'],
  'api.team.demote_user_to_guest.disabled.error': [501, 'Guest accounts are switched off.'],
  'api.team.invite_guests_to_channels.disabled.error': [403, 'The licence does not include guest accounts.'],
  'api.user.promote_guest_to_user.no_guest.app_error': [501, 'The account is not a guest.'],
  'api.user.promote_guest_to_user.magic_link_enabled.app_error': [501, 'The guest logs in by magic link.'],
  'api.user.demote_user_to_guest.already_guest.app_error': [501, 'The account is a guest already.'],

  'app.user_access_token.disabled': [501, 'Personal access tokens are switched off.'],
  'app.user_access_token.get_by_user.app_error': [404, 'Unable to get the token.'],
  'app.user_access_token.save.app_error': [500, 'Unable to save the token.'],
  'app.user_access_token.expires_at_in_past.app_error': [400, 'The expiry lies in the past.'],
  'app.user_access_token.expires_at_required.app_error': [400, 'The token must expire.'],
  'app.user_access_token.expires_at_too_far.app_error': [400, 'The expiry lies too far ahead.'],
  'model.user_access_token.is_valid.expires_at.app_error': [400, 'The expiry is no moment.'],
  'api.user.rotate_user_access_token.disabled_token.app_error': [400, 'A disabled token cannot be rotated.'],
  'model.user_access_token.is_valid.description.app_error': [400, 'The description is too long.'],
  'app.audit.get.finding.app_error': [500, 'Unable to read the audits.'],
  'app.session.get.app_error': [400, 'Unable to get the session.'],

  'api.user.update_password.incorrect.app_error': [400, 'The current password is wrong.'],
  'api.user.update_password.oauth.app_error': [400, 'The account logs in by a service.'],
  'api.user.update_password.context.app_error': [403, 'You may not set the password of this account.'],
  'api.user.update_password.user_and_hashed.app_error': [401, 'Only administrators may set a hashed password.'],
  'api.user.update_password.failed.app_error': [500, 'The password could not be set.'],
  'api.user.update_password.magic_link.app_error': [400, 'The guest logs in by magic link.'],
  'api.user.check_user_password.invalid.app_error': [401, 'Login failed because of an invalid password.'],
  'api.user.send_password_reset.sso.app_error': [400, 'The account logs in by a service.'],
  'api.user.send_password_reset.send.app_error': [400, 'The mail could not be sent.'],
  'api.user.reset_password.invalid_link.app_error': [400, 'The reset link does not appear to be valid.'],
  'api.user.reset_password.link_expired.app_error': [400, 'The reset link has expired.'],
  'api.user.reset_password.broken_token.app_error': [400, 'The reset link does not appear to be valid.'],
  'api.user.reset_password.sso.app_error': [400, 'The account logs in by a service.'],
  'api.user.reset_password_failed_attempts.permissions.app_error': [403, 'You may not reset failed attempts.'],
  'api.user.reset_password_failed_attempts.ldap_and_email_only.app_error': [
    400,
    'Only accounts with email or LDAP login count failed attempts.',
  ],
  'api.user.verify_email.bad_link.app_error': [400, 'The verification link does not appear to be valid.'],

  'api.user.login.blank_pwd.app_error': [400, 'The password must not be blank.'],
  'api.user.login.inactive.app_error': [401, 'Login failed because the account has been deactivated.'],
  'api.user.login.not_verified.app_error': [401, 'Login failed because the email has not been verified.'],
  'api.user.login.bot_login_forbidden.app_error': [401, 'Bots cannot log in.'],
  'api.user.login.remote_users.login.error': [401, 'Remote accounts cannot log in.'],
  'api.user.login.invalid_credentials_email_username': [401, 'Enter a valid email or username and/or password.'],
  'api.user.login.invalid_credentials_email': [401, 'Enter a valid email and/or password.'],
  'api.user.login.invalid_credentials_username': [401, 'Enter a valid username and/or password.'],
  'api.user.login.invalid_credentials_sso': [401, 'Enter valid credentials, or log in by another method.'],
  'api.user.check_user_login_attempts.too_many.app_error': [401, 'Too many failed password attempts.'],
  'api.user.check_user_login_attempts.too_many_ldap.app_error': [401, 'Too many failed password attempts.'],
  'api.user.check_user_mfa.bad_code.app_error': [401, 'Invalid MFA token.'],
  'mfa.validate_token.authenticate.app_error': [401, 'Invalid MFA token.'],

  'api.user.activate_mfa.email_and_ldap_only.app_error': [400, 'MFA is for accounts with email or LDAP login.'],
  'mfa.mfa_disabled.app_error': [501, 'Multi-factor authentication is switched off.'],
  'mfa.activate.bad_token.app_error': [401, 'Invalid MFA token.'],
  'mfa.activate.app_error': [500, 'MFA could not be activated.'],

  'api.user.email_to_oauth.not_available.app_error': [403, 'Moving to another login is not available.'],
  'api.user.oauth_to_email.not_available.app_error': [403, 'Moving to email login is not available.'],
  'api.user.email_to_ldap.not_available.app_error': [501, 'AD/LDAP is not available on this server.'],
  'api.user.ldap_to_email.not_available.app_error': [501, 'AD/LDAP is not available on this server.'],
  'api.user.ldap_to_email.not_ldap_account.app_error': [400, 'The account does not use AD/LDAP.'],
  'api.user.oauth_to_email.context.app_error': [403, 'You may not change the login of this account.'],
  'api.user.oauth_to_email.not_oauth_user.app_error': [400, 'The account does not log in by a service.'],
  'api.user.authorize_oauth_user.unsupported.app_error': [501, 'This login service is not set up.'],

  'app.terms_of_service.get.no_rows.app_error': [404, 'No such terms of service.'],
  'app.user_terms_of_service.get_by_user.no_rows.app_error': [404, 'No terms of service accepted.'],

  'api.user.upload_profile_user.too_large.app_error': [413, 'The picture is too large.'],
  'api.user.upload_profile_user.parse.app_error': [500, 'The form could not be parsed.'],
  'api.user.upload_profile_user.no_file.app_error': [400, 'No file in the field "image".'],
  'api.user.upload_profile_user.array.app_error': [400, 'The field "image" is empty.'],
  'api.user.upload_profile_user.check_image_limits.app_error': [400, 'The picture has too many pixels.'],
  'api.user.upload_profile_user.decode.app_error': [400, 'The picture could not be decoded.'],
  'api.user.upload_profile_user.storage.app_error': [501, 'No file storage is set up.'],
  'api.user.upload_profile_user.login_provider_attribute_set.app_error': [
    409,
    "The picture must be set through user's login provider.",
  ],

  'api.bot.create_disabled': [403, 'Creating bots is switched off.'],
  'api.incoming_webhook.disabled.app_error': [501, 'Incoming webhooks are switched off.'],
  'api.outgoing_webhook.disabled.app_error': [501, 'Outgoing webhooks are switched off.'],
  'api.command.disabled.app_error': [501, 'Slash commands are switched off.'],
  'api.team.get_all_teams.insufficient_permissions': [403, 'You may not list teams.'],

  'app.team.get.find.app_error': [404, 'Unable to find the team.'],
  'app.team.get_by_name.missing.app_error': [404, 'Unable to find the team.'],
  'app.team.get_member.missing.app_error': [404, 'No member of that team.'],
  'app.team.join_user_to_team.max_accounts.app_error': [400, 'The team is full.'],
  'app.team.join_user_to_team.save_member.max_accounts.app_error': [400, 'The team is full.'],
  'app.team.join_user_to_team.rejected_by_plugin': [400, 'A plugin refused the new member.'],
  'api.team.add_team_member.invalid_body.app_error': [400, 'The body could not be read.'],
  'api.team.add_members.user_denied': [400, 'The team belongs to groups that do not hold these people.'],
  'api.team.join_user_to_team.allowed_domains.app_error': [400, 'The email is not of a domain of the team.'],
  'api.team.remove_member.group_constrained.app_error': [400, 'The team belongs to groups.'],
  'api.team.remove_user_from_team.missing.app_error': [400, 'Not a member of the team.'],
  'api.team.update_team_member_roles.guest.app_error': [400, 'A guest has no flags.'],
  'api.team.update_team_member_roles.user_and_guest.app_error': [400, 'A member is no guest.'],
  'api.team.update_team_member_roles.guest_and_user.app_error': [400, 'A member is no guest.'],
  'api.team.update_team_member_roles.unset_user_scheme.app_error': [400, 'A member stays a member.'],
  'api.channel.update_team_member_roles.scheme_role.app_error': [400, 'The role belongs to another scheme.'],
  'api.channel.update_team_member_roles.changing_guest_role.app_error': [400, 'Guests are not made by roles.'],
  'store.sql_team.save_team.existing.app_error': [400, 'A team of that name exists.'],
  'model.team.is_valid.name.app_error': [400, 'Invalid display name.'],
  'model.team.is_valid.url.app_error': [400, 'The name is too long.'],
  'model.team.is_valid.description.app_error': [400, 'The description is too long.'],
  'model.team.is_valid.reserved.app_error': [400, 'The name is reserved.'],
  'model.team.is_valid.characters.app_error': [400, 'Invalid name of a team.'],
  'model.team.is_valid.type.app_error': [400, 'Invalid type of a team.'],
  'model.team.is_valid.domains.app_error': [400, 'The accepted domains are too long.'],
  'api.team.is_team_creation_allowed.disabled.app_error': [403, 'You may not create teams.'],

  'app.channel.get.existing.app_error': [404, 'Unable to find the channel.'],
  'app.channel.get_by_name.missing.app_error': [404, 'Unable to find the channel.'],
  'app.channel.get_channels.not_found.app_error': [404, 'No channels.'],
  'app.channel.get_member.missing.app_error': [404, 'No member of that channel.'],
  'app.channel.create_channel.internal_error': [500, 'The channel could not be saved.'],
  'app.channel.add_member.deleted_user.app_error': [403, 'The account is inactive.'],
  'app.channel.add_user.to.channel.rejected_by_plugin': [400, 'A plugin refused the new member.'],
  'api.channel.add_user.to.channel.failed.deleted.app_error': [400, 'The person left the team.'],
  'api.channel.add_user.to.channel.rejected': [403, 'An access policy refuses the person.'],
  'api.channel.add_members.user_denied': [400, 'The channel belongs to groups that do not hold these people.'],
  'api.channel.add_user_to_channel.type.app_error': [400, 'Direct messages take no members.'],
  'api.channel.remove.default.app_error': [400, 'Members do not leave the first channel.'],
  'api.channel.remove_member.group_constrained.app_error': [400, 'The channel belongs to groups.'],
  'api.channel.remove_channel_member.type.app_error': [400, 'Direct messages lose no members.'],
  'api.channel.create_channel.direct_channel.app_error': [400, 'Direct messages are made elsewhere.'],
  'api.channel.create_channel.max_channel_limit.app_error': [400, 'The team has too many channels.'],
  'app.channel.update.bad_id': [400, 'The channel is archived.'],
  'api.channel.update_channel.tried.app_error': [400, 'The first channel keeps its name.'],
  'api.channel.delete_channel.deleted.app_error': [400, 'The channel is archived.'],
  'api.channel.delete_channel.cannot.app_error': [400, 'The first channel stays.'],
  'api.channel.restore_channel.restored.app_error': [400, 'The channel is not archived.'],
  'api.channel.update_channel_member_roles.guest.app_error': [400, 'A guest has no flags.'],
  'api.channel.update_channel_member_roles.user_and_guest.app_error': [400, 'A member is no guest.'],
  'api.channel.update_channel_member_roles.guest_and_user.app_error': [400, 'A member is no guest.'],
  'api.channel.update_channel_member_roles.unset_user_scheme.app_error': [400, 'A member stays a member.'],
  'api.channel.update_channel_member_roles.scheme_role.app_error': [400, 'The role belongs to another scheme.'],
  'api.channel.update_channel_member_roles.changing_guest_role.app_error': [400, 'Guests are not made by roles.'],
  'store.sql_channel.save_channel.exists.app_error': [400, 'A channel of that name exists.'],
  'model.channel.is_valid.display_name.app_error': [400, 'Invalid display name.'],
  'model.channel.is_valid.1_or_more.app_error': [400, 'Invalid name of a channel.'],
  'model.channel.is_valid.type.app_error': [400, 'Invalid type of a channel.'],
  'model.channel.is_valid.header.app_error': [400, 'The header is too long.'],
  'model.channel.is_valid.purpose.app_error': [400, 'The purpose is too long.'],

  'store.sql_bot.get.missing.app_error': [404, 'Bot does not exist.'],

  'model.user.is_valid.username.app_error': [400, 'Username must be valid.'],
  'model.user.is_valid.email.app_error': [400, 'Please enter a valid email.'],
  'model.user.is_valid.nickname.app_error': [400, 'Invalid nickname.'],
  'model.user.is_valid.position.app_error': [400, 'Invalid position: too long.'],
  'model.user.is_valid.first_name.app_error': [400, 'Invalid first name.'],
  'model.user.is_valid.last_name.app_error': [400, 'Invalid last name.'],
  'model.user.is_valid.auth_data.app_error': [400, 'Invalid auth data.'],
  'model.user.is_valid.auth_data_type.app_error': [400, 'Auth data needs an auth service.'],
  'model.user.is_valid.auth_data_pwd.app_error': [400, 'Auth data and password cannot both be set.'],
  'model.user.is_valid.locale.app_error': [400, 'Invalid locale.'],
  'model.user.is_valid.timezone_limit.app_error': [400, 'The time zone is too long.'],
  'model.user.is_valid.roles_limit.app_error': [400, 'The roles are too long.'],
  'model.user.is_valid.invalidProperty.app_error': [400, 'Invalid property.'],
  'model.user.is_valid.pwd_min_length.app_error': [400, 'The password is too short.'],
  'model.user.is_valid.pwd_max_length.app_error': [400, 'The password is too long.'],
  'model.user.pre_save.password_too_long.app_error': [400, 'The password is too long.'],
} as const;

/** Every id that has a fixed name; password policy ids are put together at run time. */
export type ErrorId = keyof typeof messages;

/** The ids that the policy of passwords puts together from what is missing, in a fixed order (API §3.1). */
export type PasswordErrorId = `model.user.is_valid.pwd_${string}.app_error`;

/** The JSON body of a refusal; `request_id` is absent on unknown routes only. */
export interface ErrorBody {
  readonly id: string;
  readonly message: string;
  readonly detailed_error: string;
  readonly request_id?: string;
  readonly status_code: number;
}

const table: ReadonlyMap<string, readonly [number, string]> = new Map(Object.entries(messages));

/** A refusal on its way from a handler to the answer. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly id: string;
  readonly status: number;
  /** What stood in the body before the error was found. */
  written = '';
  /** The status was sent with it. */
  isStatusSent = false;

  constructor(id: ErrorId | PasswordErrorId, options: { readonly status?: number; readonly param?: string } = {}) {
    const [status, message] = table.get(id) ?? [400, 'The password does not follow the rules of this server.'];
    super(message.replace('{}', options.param ?? ''));
    this.id = id;
    this.status = options.status ?? status;
  }

  /** The same, found after a part of the answer was written: with status 200, unless compression holds it back. */
  after(written: string, isHeldBack: boolean): this {
    this.written = written;
    this.isStatusSent = !isHeldBack;
    return this;
  }
}

export const invalidBody = (param: string): Refusal =>
  new Refusal('api.context.invalid_body_param.app_error', { param });

export const invalidUrl = (param: string): Refusal => new Refusal('api.context.invalid_url_param.app_error', { param });

export const forbidden = (): Refusal => new Refusal('api.context.permissions.app_error');

export const noUser = (status?: number): Refusal =>
  new Refusal('app.user.missing_account.const', status === undefined ? {} : { status });
