import { Refusal } from '../errors.ts';
import type { ChannelRow, TeamRow } from '../rows.ts';
import { withoutInvisible } from './normalize.ts';

const reserved =
  'admin api channel claim error files help landing login mfa oauth plug post signup boards playbooks'.split(' ');

/** As asked for: of what type it is has not been looked at yet. */
export type NewTeam = Omit<TeamRow, 'type'> & { readonly type: string };
export type NewChannel = Omit<ChannelRow, 'type'> & { readonly type: string };

const runes = (text: string): number => Array.from(text).length;

/** What the server makes of the names of a team before it looks at them. */
export const normalTeam = <Team extends NewTeam>(team: Team): Team => ({
  ...team,
  name: withoutInvisible(team.name),
  display_name: withoutInvisible(team.display_name),
  description: withoutInvisible(team.description),
});

/** The same of a channel. */
export const normalChannel = <Channel extends NewChannel>(channel: Channel): Channel => ({
  ...channel,
  name: withoutInvisible(channel.name),
  display_name: withoutInvisible(channel.display_name),
});

/** What a team must look like to be stored, in the order in which the server looks. */
export function checkTeam(team: NewTeam): asserts team is NewTeam & TeamRow {
  const { name, display_name, description, type, allowed_domains } = team;
  if (runes(display_name) === 0 || runes(display_name) > 64) throw new Refusal('model.team.is_valid.name.app_error');
  if (name.length > 64) throw new Refusal('model.team.is_valid.url.app_error');
  if (Buffer.byteLength(description) > 255) throw new Refusal('model.team.is_valid.description.app_error');
  if (reserved.some((word) => name.startsWith(word))) throw new Refusal('model.team.is_valid.reserved.app_error');
  if (!isTeamName(name)) throw new Refusal('model.team.is_valid.characters.app_error');
  if (type !== 'O' && type !== 'I') throw new Refusal('model.team.is_valid.type.app_error');
  if (Buffer.byteLength(allowed_domains) > 1000) throw new Refusal('model.team.is_valid.domains.app_error');
}

export const isTeamName = (name: string): boolean => /^[a-z0-9]+(?:[a-z0-9-]*|__)[a-z0-9]+$/.test(name);

/** The same of a channel. A name that is too long only fails in the database. */
export function checkChannel(channel: NewChannel): asserts channel is NewChannel & ChannelRow {
  const { name, display_name, type, header, purpose } = channel;
  if (runes(display_name) > 64) throw new Refusal('model.channel.is_valid.display_name.app_error');
  if (!/^[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?$/.test(name)) throw new Refusal('model.channel.is_valid.1_or_more.app_error');
  if (type !== 'O' && type !== 'P') throw new Refusal('model.channel.is_valid.type.app_error');
  if (runes(header) > 1024) throw new Refusal('model.channel.is_valid.header.app_error');
  if (runes(purpose) > 250) throw new Refusal('model.channel.is_valid.purpose.app_error');
  if (name.length > 64) throw new Refusal('app.channel.create_channel.internal_error');
}
