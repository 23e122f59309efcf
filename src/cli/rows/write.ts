/** Commands that write to a server. */
import { Option } from 'commander';
import { argument, type CommandRow, command } from '../command-row.ts';
import { type ApplyFlags, connection, options, planning, running, type UndoFlags } from '../options.ts';

const apply = command<ApplyFlags>({
  name: 'apply',
  arguments: [argument('[plan.json]')],
  summary: 'plan, ask, and carry it out',
  description:
    'Makes a plan, shows it, asks, and carries it out: rate-limited, each person in order, every write read back afterwards. With a plan file it plans again, and carries out only what both plans contain, once. What is there already counts as done; what has changed since is listed as stale and left.',
  options: [
    ...planning(),
    ...running(),
    new Option('--resume', 'resume the interrupted run, cleaning up first'),
    options.digest().needs('[plan.json]'),
    options.validFor().needs('[plan.json]'),
    options.record(),
    options.warm(),
    options.all('resume', 'digest', 'validFor', 'user'),
    options.parallel(),
  ],
  formats: ['text', 'json', 'markdown', 'github'],
  examples: [
    ['muster apply'],
    ['muster apply plan.json --yes', 'in a pipeline, after the plan was reviewed'],
    ['muster apply --yes --rate 5 --format json', 'slowly, with a report for programs'],
    ['muster apply --yes --deadline 20m', 'stops in time; --resume does the rest'],
    ['muster apply --all', 'every server of muster.yaml, after one question about all plans'],
    ['muster apply --resume', 'after Ctrl-C, a crash, or a deadline'],
  ],
  more: `New access tokens go to their sinks, by default to files in the secrets folder beside muster.yaml.
A few people go first and are read back before the rest begins. The first Ctrl-C finishes what is under way.
Every run keeps a journal in the state directory: muster journal verify checks it, muster undo takes a run back.`,
  showsExitCodes: true,
  run: async ([planFile], flags, io) => (await import('../commands/apply.ts')).applyCommand(planFile, flags, io),
});

const undo = command<UndoFlags>({
  name: 'undo',
  summary: 'take a run back',
  description:
    'Plans the inverse of what a run wrote, shows it with what cannot be undone, asks, and carries it out. Budgets are as much as that run did; every other rail holds. What has been changed since is left as it is.',
  options: [
    new Option('--run <run>', 'the run to take back, by its name or number (default: the newest not taken back)'),
    options.out('write what it would do to a plan file, and do nothing else'),
    options.user(),
    options.only(),
    new Option('--plan <file>', 'carry out only what such a file contains'),
    options.redact(),
    ...running(),
    ...connection(),
  ],
  formats: ['text', 'json', 'markdown', 'github'],
  examples: [
    ['muster undo', 'the newest run that is no undo and not taken back yet'],
    ['muster undo --out undo.json', 'look first'],
    ['muster undo --plan undo.json --yes'],
    ['muster journal', 'which runs there are'],
    ['muster undo --run 12 --yes'],
    ['muster undo --user ada --only role-grant', 'a part of it'],
  ],
  more: `Accounts are never deleted: what a run created is deactivated. Revoked tokens, passwords and mails cannot be brought back.
The users files still ask for what is undone; change them as well, or the next apply does it again.`,
  showsExitCodes: true,
  run: async (_args, flags, io) => (await import('../commands/undo.ts')).undoCommand(flags, io),
});

export const writeRows: { readonly [name in 'apply' | 'undo']: CommandRow } = { apply, undo };
