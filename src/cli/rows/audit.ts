/** Commands that answer what auditors ask: they write nothing to a server. */
import { Option } from 'commander';
import { severities } from '../../model/audit-rules.ts';
import { argument, type CommandRow, command } from '../command-row.ts';
import { type AccessFlags, type AuditFlags, connection, options, type PersonAuditFlags } from '../options.ts';

const failOn = (what: string): Option => new Option('--fail-on <severity>', what).choices(severities);

const personOptions = (): readonly Option[] => [
  options.sample(),
  options.seed(),
  options.files(),
  options.at(),
  ...connection(),
  options.stateDir(),
];

const onboarding = command<PersonAuditFlags>({
  name: 'onboarding',
  arguments: [argument('[username]')],
  summary: 'how a person got access: commit, run, and what the server says',
  description:
    'Shows, step by step, which commit declared a person, what was approved and planned, which run applied it, when it was read back, and what the server itself logged. What nothing proves is unknown. Writes nothing to the server.',
  options: personOptions(),
  formats: ['text', 'json', 'csv', 'markdown'],
  examples: [
    ['muster audit onboarding ada'],
    ['muster audit onboarding --sample 25 --seed 7', 'a sample that anyone can draw again'],
  ],
  run: async ([user], flags, io) =>
    (await import('../commands/audit-person.ts')).auditPersonCommand('onboarding', user, flags, io),
});

const offboarding = command<PersonAuditFlags>({
  name: 'offboarding',
  arguments: [argument('[username]')],
  summary: 'how a person lost access, and whether that was in time',
  description:
    'The same for a person who left, with the time from ends, or from --left-on, to the loss of access: the account inactive, no token enabled, no session there. policy.audit.leaver_hours says how long it may take. Writes nothing to the server.',
  options: [
    new Option('--left-on <date>', 'the last day of access, as HR has it, or a moment (default: ends of the entry)'),
    ...personOptions(),
    failOn('exit with 9 when someone lost access too late, and that is at least so serious'),
  ],
  formats: ['text', 'json', 'csv', 'markdown'],
  examples: [
    ['muster audit offboarding ada --left-on 2027-03-31'],
    ['muster audit offboarding --sample 25 --seed 7 --fail-on high'],
  ],
  showsExitCodes: true,
  run: async ([user], flags, io) =>
    (await import('../commands/audit-person.ts')).auditPersonCommand('offboarding', user, flags, io),
});

const audit: CommandRow = {
  ...command<AuditFlags>({
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
      options.record(),
      options.stateDir(),
      failOn('exit with 9 when a finding is at least so serious'),
    ],
    formats: ['text', 'json', 'csv', 'markdown', 'sarif', 'html', 'github'],
    examples: [
      ['muster audit'],
      ['muster audit --format html --out audit.html', 'a page for the auditor'],
      ['muster audit --fail-on high', 'in a scheduled pipeline'],
    ],
    showsExitCodes: true,
    run: async (_args, flags, io) => (await import('../commands/audit.ts')).auditCommand(flags, io),
  }),
  commands: [onboarding, offboarding],
};

const access = command<AccessFlags>({
  name: 'access',
  summary: 'show who has what, or who had what at a moment',
  description:
    'Without --at, reads who has which state, role and token now. With --at, tells what is proven of that moment by recorded readings, journals and commits, and says unknown of everything else. Writes nothing to the server.',
  options: [
    options.files(),
    new Option('--at <moment>', 'the end of this date, such as 2027-03-31, or a moment (default: now, which is read)'),
    new Option('--user <username>', 'only this person, by username or id'),
    ...connection(),
    options.record(),
    options.stateDir(),
  ],
  formats: ['text', 'json', 'csv', 'markdown'],
  examples: [
    ['muster access --record', 'daily, so that later days can be asked about'],
    ['muster access --at 2027-03-31'],
    ['muster access --at 2027-03-31T12:00:00Z --user ada --format json'],
  ],
  run: async (_args, flags, io) => (await import('../commands/access.ts')).accessCommand(flags, io),
});

export const auditRows: { readonly [name in 'audit' | 'access']: CommandRow } = { audit, access };
