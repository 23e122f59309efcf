import { Refusal } from '../errors.ts';
import type { ChannelRow, TeamRow } from '../rows.ts';

const reserved =
  'admin api channel claim error files help landing login mfa oauth plug post signup boards playbooks'.split(' ');

const runes = (text: string): number => Array.from(text).length;

/** What a team must look like to be stored, in the order in which the server looks. */
export function checkTeam({ name, display_name, description, type }: TeamRow): void {
  if (runes(display_name) === 0 || runes(display_name) > 64) throw new Refusal('model.team.is_valid.name.app_error');
  if (name.length > 64) throw new Refusal('model.team.is_valid.url.app_error');
  if (Buffer.byteLength(description) > 255) throw new Refusal('model.team.is_valid.description.app_error');
  if (reserved.some((word) => name.startsWith(word))) throw new Refusal('model.team.is_valid.reserved.app_error');
  if (!isTeamName(name)) throw new Refusal('model.team.is_valid.characters.app_error');
  if (type !== 'O' && type !== 'I') throw new Refusal('model.team.is_valid.type.app_error');
}

const isTeamName = (name: string): boolean => /^[a-z0-9]+(?:[a-z0-9-]*|__)[a-z0-9]+$/.test(name);

/** The same of a channel. A name that is too long only fails in the database. */
export function checkChannel({ name, display_name, type }: ChannelRow): void {
  if (runes(display_name) > 64) throw new Refusal('model.channel.is_valid.display_name.app_error');
  if (!/^[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?$/.test(name)) throw new Refusal('model.channel.is_valid.1_or_more.app_error');
  if (type !== 'O' && type !== 'P') throw new Refusal('model.channel.is_valid.type.app_error');
  if (name.length > 64) throw new Refusal('app.channel.create_channel.internal_error');
}
