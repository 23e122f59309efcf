/** The client of muster, with the network and the server of the simulation behind it. */

import type { ApiPromise } from '../../src/api/api-promise.ts';
import {
  type Channel,
  type NewToken,
  type Operations,
  type ReadClient,
  type Team,
  type Token,
  type User,
  type WriteClient,
} from '../../src/api/index.ts';
import { revealSecret } from '../../src/model/reveal-secret.ts';
import { Secret } from '../../src/model/secret.ts';
import { faceOf, missing, missingReads, once, rowOf } from './client-face.ts';
import type { Ledger } from './ledger.ts';
import { isActive, type ModelServer, Refused, rolesOf, type TokenRow } from './model-server.ts';
import type { Network } from './network.ts';
import { configOf, toRole } from './public-config.ts';
import type { Life, Scheduler } from './scheduler.ts';

export interface ClientParts {
  readonly server: ModelServer;
  readonly network: Network;
  readonly ledger: Ledger;
  readonly scheduler: Scheduler;
  readonly life: Life;
}

/** What an apply and a reading use of the client: nothing else is modelled. */
interface UsedGroups {
  readonly users: Pick<
    WriteClient['users'],
    | 'me'
    | 'get'
    | 'getByEmail'
    | 'byIds'
    | 'byUsernames'
    | 'pages'
    | 'statsFiltered'
    | 'create'
    | 'patch'
    | 'setRoles'
    | 'setActive'
    | 'setAuth'
    | 'setPassword'
    | 'promote'
    | 'demote'
  >;
  readonly tokens: Pick<WriteClient['tokens'], 'create' | 'search' | 'pages' | 'enable' | 'disable' | 'revoke'>;
  readonly passwords: Pick<WriteClient['passwords'], 'sendReset'>;
  readonly mfa: Pick<WriteClient['mfa'], 'set'>;
  readonly roles: Pick<WriteClient['roles'], 'byNames'>;
  readonly system: Pick<
    WriteClient['system'],
    'clientConfig' | 'clientLicense' | 'emailDomains' | 'serverLimits' | 'teamSettings'
  >;
  readonly teams: Pick<
    WriteClient['teams'],
    | 'membershipsOf'
    | 'pages'
    | 'count'
    | 'get'
    | 'getByName'
    | 'getMember'
    | 'membersByIds'
    | 'memberPages'
    | 'stats'
    | 'addMember'
    | 'addMembers'
    | 'removeMember'
    | 'setMemberAdmin'
  >;
  readonly channels: Pick<
    WriteClient['channels'],
    | 'pages'
    | 'get'
    | 'getByName'
    | 'getMember'
    | 'membersByIds'
    | 'membershipsInTeam'
    | 'ofUserInTeam'
    | 'stats'
    | 'addMember'
    | 'addMembers'
    | 'removeMember'
    | 'setMemberAdmin'
  >;
  readonly bots: Pick<WriteClient['bots'], 'get'>;
  readonly preferences: Pick<WriteClient['preferences'], 'ofCategory' | 'set' | 'delete'>;
}

type Lazy<Type> = { readonly [Name in keyof Type]: () => Type[Name] };

/** The client of one process. */
export function clientOf(parts: ClientParts): WriteClient {
  return new ModelClient(parts, undefined).asWriteClient();
}

class ModelClient {
  readonly #parts: ClientParts;
  /** Absent: the caller's own token. */
  readonly #secret: string | undefined;
  readonly #groups: Lazy<UsedGroups>;
  readonly #readClient = once(() => this.#makeReadClient());

  constructor(parts: ClientParts, secret: string | undefined) {
    this.#parts = parts;
    this.#secret = secret;
    this.#groups = this.#makeGroups();
  }

