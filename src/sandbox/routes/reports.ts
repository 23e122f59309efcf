import type { Call } from '../call.ts';
import { Refusal } from '../errors.ts';
import { isId } from '../ids.ts';
import { json, type Reply } from '../reply.ts';
import { get, type Route } from '../route.ts';
import { isActive, type UserRow } from '../rows.ts';
import { viewUser } from '../view-user.ts';

const permission = 'sysconsole_read_user_management_users';

/** The report on people: keyset paging in the order of a column, bots left out (API §12.1). */
export const reportRoutes: readonly Route[] = [
  get('/reports/users', reportUsers, { permission }),
  get('/reports/users/count', (call) => json(matching(call).length), { permission }),
];

const columns: ReadonlyMap<string, (user: UserRow) => string | number> = new Map<
  string,
  (user: UserRow) => string | number
>([
  ['CreateAt', (user) => user.create_at],
  ['Username', (user) => user.username],
  ['FirstName', (user) => user.first_name],
  ['LastName', (user) => user.last_name],
  ['Nickname', (user) => user.nickname],
  ['Email', (user) => user.email],
  ['Roles', (user) => user.roles],
]);

const maxPageSize = 100;
const defaultPageSize = 50;

function reportUsers(call: Call): Reply {
  const { query } = call;
  checkFilters(query);
  const size = pageSize(query.get('page_size'));
  if (size <= 0 || size > maxPageSize) throw new Refusal('api.getUsersForReporting.invalid_page_size');
  const column = columns.get(query.get('sort_column') || 'Username');
  if (column === undefined) throw new Refusal('model.user_report_options.is_valid.invalid_sort_column');
  const isDescending = query.get('sort_direction') === 'desc';
  const isBackwards = query.get('direction') === 'prev';
  const sorted = matching(call).toSorted((a, b) => compare(column, a, b) * (isDescending ? -1 : 1));
  const page = isBackwards
    ? sorted.filter((user) => position(query, column, user, isDescending) < 0).slice(-size)
    : sorted.filter((user) => position(query, column, user, isDescending) > 0).slice(0, size);
  return json(page.map((user) => viewRow(call, user)));
}

const pageSize = (text: string | null): number =>
  text !== null && /^-?\d+$/.test(text) ? Number(text) : defaultPageSize;

type Column = (user: UserRow) => string | number;

function compare(column: Column, a: UserRow, b: UserRow): number {
  const [left, right] = [column(a), column(b)];
  if (left !== right) return left < right ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

/** Where a row stands against the last one of the page before: below 0 before it, above 0 after it. */
function position(query: URLSearchParams, column: Column, user: UserRow, isDescending: boolean): number {
  const value = query.get('from_column_value') ?? '';
  // An empty value restarts at the first page, also where it was the value of a row.
  if (value === '') return query.get('direction') === 'prev' ? -1 : 1;
  const own = column(user);
  const from = typeof own === 'number' ? Number(value) : value;
  const order = own === from ? Math.sign(user.id.localeCompare(query.get('from_id') ?? '')) : own < from ? -1 : 1;
  return isDescending ? -order : order;
}

function checkFilters(query: URLSearchParams): void {
  const team = query.get('team_filter') ?? '';
  if (team !== '' && !isId(team)) throw new Refusal('api.getUsersForReporting.invalid_team_filter');
  if (query.get('hide_active') === 'true' && query.get('hide_inactive') === 'true') {
    throw new Refusal('api.getUsersForReporting.invalid_active_filter');
  }
}

function matching(call: Call): UserRow[] {
  const { query, world } = call;
  checkFilters(query);
  const teamId = query.get('team_filter') ?? '';
  const inSome = query.get('has_no_team') === 'true' ? call.teamMembers.present() : undefined;
  const isShown = ({ id }: UserRow): boolean =>
    teamId === '' ? inSome?.has(id) !== true : call.teamMembers.get(teamId, id)?.delete_at === 0;
  const role = query.get('role_filter') ?? '';
  const term = (query.get('search_term') ?? '').toLowerCase();
  const hidesActive = query.get('hide_active') === 'true';
  const hidesInactive = query.get('hide_inactive') === 'true';
  return [...call.people.sorted()].filter(
    (user) =>
      !world.isBot(user.id) &&
      isShown(user) &&
      user.roles.includes(role) &&
      !(isActive(user) ? hidesActive : hidesInactive) &&
      (term === '' || searchable(user).some((text) => text.toLowerCase().includes(term))),
  );
}

const searchable = (user: UserRow): readonly string[] => [
  user.username,
  user.first_name,
  user.last_name,
  user.nickname,
  user.email,
];

function viewRow(call: Call, user: UserRow): unknown {
  const options = { ...call.world.viewOptions(user, 'admin'), lastLogin: user.last_login };
  return { ...viewUser(user, options), days_active: 0 };
}
