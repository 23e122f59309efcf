import type { Call } from '../call.ts';
import { invalidBody, noUser, Refusal } from '../errors.ts';
import { asSignUp, createUser, mailWelcome } from '../operations/create-user.ts';
import { provePassword } from '../operations/set-password.ts';
import { type Profile, updateUser } from '../operations/update-user.ts';
import { json, type Reply } from '../reply.ts';
import { openPost, put, type Route, userPath } from '../route.ts';
import type { UserRow } from '../rows.ts';
import { defaultNotifyProps } from '../rules/normalize.ts';
import { lockedField } from '../rules/provider-fields.ts';
import { readPatchInput, readUserInput, type UserInput } from '../user-input.ts';
import { viewUser } from '../view-user.ts';

/** Creates, and the two ways to write a profile (API §4, §5). */
export const writeUserRoutes: readonly Route[] = [
  openPost('/users', create),
  put(userPath, replaceUser),
  put(`${userPath}/patch`, patchUser),
];

function create(call: Call): Reply {
  const { world } = call;
  const input = call.decode(readUserInput, invalidBody('user'));
  checkInvitation(call);
  const isByAdmin = call.isAdmin;
  if (!isByAdmin) checkSignUp(call);
  const user = createUser(world, isByAdmin ? input : asSignUp(input));
  mailWelcome(world, user, input.disable_welcome_email ?? false);
  const view = viewUser(user, {
    ...world.viewOptions(user, 'full'),
    disableWelcomeEmail: input.disable_welcome_email ?? false,
    isBot: input.is_bot ?? false,
  });
  return json(view, { status: 201 });
}

/** No one was ever invited here, so every link is a wrong one. */
function checkInvitation(call: Call): void {
  const isLink = (call.query.get('t') ?? '') !== '';
  if (!isLink && (call.query.get('iid') ?? '') === '') return;
  checkSignUpEnabled(call);
  throw new Refusal(
    isLink ? 'api.user.create_user.signup_link_invalid.app_error' : 'app.team.get_by_invite_id.finding.app_error',
  );
}

/** Everybody but administrators: also a token that has expired, without a word about it (API §1, trap 21). */
function checkSignUp(call: Call): void {
  checkSignUpEnabled(call);
  const hasPeople = call.world.store.people.size > call.world.store.bots.size;
  if (!call.world.config['TeamSettings.EnableOpenServer'] && hasPeople) {
    throw new Refusal('api.user.create_user.no_open_server');
  }
}

function checkSignUpEnabled({ world: { config } }: Call): void {
  if (!config['TeamSettings.EnableUserCreation'] || !config['EmailSettings.EnableSignUpWithEmail']) {
    throw new Refusal('api.user.create_user.signup_email_disabled.app_error');
  }
}

/** The whole profile: what the body leaves out is emptied or reset. */
function replaceUser(call: Call): Reply {
  const id = call.pathId();
  const input = call.decode(readUserInput, invalidBody('user'));
  if (input.id !== id) throw invalidBody('user_id');
  const before = editable(call, id, noUser());
  const wanted = { ...emptyProfile, ...given(input) };
  checkProvider(call, before, wanted, 'api.user.update_user.login_provider_attribute_set.app_error');
  if (id === call.callerId && wanted.email !== '' && wanted.email !== before.email) {
    proveOwnEmailChange(call, before, input);
  }
  const user = updateUser(call.world, newest(call, before), wanted);
  return json(call.world.view(user, 'full'));
}

const emptyProfile: Profile = {
  username: '',
  email: '',
  nickname: '',
  first_name: '',
  last_name: '',
  position: '',
  locale: '',
  timezone: null,
  props: {},
  notify_props: defaultNotifyProps,
  allow_marketing: false,
  remote_id: null,
};

const profileOf = (user: UserRow): Profile => ({
  username: user.username,
  email: user.email,
  nickname: user.nickname,
  first_name: user.first_name,
  last_name: user.last_name,
  position: user.position,
  locale: user.locale,
  timezone: user.timezone ?? {},
  props: user.props,
  notify_props: user.notify_props,
  allow_marketing: user.allow_marketing,
  remote_id: user.remote_id,
});

/** Only what the body gives; maps are replaced as a whole. */
function patchUser(call: Call): Reply {
  const id = call.pathId();
  const input = call.decode(readPatchInput, invalidBody('user'));
  const before = editable(call, id, invalidBody('user_id'));
  const wanted: Profile = { ...profileOf(before), ...given(input), allow_marketing: before.allow_marketing };
  checkProvider(call, before, wanted, 'api.user.patch_user.login_provider_attribute_set.app_error');
  if (id === call.callerId && wanted.email !== before.email) {
    if (input.password === undefined) throw invalidBody('password');
    provePassword(call.world, before, input.password);
  }
  const user = updateUser(call.world, newest(call, before), wanted);
  return json(call.world.view(user, 'full'));
}

/** @returns the account to write, once the caller proved to be allowed to */
function editable(call: Call, id: string, unknown: Refusal): UserRow {
  if (!call.mayEditUserOrBot(id)) throw new Refusal('api.context.permissions.app_error');
  const before = call.world.user(id);
  if (before === undefined) throw unknown;
  call.requireAdminFor(before);
  return before;
}

function given(input: UserInput): Partial<Profile> {
  const fields: readonly (keyof Profile & keyof UserInput)[] = [
    ...(['username', 'email', 'nickname', 'first_name', 'last_name', 'position', 'locale'] as const),
    ...(['timezone', 'props', 'notify_props', 'allow_marketing', 'remote_id'] as const),
  ];
  return Object.fromEntries(fields.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]])));
}

function checkProvider(
  call: Call,
  before: UserRow,
  wanted: Profile,
  id: ConstructorParameters<typeof Refusal>[0],
): void {
  const field = lockedField(call.world.config, before, wanted);
  if (field !== undefined) throw new Refusal(id, { param: field });
}

function proveOwnEmailChange(call: Call, before: UserRow, input: UserInput): void {
  try {
    provePassword(call.world, before, input.password ?? '');
  } catch (error) {
    if (error instanceof Refusal) throw invalidBody('password');
    throw error;
  }
}

/** The row after a password was proved, which may have counted or cleared failures. */
const newest = (call: Call, before: UserRow): UserRow => call.world.user(before.id) ?? before;
