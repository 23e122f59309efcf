/** Chains for a spreadsheet: a row for each step, with what the whole comes to in each of them. */
import type { ChainReport } from '../model/generated/chain-report.ts';
import { csvCell } from './csv-cell.ts';

const stepColumns = [
  'step',
  'state',
  'at',
  'text',
  'by',
  'file',
  'line',
  'commit',
  'signature',
  'run',
  'job',
  'url',
] as const;
const columns = [
  'about',
  'person',
  'account',
  ...stepColumns,
  'verdict',
  'ended',
  'lost_from',
  'lost_to',
  'server',
  'as_of',
];

export function chainCsv({ about, people, server, moment }: ChainReport): string {
  const rows = people.flatMap(({ person, account, steps, loss }) =>
    steps.map((step) => [
      about,
      person,
      account,
      ...stepColumns.map((name) => step[name] ?? ''),
      loss?.verdict ?? '',
      loss?.ended ?? '',
      loss?.from ?? '',
      loss?.to ?? '',
      server.url,
      moment,
    ]),
  );
  return [columns, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}
