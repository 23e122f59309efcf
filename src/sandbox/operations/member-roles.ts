import type { Call } from '../call.ts';
import { invalidBody, Refusal } from '../errors.ts';
import { Fields } from '../go-json.ts';
import type { MemberState } from '../members.ts';
import { isGuest, type UserRow } from '../rows.ts';
import { isRoleName } from '../rules/roles.ts';
import type { World } from '../world.ts';

/** Roles of members, which teams and channels treat alike but for the names. */
export type PlaceKind = 'team' | 'channel';

const prefixes = {
  team: 'api.team.update_team_member_roles',
  channel: 'api.channel.update_channel_member_roles',
} as const;

/** Two of the ids of teams speak of a channel. */
const rolePrefixes = {
  team: 'api.channel.update_team_member_roles',
  channel: 'api.channel.update_channel_member_roles',
} as const;

type ChangeState = (state: MemberState) => MemberState;

/** What `schemeRoles` does to a member: the body first, so that a bad one is found before the permission is asked for. */
export function withSchemeRoles(call: Call, kind: PlaceKind): ChangeState {
  const wanted = call.decode((value) => {
    const fields = new Fields(value);
    return {
      scheme_admin: fields.boolean('scheme_admin') ?? false,
      scheme_user: fields.boolean('scheme_user') ?? false,
      scheme_guest: fields.boolean('scheme_guest') ?? false,
    };
  }, invalidBody('scheme_roles'));
  return (state) => {
    if (state.scheme_guest) throw new Refusal(`${prefixes[kind]}.guest.app_error`);
    if (wanted.scheme_guest) throw new Refusal(`${prefixes[kind]}.user_and_guest.app_error`);
    if (!wanted.scheme_user) throw new Refusal(`${prefixes[kind]}.unset_user_scheme.app_error`);
    return { ...state, ...wanted };
  };
}

/** The flags and explicit roles that a text of roles stands for: it replaces all, so an empty one leaves nothing. */
export function withRoles(call: Call, kind: PlaceKind): ChangeState {
  const text = call.texts['roles'] ?? '';
  const names = text.split(/\s+/).filter((name) => name !== '');
  if (!names.every(isRoleName)) throw invalidBody('roles');
  return (state) => {
    const flags = { scheme_guest: false, scheme_user: false, scheme_admin: false };
    const explicit: string[] = [];
    for (const name of names) {
      const role = call.world.role(name);
      if (role === undefined) throw new Refusal('app.role.get_by_name.app_error', { status: 400 });
      if (name === `${kind}_guest`) flags.scheme_guest = true;
      else if (name === `${kind}_user`) flags.scheme_user = true;
      else if (name === `${kind}_admin`) flags.scheme_admin = true;
      else if (role.schemeManaged) throw new Refusal(`${rolePrefixes[kind]}.scheme_role.app_error`);
      else explicit.push(name);
    }
    if (flags.scheme_guest && flags.scheme_user) throw new Refusal(`${prefixes[kind]}.guest_and_user.app_error`);
    if (flags.scheme_guest !== state.scheme_guest)
      throw new Refusal(`${rolePrefixes[kind]}.changing_guest_role.app_error`);
    return { ...state, ...flags, explicit_roles: explicit.join(' ') };
  };
}

/**
 * A guest's rows become a member's, and the other way round. A demotion takes every admin flag; a promotion leaves those that
 * stand in the rows of a person who became a guest by their roles alone.
 */
export function flipMemberships({ store }: World, user: UserRow): void {
  const flags = isGuest(user)
    ? { scheme_guest: true, scheme_user: false, scheme_admin: false }
    : { scheme_guest: false, scheme_user: true };
  for (const members of [store.teamMembers, store.channelMembers]) {
    for (const placeId of members.placesOf(user.id)) {
      const state = members.get(placeId, user.id);
      if (state !== undefined) members.put(placeId, user.id, { ...state, ...flags });
    }
  }
}
