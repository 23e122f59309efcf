import { randomBytes } from 'node:crypto';
import type { Sandbox, SandboxConfig } from '../../../src/sandbox/index.ts';
import { Caller, type Reply } from './caller.ts';
import { fieldsOf, objectOf, textOf } from './expectations.ts';

/** A server that cases run against. */
export interface ContractServer {
  readonly url: string;
  readonly admin: Caller;
  /** As `11.2.0`. */
  readonly version: string;
  /** Everything that is made begins with it. */
  readonly prefix: string;
  readonly setting: (name: keyof SandboxConfig) => unknown;
  readonly sandbox: Sandbox | undefined;
  /** Made when first asked for: somebody without any special right, and somebody whom no case changes. */
  readonly shared: { member?: Promise<Member>; target?: Promise<Somebody> };
}

/** An account of a case, and its own caller where it has logged in. */
export interface Somebody {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly password: string;
  /** The answer that made it. */
  readonly made: Reply;
}

/** A team or a channel of a case. */
export interface Place {
  readonly id: string;
  readonly name: string;
  /** The answer that made it. */
  readonly made: Reply;
}

/** A member with a session. */
export interface Member extends Somebody {
  readonly caller: Caller;
}

const password = 'Contract-passw0rd';

/** What one case works with; whoever it makes is inactive afterwards. */
export class Stage {
  readonly server: ContractServer;
  readonly admin: Caller;
  /** Without any token. */
  readonly nobody: Caller;
  /** With a token that no server gave. */
  readonly stranger: Caller;
  /** The shape of an id, and nobody's. */
  readonly unknownId: string = 'ybndrfg8ejkmcpqxot1uwisza3';
  readonly password: string = password;
  readonly #made: string[] = [];
  readonly #teams: string[] = [];

  constructor(server: ContractServer) {
    this.server = server;
    this.admin = server.admin;
    this.nobody = new Caller(server.url);
    this.stranger = new Caller(server.url, 'k'.repeat(26));
  }

  /** A username that is free, and that nobody else would take. */
  name(tail = ''): string {
    return `${this.server.prefix}${randomBytes(5).toString('hex')}${tail}`;
  }

  /** A name for a team or a channel, which take no dot. */
  placeName(): string {
    return this.name().replace('.', '');
  }

  /** Makes a team, as the administrator; it is archived afterwards. */
  async team(fields: Readonly<Record<string, unknown>> = {}): Promise<Place> {
    const name = this.placeName();
    const made = await this.admin.post('/teams', { name, display_name: name, type: 'O', ...fields });
    const id = textOf(objectOf(made, 201)['id']);
    this.#teams.push(id);
    return { id, name, made };
  }

  /** Takes charge of a team that a case made itself. */
  keepTeam(reply: Reply): Reply {
    const { id, name } = fieldsOf(reply.json);
    if (reply.status === 201 && typeof name === 'string') this.#teams.push(textOf(id));
    return reply;
  }

  /** Makes a channel of a team, as the administrator. */
  async channel(teamId: string, fields: Readonly<Record<string, unknown>> = {}): Promise<Place> {
    const name = this.placeName();
    const made = await this.admin.post('/channels', {
      team_id: teamId,
      name,
      display_name: name,
      type: 'O',
      ...fields,
    });
    return { id: textOf(objectOf(made, 201)['id']), name, made };
  }

  /** Makes an account that is a member of a team. */
  async teammate(teamId: string): Promise<Somebody> {
    const somebody = await this.person();
    objectOf(await this.admin.post(`/teams/${teamId}/members`, { team_id: teamId, user_id: somebody.id }), 201);
    return somebody;
  }

  /** Makes an account with email login, as the administrator. Its fields may be given. */
  async person(fields: Readonly<Record<string, unknown>> = {}): Promise<Somebody> {
    const somebody = await makeSomebody(this.admin, this.name(), fields);
    this.#made.push(somebody.id);
    return somebody;
  }

  /** Makes an account of a login service. */
  ssoPerson(service = 'saml', fields: Readonly<Record<string, unknown>> = {}): Promise<Somebody> {
    return this.person({ auth_service: service, auth_data: this.name(), password: undefined, ...fields });
  }

