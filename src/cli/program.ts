import { Command } from 'commander';
import type { ExitCode } from './exit-codes.ts';
import type { CliIo } from './io.ts';
import {
  type ApplyFlags,
  type CommonFlags,
  collect,
  type JournalFlags,
  type MakePlanFlags,
  options,
  type PlanFlags,
  type SandboxFlags,
  type UndoFlags,
} from './options.ts';
import { toolVersion } from './version.ts';

type SetCode = (code: ExitCode) => void;

const exitCodeHelp = `
Exit codes:
  0    done, or nothing to do          5    server not readable: down, no access, incomplete
  1    bug, or local I/O failed        6    tried, and something failed or went stale
  2    changes (--detailed-exitcode)   7    plan file refused
  3    input: usage, files, identity   8    another run holds the lock
  4    blocked by a rail               9    findings at or above --fail-on
  10   journal was tampered with       130  interrupted, or declined`;

/** The command line. Each command is loaded only when it is run. */
export function makeProgram(io: CliIo, setCode: SetCode): Command {
  const program = new Command('muster')
    .description('Users as code for Mattermost: declare people in YAML, see the plan, make it so.')
    .version(toolVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) => write(withoutValues(text)),
    })
    .showHelpAfterError('(muster --help shows what is there)')
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText(
      'after',
      `
Environment:
  MUSTER_TOKEN, MUSTER_TOKEN_FILE   access token of a system administrator, or a file with it
  MUSTER_SERVER                     the server, where neither --server nor muster.yaml names it
  HTTPS_PROXY, NO_PROXY, NO_COLOR   as usual

Examples:
  muster doctor                     is everything as a plan needs it?
  muster import > users.yaml        start from the people that are there
  muster plan                       what would change, and why
  muster apply                      plan, ask, make it so
  muster sandbox                    try it all on an embedded server
${exitCodeHelp}`,
    );
  addValidate(program, io, setCode);
  addPlan(program, io, setCode);
  addShow(program, io, setCode);
  addExplain(program, io, setCode);
  addApply(program, io, setCode);
  addUndo(program, io, setCode);
  addJournal(program, io, setCode);
  addImport(program, io, setCode);
  addDoctor(program, io, setCode);
  addSandbox(program, io, setCode);
  addCompletion(program, io);
  return program;
}

