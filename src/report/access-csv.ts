/** Access for a spreadsheet: a row for each grant, and one for each kind of which nothing is proven. */
import type { AccessPart, AccessReport, AccountAccess } from '../model/generated/access-report.ts';
import { csvCell } from './csv-cell.ts';

const columns = [
  'at',
  'person',
  'account',
  'kind',
  'proven',
  'from',
  'to',
  'grant',
  'text',
  'state',
  'server',
] as const;

type Row = Readonly<Record<(typeof columns)[number], string>>;

export function accessCsv({ at, accounts, server }: AccessReport): string {
  const rows = accounts.flatMap((account) => account.parts.flatMap((part) => rowsOf(account, part)));
  return [
    columns.join(','),
    ...rows.map((row) => columns.map((name) => csvCell({ ...row, at, server: server.url }[name])).join(',')),
  ]
    .map((line) => `${line}\r\n`)
    .join('');
}

function rowsOf({ id, username }: AccountAccess, part: AccessPart): readonly Omit<Row, 'at' | 'server'>[] {
  const { kind, state: proven, from = '', to = '', grants } = part;
  const shared = { person: username, account: id, kind, proven, from, to };
  // Nothing that is proven is a fact, too, and so is that more is not known.
  if (grants.length === 0) return [{ ...shared, grant: '', text: '', state: '' }];
  return grants.map(({ key, text, state }) => ({ ...shared, grant: key, text, state }));
}
