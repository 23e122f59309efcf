/** The server's answers that a report rests on, as lines to keep: what muster read of them, and never a secret. Pure. */
import { shortId } from '../../model/audit-reader.ts';
import { canonicalJson } from '../../model/canonical-json.ts';
import { byText } from '../../model/compare.ts';
import { groupBy } from '../../model/group-by.ts';
import { isRecord } from '../../model/is-record.ts';

/** How a call of the client ended. */
export interface Answer {
  /** Of the client's method, as `users.pages`. */
  readonly operation: string;
  readonly method: string;
  /** Below `/api/v4`, with the query. */
  readonly path: string;
  /** JSON. */
  readonly asked?: string;
  readonly status: number;
  /** Decoded, with secrets wrapped; absent: refused. */
  readonly data?: unknown;
}

export type EmailsShown = 'show' | 'hide';

type Mask = (data: unknown) => unknown;
type Fields = Readonly<Record<string, unknown>>;

const asRead: Mask = (data) => data;
const eachRow =
  (mask: (row: Fields) => unknown): Mask =>
  (data) =>
    Array.isArray(data) ? data.map((row: unknown) => (isRecord(row) ? mask(row) : row)) : data;

/** Of the settings of a server: what is no text, and these. A text may be the key of another service. */
const namedTexts: ReadonlySet<string> = new Set([
  'AvailableLocales',
  'BuildDate',
  'BuildHash',
  'BuildNumber',
  'DiagnosticId',
  'SiteURL',
  'SkuShortName',
  'TelemetryId',
  'Version',
]);
const switches: Mask = (data) =>
  isRecord(data)
    ? Object.fromEntries(
        Object.entries(data).filter(
          ([name, value]) => namedTexts.has(name) || /^(?:true|false|\d{1,15})$/.test(String(value)),
        ),
      )
    : data;

/** A browser's session carries the secret of its forms there. */
const openProps: ReadonlySet<string> = new Set(['user_access_token_id', 'type', 'platform', 'os', 'browser']);

/** What each call of a report may show. Of a call that is not here only its status is kept. */
const masks: Readonly<Record<string, Mask>> = {
  'bots.get': asRead,
  'bots.pages': asRead,
  'channels.getByName': asRead,
  'channels.membersByIds': asRead,
  'channels.membershipsInTeam': asRead,
  'channels.ofUserInTeam': asRead,
  'channels.pages': asRead,
  'channels.stats': asRead,
  'preferences.ofCategory': asRead,
  'reports.count': asRead,
  'reports.pages': asRead,
  'roles.byNames': asRead,
  'sessions.list': eachRow(({ props, ...row }) => ({
    ...row,
    props: isRecord(props) ? Object.fromEntries(Object.entries(props).filter(([name]) => openProps.has(name))) : {},
  })),
  'slashCommands.list': asRead,
  'system.clientConfig': switches,
  'system.clientLicense': switches,
  'system.emailDomains': asRead,
  'system.ping': asRead,
  'system.serverLimits': asRead,
  'system.teamSettings': asRead,
  'teams.get': asRead,
  'teams.getByName': asRead,
  'teams.memberPages': asRead,
  'teams.membersByIds': asRead,
  'teams.membershipsOf': asRead,
  'teams.pages': asRead,
  'teams.stats': asRead,
  'tokens.pages': asRead,
  'tokens.search': asRead,
  'users.byIds': asRead,
  'users.byUsernames': asRead,
  'users.get': asRead,
  'users.getByEmail': asRead,
  'users.me': asRead,
  'users.pages': asRead,
  'users.statsFiltered': asRead,
  'webhooks.incomingPages': eachRow(({ id, ...row }) => ({ ...row, id: shortId(String(id)) })),
  'webhooks.outgoingPages': asRead,
};

/**
 * A text for each operation, a line for each call, in an order that does not depend on which answer came first.
 *
 * @returns by the name of the operation
 */
export function answerTexts(answers: readonly Answer[], emails: EmailsShown): ReadonlyMap<string, string> {
  const hide = emails === 'hide' ? hideEmails : asRead;
  const lineOf = ({ operation, method, path, asked, status, data }: Answer): string => {
    const mask = masks[operation];
    const call = {
      call: `${method} ${decoded(path)}`,
      ...(asked !== undefined && { asked: parsed(asked) }),
      status,
      ...(data !== undefined && mask !== undefined && { answer: inOrder(mask(data)) }),
    };
    return `${canonicalJson(hide(call))}\n`;
  };
  // Equal calls keep the order in which they were made.
  const ordered = answers.toSorted(byText(({ method, path, asked = '' }) => `${method} ${path} ${asked}`));
  const groups = [...groupBy(ordered, ({ operation }) => operation)].toSorted(byText(([operation]) => operation));
  return new Map(groups.map(([operation, own]) => [operation, own.map(lineOf).join('')]));
}

const parsed = (text: string): unknown => JSON.parse(text);

/** Many listings have no order, and answer each time with another one. */
function inOrder(answer: unknown): unknown {
  if (!Array.isArray(answer)) return answer;
  const rows: readonly unknown[] = answer;
  return rows.every(isRecord) ? rows.toSorted(byText(({ id }) => String(id))) : rows;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

const address = /[^\s"'<>,;:()[\]{}|=&?/\\]+@[^\s"'<>,;:()[\]{}|=&?/\\]+/g;

function hideEmails(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(address, '(e-mail)');
  if (Array.isArray(value)) return value.map(hideEmails);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, hideEmails(part)]));
}
