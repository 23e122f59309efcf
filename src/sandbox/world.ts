import type { SandboxConfig } from './config.ts';
import { isId, newId, type Randomness, shuffled } from './ids.ts';
import { type Licence, seatLimits } from './licence.ts';
import { type EventRow, hasRole, isActive, isRemote, type MailKind, type PostType, type UserRow } from './rows.ts';
import { type RoleDefinition, roleDefinitions } from './rules/roles.ts';
import { Store } from './store.ts';
import { isAtLeast } from './versions.ts';
import { type Viewer, type ViewOptions, viewUser, type WireUser } from './view-user.ts';

export interface WorldOptions {
  readonly version: string;
  readonly config: SandboxConfig;
  readonly licence: Licence | undefined;
  readonly clock: () => number;
  readonly random: Randomness;
}

/** What every handler works with: the tables, the switches, the clock and the outbox of one server. */
export class World {
  readonly store: Store = new Store();
  readonly version: string;
  config: SandboxConfig;
  licence: Licence | undefined;
  /** Identifies this server for good, as `DiagnosticId` in the client config. */
  diagnosticId: string;
  /** The first moment of this server; roles carry it too. */
  installedAt: number;
  /** Full hours since then that the jobs of every hour have been made up for. */
  hoursServed = 0;
  /** Set by tests: search then answers 503. */
  isBusy = false;
  /** Set by tests: usernames that a plugin keeps out of teams and channels. */
  pluginRefuses: ReadonlySet<string> = new Set();
  readonly #clock: () => number;
  readonly #random: Randomness;
  readonly #roleIds = new Map<string, string>();

  constructor(options: WorldOptions) {
    this.version = options.version;
    this.config = options.config;
    this.licence = options.licence;
    this.#clock = options.clock;
    this.#random = options.random;
    this.diagnosticId = this.newId();
    this.installedAt = this.now();
  }

  /** Milliseconds since the epoch, whole. */
  now(): number {
    return Math.trunc(this.#clock());
  }

  newId(length?: number): string {
    return newId(this.#random, length);
  }

  shuffled<T>(items: readonly T[]): T[] {
    return shuffled(items, this.#random);
  }

  /** Whether this server is of the given version or later. */
  has(version: string): boolean {
    return isAtLeast(this.version, version);
  }

  roles(): readonly RoleDefinition[] {
    return roleDefinitions.filter((role) => role.since === undefined || this.has(role.since));
  }

  role(name: string): RoleDefinition | undefined {
    return this.roles().find((role) => role.name === name);
  }

  /** Roles have ids of their own; they are the same for as long as the server runs. */
  roleId(name: string): string {
    const id = this.#roleIds.get(name) ?? this.newId();
    this.#roleIds.set(name, id);
    return id;
  }

  mail(kind: MailKind, user: UserRow, to: string = user.email, link?: string): void {
    this.store.mails.push({ to, kind, at: this.now(), user_id: user.id, ...(link === undefined ? {} : { link }) });
  }

  /** Writes a message of the server's own. */
  post(channelId: string, userId: string, type: PostType, aboutId?: string): void {
    const about = aboutId === undefined ? {} : { about_id: aboutId };
    this.store.posts.push({ at: this.now(), channel_id: channelId, user_id: userId, type, ...about });
  }

  /** Tells the clients of a person. */
  tell(event: EventRow['event'], teamId: string, userId: string): void {
    this.store.events.push({ at: this.now(), event, team_id: teamId, user_id: userId });
  }

  isBot(id: string): boolean {
    return this.store.bots.has(id);
  }

  /** Active people, without bots and remote accounts: whom seats are counted by. */
  countActive(): number {
    let count = 0;
    for (const user of this.store.people.all()) if (this.#isCounted(user)) count++;
    return count;
  }

  /** Active human administrators: what the guard of the last one counts. */
  countAdmins(): number {
    let count = 0;
    for (const user of this.store.people.all()) {
      if (user.roles.includes('system_admin') && this.#isCounted(user)) count++;
    }
    return count;
  }

  hasFreeSeat(): boolean {
    const { hard } = seatLimits(this.licence);
    return hard === 0 || this.countActive() < hard;
  }

  viewOptions(user: UserRow, viewer: Viewer): ViewOptions {
    return {
      viewer,
      privacy: {
        showEmailAddress: this.config['PrivacySettings.ShowEmailAddress'],
        showFullName: this.config['PrivacySettings.ShowFullName'],
      },
      bot: this.store.bots.get(user.id),
    };
  }

  view(user: UserRow, viewer: Viewer): WireUser {
    return viewUser(user, this.viewOptions(user, viewer));
  }

  /** Whether any of a person's roles grants a permission. */
  grants(user: UserRow, permission: string): boolean {
    return this.roles().some((role) => hasRole(user, role.name) && role.permissions.includes(permission));
  }

  /** The account of a path or body; ids match exactly. */
  user(id: string): UserRow | undefined {
    return isId(id) ? this.store.people.byId(id) : undefined;
  }

  #isCounted(user: UserRow): boolean {
    return isActive(user) && !isRemote(user) && !this.isBot(user.id);
  }
}
