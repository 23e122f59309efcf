/** Commands to begin with: a folder, the people of a server, a server to play with, a shell. */
import { Option } from 'commander';
import { encodings } from '../../model/encodings.ts';
import { argument, type CommandRow, command } from '../command-row.ts';
import {
  collect,
  connection,
  type DoctorFlags,
  type ImportFlags,
  type InitFlags,
  options,
  parseColumn,
  type SandboxFlags,
} from '../options.ts';

const init = command<InitFlags>({
  name: 'init',
  summary: 'set up a folder: muster.yaml, .gitignore, first import',
  description:
    'Writes muster.yaml, .gitignore and users.yaml, the people of the server, into this folder. Never changes a file that is there. Without a server or a token it writes the first two, and says how to get the third.',
  options: [
    new Option('--no-import', 'do not read the server'),
    ...connection().filter(({ long }) => long !== '--config'),
  ],
  formats: ['text', 'json'],
  examples: [['muster init'], ['muster init --server https://chat.example.com'], ['muster init --no-import']],
  run: async (_args, flags, io) => (await import('../commands/init.ts')).initCommand(flags, io),
});

const importRow = command<ImportFlags>({
  name: 'import',
  summary: 'write the people of a server as a users file',
  description:
    'Prints the people of the server as one users file; a plan right after it has no actions. Holds no secret, reads only. With --user or --undeclared it prints entries alone, to append to a users file that ends with its users. With --from-csv or --from-bulk it asks no server: the users file names what that file says, and nothing else.',
  options: [
    options.files(),
    new Option('--user <account>', 'only this account, by username or e-mail; repeatable').argParser(collect),
    new Option('--undeclared', 'only active accounts that no entry stands for'),
    new Option('--memberships <which>', 'teams and channels that people are in (default: teams)').choices([
      'none',
      'teams',
      'channels',
    ]),
    new Option('--from-csv <file>', 'the people of a table instead: one row each').conflicts([
      'fromBulk',
      'user',
      'undeclared',
      'memberships',
    ]),
    new Option(
      '--map <column=field>',
      'what a column of the table is, such as "E-Mail=email"; "column=" leaves it out; repeatable',
    ).argParser(parseColumn),
    new Option('--encoding <encoding>', 'of the table, where no mark says it (default: utf-8)').choices(encodings),
    new Option('--from-bulk <file>', 'the people of a bulk export of Mattermost instead (JSONL)').conflicts([
      'user',
      'undeclared',
      'memberships',
    ]),
    options.out('write to a new file instead of stdout'),
    ...connection(),
  ],
  formats: ['text', 'json'],
  examples: [
    ['muster import > all.yaml'],
    ['muster import --out users.yaml --server https://chat.example.com'],
    ['muster import --user ada >> users.yaml', 'adopt one account'],
    ['muster import --memberships channels', 'with the channels of everybody, too'],
    ['muster import --undeclared', 'entries for everybody whom plan calls undeclared'],
    ['muster import --from-csv people.csv --map Login=username', 'columns called as a field need no --map'],
    ['muster import --from-bulk export.jsonl --out users.yaml'],
  ],
  run: async (_args, flags, io) => (await import('../commands/import.ts')).importCommand(flags, io),
});

const doctor = command<DoctorFlags>({
  name: 'doctor',
  summary: 'look at server, token, files, secrets, runs',
  description:
    'Looks at the server, at the token and at this machine with the eyes of a plan: the administrators, what the server allows, each setting with what says so, files, secrets, runs. Says what to do where something is in the way.',
  options: [options.files(), ...connection(), options.stateDir(), options.all(), options.parallel()],
  formats: ['text', 'json'],
  examples: [
    ['muster doctor'],
    ['muster doctor --server https://chat.example.com --format json'],
    ['muster doctor --all', 'every server of muster.yaml'],
  ],
  run: async (_args, flags, io) => (await import('../commands/doctor.ts')).doctorCommand(flags, io),
});

const sandbox = command<SandboxFlags>({
  name: 'sandbox',
  summary: 'run the embedded server, to try things on',
  description:
    'Runs an embedded server on this machine that behaves as Mattermost does towards muster. Nothing leaves the machine.',
  options: [
    new Option('--port <n>', 'the port; 0 takes a free one (default: 8065)').default('8065'),
    new Option('--seed <file>', 'people to begin with, as YAML or JSON'),
    new Option('--state <file>', 'keep everything in this file between runs'),
    new Option('--licence <licence>', 'its licence (default: as the seed says, else enterprise)').choices([
      'none',
      'professional',
      'enterprise',
    ]),
    new Option(
      '--set <switch=value>',
      'a server switch, such as ServiceSettings.EnableUserAccessTokens=false; repeatable',
    ).argParser(collect),
    new Option('--quiet', 'do not log requests'),
  ],
  examples: [
    ['muster sandbox'],
    ['muster sandbox --seed seed.yaml --state /tmp/sandbox.json'],
    ['muster sandbox --licence none --set RateLimitSettings.Enable=true'],
  ],
  more: `It prints its address and the access token of its administrator; set MUSTER_SERVER and MUSTER_TOKEN to them.
Ctrl-C ends it.`,
  run: async (_args, flags, io) => (await import('../commands/sandbox.ts')).sandboxCommand(flags, io),
});

const completion = command({
  name: 'completion',
  arguments: [argument('<shell>').choices(['bash', 'zsh', 'fish'])],
  summary: 'print a completion script for bash, zsh or fish',
  description:
    'Prints a completion script: commands, options, their choices, and the usernames of your users files. It asks muster itself at each Tab, and no server.',
  options: [],
  examples: [['muster completion bash']],
  more: `bash, in ~/.bashrc:
  eval "$(muster completion bash)"
zsh, in ~/.zshrc; the first line only if it is not there yet:
  autoload -Uz compinit && compinit
  source <(muster completion zsh)
fish, once:
  mkdir -p ~/.config/fish/completions
  muster completion fish > ~/.config/fish/completions/muster.fish
Then open a new shell.`,
  run: async ([shell = ''], _flags, io) => (await import('../commands/completion.ts')).completionCommand(shell, io),
});

const help = command({
  name: 'help',
  looksAtProgram: true,
  arguments: [argument('[command...]')],
  summary: 'show help for a command or a message',
  description:
    'Shows the help of a command, or of muster. Of a code that an error, a problem, a held change or a notice has: when it happens, what it says, and what to do.',
  options: [],
  examples: [['muster help'], ['muster help plan'], ['muster help journal show'], ['muster help unknown-role']],
  run: async (words, _flags, io, program) => (await import('../commands/help.ts')).helpCommand(words, io, program),
});

const complete = command({
  name: '__complete',
  looksAtProgram: true,
  arguments: [argument('[words...]')],
  isHidden: true,
  summary: 'answer a completion script',
  description: 'Prints what the last word may become, one a line; the last line says what else may stand there.',
  options: [],
  examples: [],
  run: async (words, _flags, io, program) =>
    (await import('../commands/completion.ts')).completeCommand(words, program, io),
});

export const startRows: {
  readonly [name in 'init' | 'import' | 'doctor' | 'sandbox' | 'completion' | 'help' | 'complete']: CommandRow;
} = { init, import: importRow, doctor, sandbox, completion, help, complete };
