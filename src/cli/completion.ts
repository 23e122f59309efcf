/**
 * Completion: the scripts are a few lines that ask muster itself at each Tab, so that commands, options and choices come
 * from the rows of the commands, the same for each shell.
 */
import type { Argument, Command, Option } from 'commander';
import { assertNever } from '../model/assert-never.ts';
import { changeClasses } from '../model/change-classes.ts';
import { ProgrammingError } from '../model/muster-error.ts';
import { visibleCommands } from './command-row.ts';
import { type ValueKind, valueKinds } from './options.ts';

type Shell = 'bash' | 'zsh' | 'fish';
const shells: readonly Shell[] = ['bash', 'zsh', 'fish'];

export interface Candidate {
  readonly word: string;
  readonly about: string;
}

/** What a word may become. */
export interface Completion {
  readonly candidates: readonly Candidate[];
  /** What the shell itself knows better. */
  readonly also: 'nothing' | 'files' | 'folders';
}

/** The usernames of the files that a command line names so far. */
export type Usernames = (named: {
  readonly files: readonly string[];
  readonly config: string | undefined;
}) => Promise<readonly string[]>;

const nothing: Completion = { candidates: [], also: 'nothing' };

/** @param words - what stands after the program's name; the last one is being typed, and may be empty */
export async function complete(program: Command, words: readonly string[], usernames: Usernames): Promise<Completion> {
  const typed = words.at(-1) ?? '';
  const before = read(program, withoutJoints(words.slice(0, -1)));
  const valuesOf = (of: Option | Argument): Promise<Completion> => valuesFor(of, before, program, usernames);
  // bash takes the = of --format=… for a word of its own.
  const value = typed === '=' && before.open !== undefined ? '' : typed;
  if (before.open !== undefined) return startingWith(value, await valuesOf(before.open));
  const { command } = before;
  const [, flag = '', rest = ''] = /^(--[^=]+)=([^]*)$/.exec(typed) ?? [];
  const named = command.options.find((one) => one.long === flag);
  if (!before.isPlain && named !== undefined) return joined(`${flag}=`, startingWith(rest, await valuesOf(named)));
  if (!before.isPlain && typed.startsWith('-')) return startingWith(typed, optionsOf(command));
  if (before.operands === 0 && command.commands.length > 0) return startingWith(typed, commandsOf(command));
  const argument =
    command.registeredArguments[before.operands] ?? command.registeredArguments.find((one) => one.variadic);
  if (argument !== undefined) return startingWith(typed, await valuesOf(argument));
  return before.isPlain ? nothing : startingWith(typed, optionsOf(command));
}

