/**
 * What a full read saw of a server's people, as one signed file: whole or not there, and for its owner alone. It is believed
 * where its signature fits and nowhere else; a read can do without it.
 *
 * Three lines: what it belongs to, the accounts, and the signature of both. An account is a row of {@link toRow}; what
 * many have in common stands once, in a table, and rows hold its place there.
 */
import { canonicalJson } from '../model/canonical-json.ts';
import type { JournalKey } from '../model/journal-key.ts';
import type { LiveUser } from '../model/live-things.ts';
import type { SeenPeople } from '../model/seen-people.ts';
import { type AuthValue, emailLogin, type StringMap } from '../model/user-values.ts';
import { keepSigned, recallSigned } from './signed-cache.ts';

const fileName = 'people.cache';
const version = 1;
/** More than all accounts of the largest server take. */
const maxSize = 450 * 1024 * 1024;

/** What it is of; it counts nowhere else. */
export interface CacheOrigin {
  readonly url: string;
  readonly serverKey: string;
  readonly serverVersion: string;
  readonly caller: string;
  readonly toolVersion: string;
}

/** @throws what the system says where it cannot be written */
export async function keepPeople(dir: string, seen: SeenPeople, origin: CacheOrigin, key: JournalKey): Promise<void> {
  const { users, newest, bots, ...rest } = seen;
  const shared = new SharedTables();
  const rows = [...users.values()].map((live) => toRow(live, shared));
  const head = canonicalJson({ format: 'muster-people', version, origin, ...rest });
  const body = JSON.stringify({ newest: [...newest], bots: [...bots], shared: shared.values(), rows });
  await keepSigned(dir, fileName, `${head}\n${body}\n`, key);
}

/** `another-place`: it is of something else, or another version of muster wrote it. */
export type NoPeople = 'none-kept' | 'not-believed' | 'another-place';

/** What is kept, or why nothing of it counts. Never fails. */
export async function recallPeople(dir: string, origin: CacheOrigin, key: JournalKey): Promise<SeenPeople | NoPeople> {
  const kept = await recallSigned(dir, fileName, maxSize, key);
  if (typeof kept === 'string') return kept;
  try {
    return decode(kept.text, origin);
  } catch {
    return 'not-believed';
  }
}

function decode(text: string, origin: CacheOrigin): SeenPeople | NoPeople {
  const cut = text.indexOf('\n');
  const head = objectIn(text.slice(0, cut));
  if (head['version'] !== version || canonicalJson(head['origin']) !== canonicalJson(origin)) return 'another-place';
  const { startedMs, serverStartedMs, total, isEverybody } = head;
  const { newest, bots, shared, rows } = objectIn(text.slice(cut + 1));
  if (![startedMs, serverStartedMs, total].every(Number.isSafeInteger) || typeof isEverybody !== 'boolean')
    return 'not-believed';
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- signed by this version of muster, which wrote just this
  const body = { newest, bots, shared, rows } as Body;
  const users = new Map(body.rows.map((row) => [row[0], fromRow(row, body.shared)]));
  return {
    startedMs: Number(startedMs),
    serverStartedMs: Number(serverStartedMs),
    total: Number(total),
    isEverybody,
    users,
    newest: new Set(body.newest),
    bots: new Set(body.bots),
  };
}

interface Body {
  readonly newest: readonly string[];
  readonly bots: readonly string[];
  readonly shared: SharedValues;
  readonly rows: readonly Row[];
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new TypeError('not as it was written');
  return { ...value };
}

interface SharedValues {
  readonly maps: readonly StringMap[];
  readonly roles: ReadonlyArray<readonly string[]>;
  readonly auths: readonly AuthValue[];
}

/** Each value once. */
class Table<Value> {
  readonly values: Value[] = [];
  readonly #places = new Map<string, number>();

  placeOf(value: Value): number {
    const key = JSON.stringify(value);
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#places.set(key, this.values.length);
    return this.values.push(value) - 1;
  }
}

class SharedTables {
  readonly maps = new Table<StringMap>();
  readonly roles = new Table<readonly string[]>();
  readonly auths = new Table<AuthValue>();

  values(): SharedValues {
    return { maps: this.maps.values, roles: this.roles.values, auths: this.auths.values };
  }
}

function at<Value>(values: readonly Value[], place: number): Value {
  const value = values[place];
  if (value === undefined) throw new RangeError('not as it was written');
  return value;
}

/** `sort`: 1 a bot, 2 an account of another server, 4 with a second factor. */
type Row = readonly [
  id: string,
  sort: number,
  createdMs: number,
  updatedMs: number,
  inactiveSinceMs: number,
  username: string,
  email: string,
  first_name: string,
  last_name: string,
  nickname: string,
  position: string,
  locale: string,
  timezone: number,
  notify_props: number,
  props: number,
  roles: number,
  auth: number,
];

function toRow({ id, isBot, isRemote, dates, values }: LiveUser, shared: SharedTables): Row {
  return [
    id,
    (isBot ? 1 : 0) + (isRemote ? 2 : 0) + (values.mfa === 'on' ? 4 : 0),
    dates?.createdMs ?? 0,
    dates?.updatedMs ?? 0,
    dates?.inactiveSinceMs ?? 0,
    values.username,
    values.email,
    values.first_name,
    values.last_name,
    values.nickname,
    values.position,
    values.locale,
    shared.maps.placeOf(values.timezone),
    shared.maps.placeOf(values.notify_props),
    shared.maps.placeOf(values.props),
    shared.roles.placeOf(values.roles),
    shared.auths.placeOf(values.auth),
  ];
}

const sharedAuth = (auth: AuthValue): AuthValue =>
  auth.service === emailLogin.service && auth.data === undefined && auth.isHidden === undefined ? emailLogin : auth;

function fromRow(row: Row, { maps, roles: roleSets, auths }: SharedValues): LiveUser {
  const [id, sort, createdMs, updatedMs, inactiveSinceMs, username, email, first_name, last_name] = row;
  const [, , , , , , , , , nickname, position, locale, timezone, notify_props, props, roles, auth] = row;
  return {
    id,
    isBot: (sort & 1) !== 0,
    isRemote: (sort & 2) !== 0,
    dates: { createdMs, updatedMs, ...(inactiveSinceMs > 0 && { inactiveSinceMs }) },
    values: {
      username,
      email,
      first_name,
      last_name,
      nickname,
      position,
      locale,
      timezone: at(maps, timezone),
      notify_props: at(maps, notify_props),
      props: at(maps, props),
      roles: at(roleSets, roles),
      active: inactiveSinceMs === 0,
      auth: sharedAuth(at(auths, auth)),
      mfa: (sort & 4) === 0 ? 'off' : 'on',
    },
  };
}