  /**
   * The face is complete: what is not modelled is there and throws, so that a new call shows at once. Only the types of those
   * methods are not written out, which is why the compiler has to be told.
   */
  asWriteClient(): WriteClient {
    const face = faceOf(this.#groups, missing);
    return Object.assign(
      face,
      this.#core((secret) => this.#as(secret).asWriteClient()),
      {
        readOnly: () => this.asReadClient(),
      },
    ) as unknown as WriteClient;
  }

  asReadClient(): ReadClient {
    return this.#readClient();
  }

  #makeReadClient(): ReadClient {
    const face = faceOf(this.#groups, missingReads);
    return Object.assign(
      face,
      this.#core((secret) => this.#as(secret).asReadClient()),
    ) as unknown as ReadClient;
  }

  #as(secret: Secret | undefined): ModelClient {
    return new ModelClient(this.#parts, secret === undefined ? undefined : revealSecret(secret));
  }

  #core(withToken: (secret: Secret | undefined) => ReadClient): object {
    return {
      url: 'https://chat.example.com',
      serverVersion: this.#parts.server.facts.version,
      supports: () => false,
      withToken,
      close: () => Promise.resolve(),
    };
  }

  #makeGroups(): Lazy<UsedGroups> {
    const { server, scheduler } = this.#parts;
    const now = (): number => scheduler.nowMs;
    return {
      users: once(() => ({
        me: () => this.#read('users', 'me', 'me', (caller) => caller),
        get: (id: string) => this.#read('users', 'get', id, () => server.user(id)),
        getByEmail: (email: string) =>
          this.#readReplica('users', 'getByEmail', email, (at) => found(at.find((user) => user.email === email))),
        byIds: (ids: readonly string[]) => {
          const wanted = new Set(ids);
          return this.#read('users', 'byIds', `${ids.length} ids`, () => server.filter(({ id }) => wanted.has(id)));
        },
        byUsernames: (names: readonly string[]) => {
          const wanted = new Set(names);
          return this.#readReplica('users', 'byUsernames', `${names.length} names`, (at) =>
            at.filter(({ username }) => wanted.has(username)),
          );
        },
        pages: ({ active, roles = [] } = {}) =>
          this.#pages('users', (at) =>
            at.filter(
              (user) =>
                (active !== true || isActive(user)) &&
                (roles.length === 0 || roles.some((role) => user.roles.includes(role))),
            ),
          ),
        statsFiltered: () =>
          this.#readReplica('users', 'statsFiltered', '', (at) => ({ total_users_count: at.users.size })),
        create: (body) =>
          this.#write('users', 'create', body.username ?? '', undefined, () => server.create(body, now())),
        patch: (id, patch) => this.#write('users', 'patch', id, id, () => server.patch(id, patch, now())),
        setRoles: (id, roles) => this.#write('users', 'setRoles', id, id, () => server.setRoles(id, roles, now())),
        setActive: (id, active) =>
          this.#write(
            'users',
            'setActive',
            id,
            id,
            () => server.setActive(id, active, now()),
            active ? 'activate' : 'deactivate',
          ),
        setAuth: (id, auth) =>
          this.#write('users', 'setAuth', id, id, () => {
            server.setAuth(id, auth, now());
            return { auth_service: auth.service, auth_data: auth.data };
          }),
        setPassword: (id) => this.#write('users', 'setPassword', id, id, () => server.setPassword(id, now())),
        promote: (id) => this.#write('users', 'promote', id, id, () => server.promote(id, now())),
        demote: (id) => this.#write('users', 'demote', id, id, () => server.demote(id, now())),
      })),
      tokens: once(() => ({
        create: (id, { description }) =>
          this.#write('tokens', 'create', description, id, () => withSecret(server.createToken(id, description))),
        search: (term: string) =>
          this.#readReplica('tokens', 'search', term, (at) => at.tokensOf(term).map(withoutSecret)),
        pages: () => this.#pages('tokens', (at) => [...at.tokens.values()].map(withoutSecret)),
        enable: (id) => this.#changeToken('enable', id, () => server.enableToken(id, true)),
        disable: (id) => this.#changeToken('disable', id, () => server.enableToken(id, false)),
        revoke: (id) => this.#changeToken('revoke', id, () => server.revokeToken(id)),
      })),
      passwords: () => ({
        sendReset: (email) => this.#write('passwords', 'sendReset', email, undefined, () => server.sendReset(email)),
      }),
      mfa: () => ({
        set: (id) => this.#write('mfa', 'set', id, id, () => server.disableMfa(id, now())),
      }),
      roles: () => ({
        byNames: (names: readonly string[]) =>
          this.#read('roles', 'byNames', '', () => names.filter((name) => server.facts.roles.has(name)).map(toRole)),
      }),
      system: () => ({
        clientConfig: () => this.#read('system', 'clientConfig', '', () => configOf(server)),
        clientLicense: () =>
          this.#read('system', 'clientLicense', '', () => ({
            IsLicensed: String(server.facts.isLicensed),
            CustomPermissionsSchemes: String(server.facts.hasCustomPermissions),
          })),
        emailDomains: () => this.#read('system', 'emailDomains', '', () => ({ members: [], guests: [] })),
        teamSettings: () =>
          this.#read('system', 'teamSettings', '', () => ({
            maxUsersPerTeam: 500,
            maxChannelsPerTeam: 2000,
            defaultChannels: ['off-topic'],
            disablesBotsOfLeavers: false,
          })),
        serverLimits: () =>
          this.#read('system', 'serverLimits', '', () => ({
            maxUsersLimit: 0,
            maxUsersHardLimit: server.facts.seats.limit ?? 0,
            activeUserCount: server.activePeople,
            singleChannelGuestCount: 0,
            singleChannelGuestLimit: 0,
          })),
      }),
      teams: once(() => ({
        membershipsOf: (id: string) => this.#read('teams', 'membershipsOf', id, () => server.places.teamsOf(id)),
        pages: () => this.#pages('teams', (at) => at.places.teams()),
        count: () => this.#read('teams', 'count', '', () => server.places.teams().length),
        get: (id: string) => this.#read('teams', 'get', id, () => foundPlace(teamBy(server, (one) => one.id === id))),
        getByName: (name: string) =>
          this.#read('teams', 'getByName', name, () => foundPlace(teamBy(server, (one) => one.name === name))),
        getMember: (id: string, account: string) =>
          this.#read('teams', 'getMember', account, () => foundMember(server.places.teamMember(id, account))),
        membersByIds: (id: string, ids: readonly string[]) =>
          this.#readReplica('teams', 'membersByIds', id, (at) => at.places.teamMembers(id, new Set(ids))),
        memberPages: (id: string) =>
          this.#pages(
            'teams',
            (at) => at.places.teamMembers(id).filter(({ user_id }) => isActiveIn(at, user_id)),
            'memberPages',
          ),
        stats: (id: string) =>
          this.#readReplica('teams', 'stats', id, (at) => {
            const members = at.places.teamMembers(id);
            const active = members.filter(({ user_id }) => isActiveIn(at, user_id)).length;
            return { team_id: id, total_member_count: members.length, active_member_count: active };
          }),
        addMember: (id: string, account: string) =>
          this.#changePlace('teams', 'addMember', id, account, () => {
            server.addTo(id, account, true);
            return foundMember(server.places.teamMember(id, account));
          }),
        addMembers: (id: string, ids: readonly string[]) =>
          this.#addMany('teams', id, ids, (account) => {
            const refused = server.whyNotAdded(id, account, true);
            if (refused === undefined) server.addTo(id, account, true);
            return {
              user_id: account,
              member: refused === undefined ? server.places.teamMember(id, account) : undefined,
              error: refused === undefined ? undefined : { id: refused.id, status: refused.status },
            };
          }),
        removeMember: (id: string, account: string) =>
          this.#changePlace('teams', 'removeMember', id, account, () => {
            foundMember(server.places.teamMember(id, account));
            server.places.leaveTeam(id, account);
          }),
        setMemberAdmin: (id: string, account: string, isAdmin: boolean) =>
          this.#changePlace('teams', 'setMemberAdmin', id, account, () => {
            foundMember(server.places.teamMember(id, account));
            server.places.setAdmin(id, account, isAdmin);
          }),
      })),
      channels: once(() => ({
        pages: () => this.#pages('channels', (at) => at.places.channels()),
        get: (id: string) =>
          this.#read('channels', 'get', id, () => foundPlace(channelBy(server, (one) => one.id === id))),
        getByName: (team: string, name: string) =>
          this.#read('channels', 'getByName', name, () =>
            foundPlace(channelBy(server, (one) => one.team_id === team && one.name === name)),
          ),
        getMember: (id: string, account: string) =>
          this.#read('channels', 'getMember', account, () =>
            foundMember(server.places.channelMembers(id, new Set([account]))[0]),
          ),
        membersByIds: (id: string, ids: readonly string[]) =>
          this.#readReplica('channels', 'membersByIds', id, (at) => at.places.channelMembers(id, new Set(ids))),
        membershipsInTeam: (account: string, team: string) =>
          this.#read('channels', 'membershipsInTeam', account, () =>
            server.places
              .channelsOf(account, team)
              .flatMap(({ id }) => server.places.channelMembers(id, new Set([account]))),
          ),
        ofUserInTeam: (account: string, team: string) =>
          this.#read('channels', 'ofUserInTeam', account, () => server.places.channelsOf(account, team)),
        stats: (id: string) =>
          this.#readReplica('channels', 'stats', id, (at) => ({
            channel_id: id,
            member_count: at.places.channelMembers(id).filter(({ user_id }) => isActiveIn(at, user_id)).length,
            guest_count: 0,
          })),
        addMember: (id: string, account: string) =>
          this.#changePlace('channels', 'addMember', id, account, () => {
            server.addTo(id, account, false);
            return foundMember(server.places.channelMembers(id, new Set([account]))[0]);
          }),
        addMembers: (id: string, ids: readonly string[]) =>
          this.#addMany('channels', id, ids, (account) => {
            if (server.whyNotAdded(id, account, false) === undefined) server.addTo(id, account, false);
            return server.places.channelMembers(id, new Set([account]))[0];
          }),
        removeMember: (id: string, account: string) =>
          this.#changePlace('channels', 'removeMember', id, account, () => {
            foundMember(server.places.channelMembers(id, new Set([account]))[0]);
            server.places.leaveChannel(id, account);
          }),
        setMemberAdmin: (id: string, account: string, isAdmin: boolean) =>
          this.#changePlace('channels', 'setMemberAdmin', id, account, () => {
            foundMember(server.places.channelMembers(id, new Set([account]))[0]);
            server.places.setAdmin(id, account, isAdmin);
          }),
      })),
      bots: () => ({
        get: (id: string) =>
          this.#read('bots', 'get', id, () => {
            throw new Refused(404, 'store.sql_bot.get.missing.app_error');
          }),
      }),
      preferences: once(() => ({
        ofCategory: (id: string, category: string) =>
          this.#read('preferences', 'ofCategory', category, () => {
            const rows = [...server.preferences.values()].filter(
              (row) => row.user_id === id && row.category === category,
            );
            if (rows.length === 0) throw new Refused(404, 'api.preference.preferences_category.get.app_error');
            return rows;
          }),
        set: (_, rows) =>
          this.#write('preferences', 'set', rows.map(({ name }) => name).join(' '), undefined, () => {
            for (const row of rows) server.setPreference(row);
          }),
        delete: (_, rows) =>
          this.#write('preferences', 'delete', rows.map(({ name }) => name).join(' '), undefined, () => {
            for (const row of rows) server.deletePreference(row);
          }),
      })),
    };
  }

  /** One membership of one person, which the ledger knows by both. */
  #changePlace<Data>(
    group: 'teams' | 'channels',
    name: string,
    id: string,
    account: string,
    act: () => Data,
  ): ApiPromise<Data> {
    return this.#write(group, name, this.#subjectOf(id, account), account, act);
  }

  /** Of many people each has a line in the ledger, as if they were added one by one. */
  #addMany<Row>(
    group: 'teams' | 'channels',
    id: string,
    ids: readonly string[],
    add: (account: string) => Row | undefined,
  ): ApiPromise<readonly Row[]> {
    const { network, life, ledger, scheduler } = this.#parts;
    const operation = `${group}.addMember`;
    const commit = (): readonly Row[] => {
      this.#caller();
      return ids.flatMap((account): readonly Row[] => {
        const entry = { atMs: scheduler.nowMs, life: life.number, operation, subject: this.#subjectOf(id, account) };
        const row = ledger.write(entry, account, () => add(account));
        return row === undefined ? [] : [row];
      });
    };
    const subject = `${ids.length} people`;
    return network.send({ ...rowOf(group, 'addMembers'), operation, access: 'write', subject, life, commit });
  }

  #subjectOf(id: string, account: string): string {
    const { server } = this.#parts;
    return `${server.users.get(account)?.username ?? account} ${server.places.place(id) ?? id}`;
  }

  #changeToken(name: 'enable' | 'disable' | 'revoke', id: string, act: () => void): ApiPromise<void> {
    const { server, network, scheduler } = this.#parts;
    const owner = server.tokens.get(id)?.user_id;
    const lagMs = network.lagMs();
    return this.#write('tokens', name, id, owner, () => {
      // The real server looks the token up in a replica first.
      if (lagMs > 0) server.asOf(scheduler.nowMs - lagMs).token(id);
      act();
    });
  }

  #read<Data>(group: keyof Operations, name: string, subject: string, look: (caller: User) => Data): ApiPromise<Data> {
    const { network, life } = this.#parts;
    return network.send({ ...rowOf(group, name), access: 'read', subject, life, commit: () => look(this.#caller()) });
  }

  /** What the real server reads from a replica, where there is one. */
  #readReplica<Data>(
    group: keyof Operations,
    name: string,
    subject: string,
    look: (at: ModelServer) => Data,
  ): ApiPromise<Data> {
    const { server, network, scheduler } = this.#parts;
    const lagMs = network.lagMs();
    const note = lagMs === 0 ? subject : `${subject} as of ${lagMs} ms ago`;
    return this.#read(group, name, note, () => look(lagMs === 0 ? server : server.asOf(scheduler.nowMs - lagMs)));
  }

  #write<Data>(
    group: keyof Operations,
    name: string,
    subject: string,
    account: string | undefined,
    act: () => Data,
    verb: string = name,
  ): ApiPromise<Data> {
    const { network, life, ledger, scheduler, server } = this.#parts;
    const operation = `${group}.${verb}`;
    const commit = (): Data => {
      this.#caller();
      const who = server.users.get(subject)?.username ?? subject;
      const entry = { atMs: scheduler.nowMs, life: life.number, operation, subject: who };
      return ledger.write(entry, account, act);
    };
    return network.send({ ...rowOf(group, name), operation, access: 'write', subject, life, commit });
  }

  async *#pages<Item>(
    group: 'users' | 'tokens' | 'teams' | 'channels',
    all: (at: ModelServer) => readonly Item[],
    name: string = 'pages',
  ): AsyncIterable<readonly Item[]> {
    const perPage = 200;
    for (let page = 0; ; page++) {
      const rows = await this.#readReplica(group, name, `page ${page}`, (at) =>
        all(at).slice(page * perPage, (page + 1) * perPage),
      );
      if (rows.length > 0) yield rows;
      if (rows.length < perPage) return;
    }
  }

  #caller(): User {
    const { server, network, scheduler } = this.#parts;
    const caller =
      this.#secret === undefined
        ? server.user(server.callerId)
        : server.asOf(scheduler.nowMs - network.lagMs()).ownerOf(this.#secret);
    if (!isActive(caller)) throw new Refused(401, 'api.context.session_expired.app_error');
    if (this.#secret === undefined && !rolesOf(caller).includes('system_admin'))
      throw new Refused(403, 'api.context.permissions.app_error');
    return caller;
  }
}

const teamBy = ({ places }: ModelServer, isWanted: (team: Team) => boolean): Team | undefined =>
  places.teams().find(isWanted);
const channelBy = ({ places }: ModelServer, isWanted: (channel: Channel) => boolean): Channel | undefined =>
  places.channels().find(isWanted);

function isActiveIn(server: ModelServer, account: string): boolean {
  const user = server.users.get(account);
  return user !== undefined && isActive(user);
}

function foundPlace<Place>(place: Place | undefined): Place {
  if (place === undefined) throw new Refused(404, 'app.team.get_by_name.missing.app_error');
  return place;
}

function foundMember<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new Refused(404, 'app.team.get_member.missing.app_error');
  return row;
}

function found(user: User | undefined): User {
  if (user === undefined) throw new Refused(404, 'app.user.missing_account.const');
  return user;
}

const withoutSecret = ({ id, user_id, description, is_active, expires_at }: TokenRow): Token => ({
  id,
  user_id,
  description,
  is_active,
  expires_at,
});
const withSecret = ({ secretText, ...token }: TokenRow): NewToken => ({ ...token, secret: new Secret(secretText) });