/** What the words before the one that is typed have said. */
interface Before {
  readonly command: Command;
  /** The option whose value is typed. */
  readonly open: Option | undefined;
  readonly operands: number;
  /** After `--`: nothing is an option any more. */
  readonly isPlain: boolean;
  /** By the long name of the option. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

const withoutJoints = (words: readonly string[]): readonly string[] => words.filter((word) => word !== '=');

function read(program: Command, words: readonly string[]): Before {
  let command = program;
  let open: Option | undefined;
  let operands = 0;
  let isPlain = false;
  const values = new Map<string, readonly string[]>();
  const note = (option: Option, value: string): void => {
    const name = option.long ?? '';
    values.set(name, [...(values.get(name) ?? []), value]);
  };
  for (const word of words) {
    if (open !== undefined) {
      note(open, word);
      open = undefined;
    } else if (word === '--') isPlain = true;
    else if (!isPlain && word.startsWith('-')) {
      const [flag = '', ...rest] = word.split('=');
      const option = command.options.find(({ long, short }) => flag === long || flag === short);
      if (option === undefined || option.isBoolean() || option.negate) continue;
      if (rest.length > 0) note(option, rest.join('='));
      else open = option;
    } else {
      const inner = operands > 0 ? undefined : visibleCommands(command).find((one) => one.name() === word);
      if (inner === undefined) operands++;
      else command = inner;
    }
  }
  return { command, open, operands, isPlain, values };
}

const commandsOf = (command: Command): Completion => ({
  candidates: visibleCommands(command).map((one) => ({ word: one.name(), about: one.summary() || one.description() })),
  also: 'nothing',
});

const optionsOf = (command: Command): Completion => ({
  candidates: command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, description }) =>
      long === undefined || long === null ? [] : [{ word: long, about: description }],
    ),
  also: 'nothing',
});

async function valuesFor(
  of: Option | Argument,
  { values }: Before,
  program: Command,
  usernames: Usernames,
): Promise<Completion> {
  if (of.argChoices !== undefined) return listed(of.argChoices);
  const kind = valueKindOf(of);
  switch (kind) {
    case 'file':
      return { candidates: [], also: 'files' };
    case 'folder':
      return { candidates: [], also: 'folders' };
    case 'declared-username':
      return listed(await usernames({ files: values.get('--files') ?? [], config: values.get('--config')?.at(-1) }));
    case 'change-class':
      return listed(changeClasses);
    case 'command':
      return commandsOf(program);
    case 'free':
      return nothing;
    default:
      return assertNever(kind);
  }
}

/** @throws {ProgrammingError} for a word in angle brackets of which no row says what it is */
export function valueKindOf(of: Option | Argument): ValueKind {
  const word = 'flags' in of ? (/[<[](.+?)(?:\.\.\.)?[>\]]/.exec(of.flags)?.[1] ?? '') : of.name();
  const kind = valueKinds[word];
  if (kind === undefined) throw new ProgrammingError({ is: 'no-kind-of-word', word });
  return kind;
}

const listed = (words: readonly string[]): Completion => ({
  candidates: words.map((word) => ({ word, about: '' })),
  also: 'nothing',
});

const startingWith = (typed: string, { candidates, also }: Completion): Completion => ({
  candidates: candidates.filter(({ word }) => word.startsWith(typed)),
  also,
});

const joined = (prefix: string, { candidates, also }: Completion): Completion => ({
  candidates: candidates.map(({ word, about }) => ({ word: `${prefix}${word}`, about })),
  also,
});

/** What a script reads: a word and what it is for in each line, and a last line for the shell. */
export function completionLines({ candidates, also }: Completion): string {
  return `${candidates.map(({ word, about }) => `${word}\t${about.split('\n')[0] ?? ''}\n`).join('')}:${also}\n`;
}

/** @throws {ProgrammingError} for a shell of which there is none: the row of the command lets none through */
export function completionScript(name: string): string {
  const shell = shells.find((one) => one === name);
  if (shell === undefined) throw new ProgrammingError({ is: 'no-shell', shell: name });
  return scripts[shell];
}

const scripts: Readonly<Record<Shell, string>> = {
  bash: `# Completion of muster for bash; from 3.2 on.
_muster() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" line word
  COMPREPLY=()
  while IFS= read -r line; do
    case "$line" in
      :files|:folders)
        [ "$cur" = "=" ] && cur=""
        compopt -o filenames 2>/dev/null
        local kind=-f
        [ "$line" = ":folders" ] && kind=-d
        while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen "$kind" -- "$cur")
        ;;
      :*) ;;
      *) COMPREPLY+=("\${line%%$'\\t'*}") ;;
    esac
  done < <("\${COMP_WORDS[0]}" __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _muster muster mattermuster
`,
  zsh: `#compdef muster mattermuster
# Completion of muster for zsh. Sourced it needs compinit before; in a folder of fpath it is a file called _muster.
_muster() {
  local line directive
  local -a candidates
  while IFS= read -r line; do
    case "$line" in
      :*) directive="$line" ;;
      *$'\\t') candidates+=("\${\${line%$'\\t'}//:/\\\\:}") ;;
      *) candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
    esac
  done < <("$words[1]" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  case "$directive" in
    :files) compset -P '--*='; _files ;;
    :folders) compset -P '--*='; _files -/ ;;
    *) _describe -t muster 'muster' candidates ;;
  esac
}
if [ "$funcstack[1]" = "_muster" ]; then _muster "$@"; else compdef _muster muster mattermuster; fi
`,
  fish: `# Completion of muster for fish.
function __muster_complete
  set -l words (commandline -opc)
  set -l token (commandline -ct)
  for line in ($words[1] __complete -- $words[2..-1] "$token" 2>/dev/null)
    switch $line
      case :files
        __fish_complete_path "$token"
      case :folders
        __fish_complete_directories "$token" ''
      case ':*'
      case '*'
        echo $line
    end
  end
end
complete -c muster -f -a '(__muster_complete)'
complete -c mattermuster -f -a '(__muster_complete)'
`,
};
