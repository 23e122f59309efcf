import { forbidden, invalidUrl, noUser, Refusal } from './errors.ts';
import { anyMapOf, DecodeError, parseFirstValue, textsOf } from './go-json.ts';
import { isId } from './ids.ts';
import type { MembersView } from './members.ts';
import { grantsInChannel, grantsInTeam } from './operations/places.ts';
import type { PeopleView } from './people.ts';
import { nothing, type Reply } from './reply.ts';
import { type ChannelRow, isSystemAdmin, type SessionRow, type UserRow } from './rows.ts';
import type { World } from './world.ts';

/** What a request brings to its handler. */
export interface CallParts {
  readonly world: World;
  readonly method: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
  /** The body was longer than the limit; the rest of it was not kept. */
  readonly isBodyTooLarge: boolean;
  readonly session: SessionRow | undefined;
  /** The accounts as lists and names see them; not the newest when a stale read was asked for. */
  readonly people: PeopleView;
  /** Memberships, under the same condition; single look-ups go to the newest. */
  readonly teamMembers: MembersView;
  readonly channelMembers: MembersView;
  readonly remoteAddress: string;
}

export const acceptsGzip = (accepted: string): boolean =>
  accepted.split(',').some((item) => /^\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/i.test(item));

/** One request inside a handler: its parameters, its body, and what its sender may do. */
export class Call {
  readonly world: World;
  readonly method: string;
  readonly query: URLSearchParams;
  readonly session: SessionRow | undefined;
  readonly people: PeopleView;
  readonly teamMembers: MembersView;
  readonly channelMembers: MembersView;
  readonly remoteAddress: string;
  readonly #parts: CallParts;

  constructor(parts: CallParts) {
    this.#parts = parts;
    this.world = parts.world;
    this.method = parts.method;
    this.query = parts.query;
    this.session = parts.session;
    this.people = parts.people;
    this.teamMembers = parts.teamMembers;
    this.channelMembers = parts.channelMembers;
    this.remoteAddress = parts.remoteAddress;
  }

  header(name: string): string {
    const value = this.#parts.headers[name.toLowerCase()];
    return typeof value === 'string' ? value : (value?.[0] ?? '');
  }

  get acceptsGzip(): boolean {
    return acceptsGzip(this.header('Accept-Encoding'));
  }

  param(name: string): string {
    return this.#parts.params[name] ?? '';
  }

  /** The id in the path, with `me` resolved. @throws {Refusal} IUP when it has not the shape of an id */
  pathId(name = 'user_id'): string {
    const given = this.param(name);
    const id = given === 'me' ? this.callerId : given;
    if (!isId(id)) throw invalidUrl(name);
    return id;
  }

  /** The account that the path names. @throws {Refusal} IUP, or 404 when there is none */
  pathUser(): UserRow {
    const user = this.world.user(this.pathId());
    if (user === undefined) throw noUser();
    return user;
  }

  // Who asks.

  get callerId(): string {
    return this.session?.user_id ?? '';
  }

  get caller(): UserRow | undefined {
    return this.world.user(this.callerId);
  }

  may(permission: string): boolean {
    const caller = this.caller;
    return caller !== undefined && this.world.grants(caller, permission);
  }

  /** By the caller's own roles, or by those of a present membership. */
  mayInTeam(teamId: string, permission: string): boolean {
    const caller = this.caller;
    return caller !== undefined && grantsInTeam(this.world, caller, teamId, permission);
  }

  mayInChannel(channel: ChannelRow, permission: string): boolean {
    const caller = this.caller;
    return caller !== undefined && grantsInChannel(this.world, caller, channel, permission);
  }

  get isAdmin(): boolean {
    return this.may('manage_system');
  }

  require(permission: string): void {
    if (!this.may(permission)) throw forbidden();
  }

  /** Whether the caller may edit a person: oneself, an administrator, or an editor where the target is none. */
  mayEdit(userId: string): boolean {
    if (userId === this.callerId || this.isAdmin) return true;
    const target = this.world.user(userId);
    return target !== undefined && !isSystemAdmin(target) && this.may('edit_other_users');
  }

  /** The same, and for a bot its owner or who manages the bots of others. */
  mayEditUserOrBot(userId: string): boolean {
    const bot = this.world.store.bots.get(userId);
    if (bot === undefined) return this.mayEdit(userId);
    return bot.owner_id === this.callerId ? this.may('manage_bots') : this.may('manage_others_bots');
  }

  /** Whether the caller sees everybody; guests and people without a role see only whom they share a team with. */
  get seesEverybody(): boolean {
    return this.may('view_members');
  }

  /** The last step before an administrator is touched. */
  requireAdminFor(target: UserRow): void {
    if (isSystemAdmin(target) && !this.isAdmin) throw forbidden();
  }

  // The body, in the ways the server decodes it.

  /** @throws {Refusal} 413 when it is too large; what `otherwise` says when it is not what is wanted */
  decode<T>(decoder: (value: unknown) => T, otherwise: Refusal): T {
    if (this.#parts.isBodyTooLarge) throw new Refusal('api.context.request_body_too_large.app_error');
    try {
      return decoder(parseFirstValue(this.#parts.body.toString('utf8')));
    } catch (error) {
      if (error instanceof DecodeError) throw otherwise;
      throw error;
    }
  }

  /** The texts of the body; anything that cannot be read, also a body that is too large, counts as an empty map. */
  get texts(): Readonly<Record<string, string>> {
    return this.#lenient(textsOf, {});
  }

  /** A map of anything, read as leniently. */
  get values(): Readonly<Record<string, unknown>> {
    return this.#lenient(anyMapOf, {});
  }

  get bytes(): Buffer {
    return this.#parts.body;
  }

  get isBodyTooLarge(): boolean {
    return this.#parts.isBodyTooLarge;
  }

  #lenient<T>(decoder: (value: unknown) => T, empty: T): T {
    if (this.#parts.isBodyTooLarge) return empty;
    try {
      return decoder(parseFirstValue(this.#parts.body.toString('utf8')));
    } catch (error) {
      if (error instanceof DecodeError) return empty;
      throw error;
    }
  }

  /** The answer with its tag, or 304 when the client has that very version (unquoted, compared exactly). */
  withEtag(etag: string, make: (headers: Readonly<Record<string, string>>) => Reply): Reply {
    return this.header('If-None-Match') === etag ? nothing(304, { Etag: etag }) : make({ Etag: etag });
  }
}