/** What somebody gave to a flag that does not exist may be a secret, as in `--token=…`. */
function withoutValues(text: string): string {
  return text.replace(/(unknown option '-[^=\s]*)=[^]*?'(?=\n|$)/, "$1=…'");
}

function addValidate(program: Command, io: CliIo, setCode: SetCode): void {
  program
    .command('validate')
    .summary('check the files, without a server')
    .description(
      'Checks users files and muster.yaml: syntax, schema, rules, clashes. Needs no server and no token, and opens no secret.',
    )
    .addOption(options.files())
    .addOption(options.config())
    .addOption(options.at())
    .addOption(options.base())
    .addOption(options.requireBase())
    .addOption(options.format())
    .addHelpText(
      'after',
      `
Examples:
  muster validate
  muster validate -f users.yaml
  muster validate -f 'users/**/*.yaml' --format json
  muster validate --base origin/main              also what changes in muster.yaml and approvals`,
    )
    .action(async (flags: CommonFlags) =>
      setCode(await (await import('./commands/validate.ts')).validateCommand(flags, io)),
    );
}

function addReading(command: Command): Command {
  return command
    .addOption(options.config())
    .addOption(options.server())
    .addOption(options.caFile())
    .addOption(options.allowPlainHttp())
    .addOption(options.rate())
    .addOption(options.concurrency());
}

function addPlanning(command: Command): Command {
  return addReading(command.addOption(options.files()).addOption(options.at()))
    .addOption(options.base())
    .addOption(options.requireBase())
    .addOption(options.user())
    .addOption(options.only())
    .addOption(options.redact());
}

function addPlan(program: Command, io: CliIo, setCode: SetCode): void {
  addPlanning(program.command('plan'))
    .summary('show what would change, and why')
    .description(
      'Compares the users files with the server and shows what would change, what is held back, and what is blocked.\nWrites nothing to the server.',
    )
    .addOption(options.planFormat())
    .addOption(options.stateDir())
    .option('-o, --out <file>', 'also write the plan to a file that apply takes')
    .option('--detailed-exitcode', 'exit with 2 when there are changes')
    .addHelpText(
      'after',
      `
Examples:
  muster plan                                     files and server of muster.yaml
  muster plan -f users.yaml --server https://chat.example.com
  muster plan --at 2027-01-01                     what will be due on that day
  muster plan --out plan.json                     for muster apply plan.json, once it is reviewed
  muster plan --format markdown > comment.md      for a pull request
  muster plan --user ada --only role-grant        a part of it
  muster plan --base origin/main --require-base   in a pull request: also what changes in muster.yaml and approvals
${exitCodeHelp}`,
    )
    .action(async (flags: MakePlanFlags) => setCode(await (await import('./commands/plan.ts')).planCommand(flags, io)));
}

function addShow(program: Command, io: CliIo, setCode: SetCode): void {
  program
    .command('show <plan.json>')
    .summary('show a plan file')
    .description('Shows a plan file as plan showed it. Needs no server; refuses a file that was changed.')
    .addOption(options.planFormat())
    .addOption(options.redact())
    .option('--detailed-exitcode', 'exit with 2 when there are changes')
    .addHelpText('after', '\nExamples:\n  muster show plan.json\n  muster show plan.json --format diff')
    .action(async (planFile: string, flags: PlanFlags) =>
      setCode(await (await import('./commands/show.ts')).showCommand(planFile, flags, io)),
    );
}

function addExplain(program: Command, io: CliIo, setCode: SetCode): void {
  addReading(program.command('explain <user>').addOption(options.files()).addOption(options.at()))
    .summary('show everything about one person')
    .description(
      'Shows how a person is matched, where each field comes from, what is not managed, and what holds or blocks a change.',
    )
    .addOption(options.format())
    .addHelpText('after', '\nExamples:\n  muster explain ada\n  muster explain ada@example.com --format json')
    .action(async (user: string, flags: CommonFlags) =>
      setCode(await (await import('./commands/explain.ts')).explainCommand(user, flags, io)),
    );
}

function addApply(program: Command, io: CliIo, setCode: SetCode): void {
  addRunning(addPlanning(program.command('apply [plan.json]')))
    .summary('plan, ask, and make it so')
    .description(
      'Makes a plan, shows it, asks, and carries it out: rate-limited, each person in order, every write looked at afterwards.\nWith a plan file it plans again, and carries out only what both plans contain, once.\nWhat is there already counts as done; what has changed since is listed as stale and left.',
    )
    .option('--resume', 'resume the interrupted run, cleaning up first')
    .addOption(options.digest())
    .addOption(options.validFor())
    .addHelpText(
      'after',
      `
Examples:
  muster apply
  muster apply plan.json --yes                    in a pipeline, after the plan was reviewed
  muster apply --yes --rate 5 --format json       slowly, with a report for programs
  muster apply --yes --deadline 20m               ends in time; --resume goes on
  muster apply --resume                           after Ctrl-C, a crash, or a deadline
  muster apply --yes --base HEAD --require-base   on the default branch: only committed approvals count

New access tokens go to their sinks, by default to files in the secrets folder beside muster.yaml.
A few people go first and are read back before the rest begins. The first Ctrl-C finishes what is under way.
Every run keeps a journal in the state directory: muster journal verify checks it, muster undo takes a run back.
${exitCodeHelp}`,
    )
    .action(async (planFile: string | undefined, flags: ApplyFlags) =>
      setCode(await (await import('./commands/apply.ts')).applyCommand(planFile, flags, io)),
    );
}

function addRunning(command: Command): Command {
  return command
    .addOption(options.format())
    .addOption(options.yes())
    .addOption(options.failFast())
    .addOption(options.keepGoing())
    .addOption(options.deadline())
    .addOption(options.stateDir());
}

function addUndo(program: Command, io: CliIo, setCode: SetCode): void {
  addRunning(addReading(program.command('undo')).addOption(options.redact()))
    .summary('take a run back')
    .description(
      'Plans the inverse of what a run wrote, shows it with what cannot be undone, asks, and carries it out.\nBudgets are as much as that run did; every other rail holds. What somebody changed since is left as it is.',
    )
    .option('--run <run>', 'the run to take back, by its name or number (default: the newest that is no undo)')
    .option('--out <file>', 'write what it would do to a plan file, and do nothing else')
    .option('--plan <file>', 'carry out only what such a file contains')
    .addHelpText(
      'after',
      `
Examples:
  muster undo                                     the newest run that is no undo
  muster undo --out undo.json                     look first
  muster undo --plan undo.json --yes
  muster journal list                             which runs there are
  muster undo --run 12 --yes

Accounts are never deleted: what a run created is deactivated. Revoked tokens, passwords and mails cannot be brought back.
The users files still ask for what is undone; change them as well, or the next apply does it again.
${exitCodeHelp}`,
    )
    .action(async (flags: UndoFlags) => setCode(await (await import('./commands/undo.ts')).undoCommand(flags, io)));
}

function addJournal(program: Command, io: CliIo, setCode: SetCode): void {
  const journal = program
    .command('journal')
    .summary('list and verify the journals of runs')
    .description(
      'Every run of apply and undo keeps a journal in the state directory: intent before each call, what came of it afterwards,\neach line chained to the one before by a hash. Holds no secret. Needs no server.',
    )
    .addHelpText('after', '\nExamples:\n  muster journal list\n  muster journal verify');
  journal
    .command('list')
    .summary('list the runs')
    .description('Lists the runs that are recorded, the newest last, and how each ended.')
    .addOption(options.stateDir())
    .addOption(options.format())
    .addHelpText('after', '\nExamples:\n  muster journal list\n  muster journal list --format json')
    .action(async (flags: JournalFlags) =>
      setCode(await (await import('./commands/journal.ts')).journalListCommand(flags, io)),
    );
  journal
    .command('verify')
    .summary('find lines that were edited, removed or moved')
    .description(
      'Checks every journal, line by line, and that each run follows the one before it. Exits with 10 when one was tampered with, with 3 when one cannot be read.\nWith the token of the runs in the environment it checks their signatures, too.',
    )
    .addOption(options.stateDir())
    .option('--authenticate', 'exit with 3 unless every line is signed with the token in the environment')
    .option('--head <hash>', 'the hash that the report of the newest run named: tells whether its end was cut off')
    .addOption(options.format())
    .addHelpText(
      'after',
      '\nExamples:\n  muster journal verify\n  muster journal verify --head 5f0c…   the hash at the end of the last report',
    )
    .action(async (flags: JournalFlags) =>
      setCode(await (await import('./commands/journal.ts')).journalVerifyCommand(flags, io)),
    );
}

function addImport(program: Command, io: CliIo, setCode: SetCode): void {
  addReading(program.command('import'))
    .addOption(options.format())
    .summary('write the people of a server as a users file')
    .description(
      'Prints the people of the server as one users file; a plan right after it has no actions. Holds no secret, reads only.',
    )
    .option('-o, --out <file>', 'write to a new file instead of stdout')
    .addHelpText(
      'after',
      `
Examples:
  muster import > users.yaml
  muster import --out users.yaml --server https://chat.example.com`,
    )
    .action(async (flags: CommonFlags & { out?: string }) =>
      setCode(await (await import('./commands/import.ts')).importCommand(flags, io)),
    );
}

function addDoctor(program: Command, io: CliIo, setCode: SetCode): void {
  addReading(program.command('doctor'))
    .addOption(options.format())
    .summary('look at server, token, switches, seats, limits')
    .description(
      'Looks at the server and at the token with the eyes of a plan, and says what to do where something is in the way.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  muster doctor\n  muster doctor --server https://chat.example.com --format json',
    )
    .action(async (flags: CommonFlags) =>
      setCode(await (await import('./commands/doctor.ts')).doctorCommand(flags, io)),
    );
}

function addSandbox(program: Command, io: CliIo, setCode: SetCode): void {
  program
    .command('sandbox')
    .summary('run the embedded server, to try things on')
    .description(
      'Runs an embedded server on this machine that behaves as Mattermost does towards muster. Nothing leaves the machine.',
    )
    .option('--port <n>', 'the port; 0 takes a free one', '8065')
    .option('--seed <file>', 'people to begin with, as YAML or JSON')
    .option('--state <file>', 'keep everything in this file between runs')
    .option('--licence <name>', 'none, professional or enterprise (default: as the seed says, else enterprise)')
    .option(
      '--set <switch=value>',
      'a server switch, such as ServiceSettings.EnableUserAccessTokens=false; repeatable',
      collect,
    )
    .option('--quiet', 'do not log requests')
    .addHelpText(
      'after',
      `
Examples:
  muster sandbox
  muster sandbox --seed examples/sandbox-seed.yaml --state /tmp/sandbox.json
  muster sandbox --licence none --set RateLimitSettings.Enable=true

It prints its address and the access token of its administrator; set MUSTER_SERVER and MUSTER_TOKEN to them.
Ctrl-C ends it.`,
    )
    .action(async (flags: SandboxFlags) =>
      setCode(await (await import('./commands/sandbox.ts')).sandboxCommand(flags, io)),
    );
}

function addCompletion(program: Command, io: CliIo): void {
  program
    .command('completion <shell>')
    .summary('print a completion script for bash, zsh or fish')
    .description('Prints a completion script for a shell.')
    .addHelpText(
      'after',
      '\nExamples:\n  source <(muster completion bash)\n  muster completion fish > ~/.config/fish/completions/muster.fish',
    )
    .action(async (shell: string) => {
      io.stdout.write((await import('./completion.ts')).completionScript(shell, program));
    });
}