  /** Takes charge of an account that a case made itself. */
  keep(reply: Reply): Reply {
    const { id, username } = fieldsOf(reply.json);
    if (reply.status === 201 && typeof username === 'string' && username.startsWith(this.server.prefix)) {
      this.#made.push(textOf(id));
    }
    return reply;
  }

  /** Takes charge of an account that somebody else made for this stage. */
  adopt(userId: string): void {
    this.#made.push(userId);
  }

  /** Makes another administrator. */
  async administrator(): Promise<Member> {
    const member = await this.member();
    await this.admin.put(`/users/${member.id}/roles`, { roles: 'system_user system_admin' });
    return member;
  }

  /** Makes an account and logs it in. */
  async member(fields: Readonly<Record<string, unknown>> = {}): Promise<Member> {
    const somebody = await this.person(fields);
    return { ...somebody, caller: await this.login(somebody) };
  }

  /** Somebody without any special right, the same for all cases: not to be changed. */
  sharedMember(): Promise<Member> {
    this.server.shared.member ??= this.#sharedMember();
    return this.server.shared.member;
  }

  /** Somebody to look at, the same for all cases: not to be changed. */
  target(): Promise<Somebody> {
    this.server.shared.target ??= makeSomebody(this.admin, this.name('.target'), {});
    return this.server.shared.target;
  }

  async login({ username, password: own }: Somebody): Promise<Caller> {
    const reply = await this.nobody.post('/users/login', { login_id: username, password: own });
    return new Caller(this.server.url, textOf(reply.headers['token'] ?? objectOf(reply)['token']));
  }

  /** Makes a token for somebody. */
  async token(userId: string, description = 'contract'): Promise<{ readonly id: string; readonly secret: string }> {
    const made = objectOf(await this.admin.post(`/users/${userId}/tokens`, { description }));
    return { id: textOf(made['id']), secret: textOf(made['token']) };
  }

  as(secret: string): Caller {
    return new Caller(this.server.url, secret);
  }

  /** The account as the administrator reads it by id. */
  async read(userId: string): Promise<Readonly<Record<string, unknown>>> {
    return objectOf(await this.admin.get(`/users/${userId}`));
  }

  /** Leaves every account that was made inactive and without any right, and every team archived. */
  async close(): Promise<void> {
    for (const id of this.#teams) await this.admin.delete(`/teams/${id}`);
    for (const id of this.#made) {
      const { roles, delete_at: deletedAt } = fieldsOf((await this.admin.get(`/users/${id}`)).json);
      if (typeof roles === 'string' && roles.includes('system_admin')) await this.#takeRights(id, deletedAt !== 0);
      if (deletedAt === 0) await this.admin.delete(`/users/${id}`);
    }
  }

  /** An inactive administrator does not count, so the one that stays would be the last, and nobody's role be taken. */
  async #takeRights(id: string, isInactive: boolean): Promise<void> {
    if (isInactive) await this.admin.put(`/users/${id}/active`, { active: true });
    await this.admin.put(`/users/${id}/roles`, { roles: 'system_user' });
    if (isInactive) await this.admin.delete(`/users/${id}`);
  }

  /** By a token, which outlives sessions, where there can be one. */
  async #sharedMember(): Promise<Member> {
    const somebody = await makeSomebody(this.admin, this.name('.member'), {});
    const reply = await this.admin.post(`/users/${somebody.id}/tokens`, { description: 'contract' });
    const { token } = fieldsOf(reply.json);
    return { ...somebody, caller: typeof token === 'string' ? this.as(token) : await this.login(somebody) };
  }
}

async function makeSomebody(
  admin: Caller,
  username: string,
  fields: Readonly<Record<string, unknown>>,
): Promise<Somebody> {
  const body = { username, email: `${username}@example.test`, password, ...fields };
  const made = await admin.post('/users', body);
  const { id, username: stored, email } = objectOf(made, 201);
  return {
    id: textOf(id),
    username: textOf(stored),
    email: textOf(email),
    password: typeof body.password === 'string' ? body.password : '',
    made,
  };
}
