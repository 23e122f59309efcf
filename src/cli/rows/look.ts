/** Commands that look: they write nothing to a server. */
import { Option } from 'commander';
import { argument, type CommandRow, command } from '../command-row.ts';
import {
  type CommonFlags,
  collect,
  connection,
  type JournalFlags,
  type JournalShowFlags,
  type MakePlanFlags,
  options,
  type PlanFlags,
  planning,
  type ValidateFlags,
} from '../options.ts';

const validate = command<ValidateFlags>({
  name: 'validate',
  summary: 'check the files, without a server',
  description:
    'Checks users files and muster.yaml: syntax, schema, rules, clashes. Needs no server and no token, and opens no secret.',
  options: [
    options.files(),
    options.config(),
    options.server(),
    options.all(),
    options.at(),
    options.base(),
    options.requireBase(),
  ],
  formats: ['text', 'json', 'markdown', 'github'],
  examples: [
    ['muster validate'],
    ['muster validate -f users.yaml'],
    ["muster validate -f 'users/**/*.yaml' --format json"],
    ['muster validate --format github', 'errors at their lines, in a GitHub workflow'],
  ],
  run: async (_args, flags, io) => (await import('../commands/validate.ts')).validateCommand(flags, io),
});

const plan = command<MakePlanFlags>({
  name: 'plan',
  summary: 'show what would change, and why',
  description:
    'Compares the users files with the server and shows what would change, what is held back, and what is blocked. Writes nothing to the server.',
  options: [
    ...planning(),
    options.record(),
    options.warm(),
    options.stateDir(),
    options.out('also write the plan to a file that apply takes'),
    options.detailedExitcode(),
    options.all('out', 'user'),
    options.parallel(),
  ],
  formats: ['text', 'json', 'markdown', 'diff', 'html', 'junit', 'sarif', 'github'],
  examples: [
    ['muster plan', 'files and server of muster.yaml'],
    ['muster plan -f users.yaml --server https://chat.example.com'],
    ['muster plan --at 2027-01-01', 'what will be due on that day'],
    ['muster plan --out plan.json', 'for muster apply plan.json, once it is reviewed'],
    ['muster plan --format markdown > comment.md', 'for a pull request'],
    ['muster plan --format html > plan.html', 'one page with search'],
    ['muster plan --user ada --only role-grant', 'a part of it'],
    ['muster plan --server eu', 'one of several servers of muster.yaml'],
    ['muster plan --all', 'all of them: a line for each, what there is to say below'],
  ],
  showsExitCodes: true,
  run: async (_args, flags, io) => (await import('../commands/plan.ts')).planCommand(flags, io),
});

const show = command<PlanFlags>({
  name: 'show',
  arguments: [argument('<plan.json>')],
  summary: 'show a plan file',
  description: 'Shows a plan file as plan showed it. Needs no server; refuses a file that was changed.',
  options: [
    options.redact(),
    new Option('--verbose', 'show each change and name on its own, nothing grouped'),
    options.detailedExitcode(),
  ],
  formats: ['text', 'json', 'markdown', 'diff', 'html', 'junit', 'sarif', 'github'],
  examples: [['muster show plan.json'], ['muster show plan.json --format diff']],
  run: async ([planFile = ''], flags, io) => (await import('../commands/show.ts')).showCommand(planFile, flags, io),
});

const explain = command<CommonFlags>({
  name: 'explain',
  arguments: [argument('<username>')],
  summary: 'show everything about one person',
  description:
    'Shows how a person is matched, where each field comes from, what is not managed, and what holds or blocks a change. Of an account that no entry stands for it shows who that is, and how to adopt it.',
  options: [options.files(), options.at(), ...connection()],
  formats: ['text', 'json'],
  examples: [['muster explain ada'], ['muster explain ada@example.com --format json']],
  run: async ([username = ''], flags, io) =>
    (await import('../commands/explain.ts')).explainCommand(username, flags, io),
});

const journalList = command<JournalFlags>({
  name: 'list',
  summary: 'list the runs',
  description: 'Lists the runs that are recorded, the newest last, and how each ended.',
  options: [options.stateDir()],
  formats: ['text', 'json'],
  examples: [['muster journal list'], ['muster journal list --format json']],
  run: async (_args, flags, io) => (await import('../commands/journal.ts')).journalListCommand(flags, io),
});

const journalVerify = command<JournalFlags>({
  name: 'verify',
  summary: 'find lines that were edited, removed or moved',
  description:
    'Checks every journal, line by line, and that each run follows the one before it. Exits with 10 when one was changed, and with 3 when one cannot be read.',
  options: [
    options.stateDir(),
    new Option('--head <hash>', 'the hash that the report of the newest run named: tells whether its end was cut off'),
    new Option(
      '--authenticate',
      'exit with 3 unless every line is signed with the token of its server in the environment',
    ),
    options.config(),
  ],
  formats: ['text', 'json'],
  examples: [
    ['muster journal verify'],
    ['muster journal verify --head 5f0c…', 'the hash at the end of the last report'],
  ],
  run: async (_args, flags, io) => (await import('../commands/journal.ts')).journalVerifyCommand(flags, io),
});

const journalShow = command<JournalShowFlags>({
  name: 'show',
  arguments: [argument('[run]')],
  summary: 'show what runs did',
  description:
    'Shows what a run did: who was changed, what, when, with whose token, from which commit and by which job. Without a run it shows the newest; with --user or --since, all that they concern.',
  options: [
    options.stateDir(),
    new Option('--user <username>', 'only what concerns this person, by username or id; repeatable').argParser(collect),
    options.since(),
  ],
  formats: ['text', 'json', 'markdown'],
  examples: [
    ['muster journal show', 'the newest run'],
    ['muster journal show 12'],
    ['muster journal show --user ada', 'everything that happened to one person'],
    ['muster journal show --since 7d --format markdown'],
  ],
  run: async ([run], flags, io) => (await import('../commands/journal.ts')).journalShowCommand(run, flags, io),
});

const journal: CommandRow = {
  ...command<JournalFlags>({
    name: 'journal',
    summary: 'what happened: the runs, and what each did',
    description:
      'Lists the runs that are recorded, the newest last. Every run of apply and undo keeps a journal in the state directory: intent before each call, what came of it afterwards, each line chained to the one before by a hash. Holds no secret. Needs no server.',
    options: [options.stateDir()],
    formats: ['text', 'json'],
    examples: [
      ['muster journal', 'the runs; the same as muster journal list'],
      ['muster journal show 12', 'what one did'],
      ['muster journal show --user ada --since 30d'],
      ['muster journal verify'],
    ],
    run: async (_args, flags, io) => (await import('../commands/journal.ts')).journalListCommand(flags, io),
  }),
  commands: [journalList, journalShow, journalVerify],
};

export const lookRows: { readonly [name in 'validate' | 'plan' | 'show' | 'explain' | 'journal']: CommandRow } = {
  validate,
  plan,
  show,
  explain,
  journal,
};
