/** Commands that answer what auditors ask: they write nothing to a server. */
import { Option } from 'commander';
import { severities } from '../../model/audit-rules.ts';
import { type CommandRow, command } from '../command-row.ts';
import { type AuditFlags, connection, options } from '../options.ts';

const audit = command<AuditFlags>({
  name: 'audit',
  summary: 'find accounts, roles and tokens that should not be as they are',
  description:
    'Reads every account of the server with what it has, and reports what the rules of an audit find, with evidence and what to do. Proves that no account is missing, or refuses. Writes nothing to the server.',
  options: [
    options.files(),
    options.at(),
    ...connection(),
    options.redact(),
    options.out('write the report to this file instead of stdout'),
    new Option('--fail-on <severity>', 'exit with 9 when a finding is at least so serious').choices(severities),
  ],
  formats: ['text', 'json', 'csv', 'markdown', 'sarif', 'html', 'github'],
  examples: [
    ['muster audit'],
    ['muster audit --format html --out audit.html', 'a page for the auditor'],
    ['muster audit --fail-on high', 'in a scheduled pipeline'],
  ],
  showsExitCodes: true,
  run: async (_args, flags, io) => (await import('../commands/audit.ts')).auditCommand(flags, io),
});

export const auditRows: { readonly [name in 'audit']: CommandRow } = { audit };
