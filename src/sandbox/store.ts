import { Channels } from './channels.ts';
import { HeapOrder } from './heap-order.ts';
import { KeyedRows } from './keyed-rows.ts';
import { Members, type Membership } from './members.ts';
import { People } from './people.ts';
import type {
  AcceptedTermsRow,
  AuditRow,
  BotRow,
  ChannelRow,
  EventRow,
  IntegrationRow,
  LinkRow,
  Mail,
  PostRow,
  PreferenceRow,
  SessionRow,
  TeamRow,
  TokenRow,
  UserRow,
} from './rows.ts';

/** All tables as plain data: what a state file holds. */
export interface StoredTables {
  readonly users: readonly UserRow[];
  readonly bots: readonly BotRow[];
  readonly tokens: readonly TokenRow[];
  /** Absent in files of older versions. */
  readonly teams?: readonly TeamRow[];
  readonly channels?: readonly ChannelRow[];
  readonly teamMembers?: StoredMembers;
  readonly channelMembers?: StoredMembers;
  readonly posts?: readonly PostRow[];
  readonly integrations?: readonly IntegrationRow[];
  readonly sessions: readonly SessionRow[];
  readonly preferences: readonly PreferenceRow[];
  readonly audits: readonly AuditRow[];
  readonly links: readonly LinkRow[];
  readonly acceptedTerms: readonly AcceptedTermsRow[];
  /** Names of user groups; they share one namespace with usernames. */
  readonly groups: readonly string[];
  readonly terms: readonly string[];
  /** Uploaded pictures by user id, base64. */
  readonly pictures: Readonly<Record<string, string>>;
  readonly mails: readonly Mail[];
}

/** By place: its rows in the order of storage. */
type StoredMembers = ReadonlyArray<readonly [placeId: string, rows: readonly Membership[]]>;

/** The state of the server: tables in memory, each with the indexes that the handlers need. */
export class Store {
  readonly people: People = new People();
  readonly bots: Map<string, BotRow> = new Map();
  readonly teams: Map<string, TeamRow> = new Map();
  readonly channels: Channels = new Channels();
  readonly teamMembers: Members = new Members();
  readonly channelMembers: Members = new Members();
  /** What the server wrote into channels by itself. */
  readonly posts: PostRow[] = [];
  readonly events: EventRow[] = [];
  readonly integrations: Map<string, IntegrationRow> = new Map();
  readonly tokens: KeyedRows<TokenRow> = new KeyedRows(
    (token) => token.id,
    { secret: (token) => token.token, user: (token) => token.user_id },
    new HeapOrder(),
  );
  readonly sessions: KeyedRows<SessionRow> = new KeyedRows((session) => session.id, {
    secret: (session) => session.token,
    user: (session) => session.user_id,
  });
  readonly preferences: KeyedRows<PreferenceRow> = new KeyedRows<PreferenceRow>(preferenceKey, {
    user: (preference) => preference.user_id,
  });
  readonly audits: AuditRow[] = [];
  readonly links: Map<string, LinkRow> = new Map();
  readonly acceptedTerms: Map<string, AcceptedTermsRow> = new Map();
  readonly groups: Set<string> = new Set();
  /** Ids of terms of service that can be accepted. */
  readonly terms: Set<string> = new Set();
  readonly pictures: Map<string, Buffer> = new Map();
  readonly mails: Mail[] = [];

  save(): StoredTables {
    return {
      users: [...this.people.all()],
      bots: [...this.bots.values()],
      tokens: [...this.tokens.all()],
      teams: [...this.teams.values()],
      channels: [...this.channels.all()],
      teamMembers: [...this.teamMembers.saved()],
      channelMembers: [...this.channelMembers.saved()],
      posts: this.posts,
      integrations: [...this.integrations.values()],
      sessions: [...this.sessions.all()],
      preferences: [...this.preferences.all()],
      audits: this.audits,
      links: [...this.links.values()],
      acceptedTerms: [...this.acceptedTerms.values()],
      groups: [...this.groups],
      terms: [...this.terms],
      pictures: Object.fromEntries([...this.pictures].map(([id, bytes]) => [id, bytes.toString('base64')])),
      mails: this.mails,
    };
  }

  /** What is there now was always there. */
  forgetPast(): void {
    for (const table of [this.people, this.teamMembers, this.channelMembers]) table.past.forget();
  }

  load(tables: StoredTables): void {
    for (const user of tables.users) this.people.put(user);
    for (const bot of tables.bots) this.bots.set(bot.user_id, bot);
    for (const team of tables.teams ?? []) this.teams.set(team.id, team);
    for (const channel of tables.channels ?? []) this.channels.put(channel);
    loadMembers(this.teamMembers, tables.teamMembers);
    loadMembers(this.channelMembers, tables.channelMembers);
    this.posts.push(...(tables.posts ?? []));
    for (const one of tables.integrations ?? []) this.integrations.set(one.id, one);
    for (const token of tables.tokens) this.tokens.put(token);
    for (const session of tables.sessions) this.sessions.put(session);
    for (const preference of tables.preferences) this.preferences.put(preference);
    for (const link of tables.links) this.links.set(link.token, link);
    for (const terms of tables.acceptedTerms) this.acceptedTerms.set(terms.user_id, terms);
    for (const group of tables.groups) this.groups.add(group);
    for (const id of tables.terms) this.terms.add(id);
    for (const [id, bytes] of Object.entries(tables.pictures)) this.pictures.set(id, Buffer.from(bytes, 'base64'));
    this.audits.push(...tables.audits);
    this.mails.push(...tables.mails);
  }
}

function loadMembers(members: Members, stored: StoredMembers = []): void {
  for (const [placeId, rows] of stored) for (const [userId, state] of rows) members.put(placeId, userId, state);
}

/** What makes a preference one: whose, category and name. */
export function preferenceKey({ user_id, category, name }: Omit<PreferenceRow, 'value'>): string {
  return JSON.stringify([user_id, category, name]);
}
