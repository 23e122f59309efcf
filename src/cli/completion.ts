import type { Command } from 'commander';
import { InputError } from '../model/problem.ts';

/** @throws {InputError} for a shell that muster does not know */
export function completionScript(shell: string, program: Command): string {
  const script = scripts[shell];
  if (script === undefined) {
    throw new InputError([
      {
        code: 'unknown-shell',
        message: `no completion for ${shell}`,
        hint: `expected one of ${Object.keys(scripts).join(', ')}`,
      },
    ]);
  }
  return script(program.commands);
}

const flagsOf = (command: Command): readonly string[] =>
  command.options.map(({ long }) => long ?? '').filter((flag) => flag !== '');

const scripts: Readonly<Record<string, (commands: readonly Command[]) => string>> = {
  bash: (commands) => `_muster() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words
  case "\${COMP_WORDS[1]}" in
${commands.map((command) => `    ${command.name()}) words="${[...flagsOf(command), '--help'].join(' ')}" ;;`).join('\n')}
    *) words="${[...commands.map((command) => command.name()), 'help', '--help', '--version'].join(' ')}" ;;
  esac
  if [ "$COMP_CWORD" -gt 1 ] && [[ "$word" != -* ]]; then COMPREPLY=($(compgen -f -- "$word")); return; fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o filenames -F _muster muster
`,
  zsh: (commands) => `#compdef muster
_muster() {
  local -a verbs
  verbs=(
${commands.map((command) => `    '${command.name()}:${quote(command.summary())}'`).join('\n')}
  )
  if (( CURRENT == 2 )); then _describe verb verbs; return; fi
  case "$words[2]" in
${commands.map((command) => `    ${command.name()}) _arguments ${[...command.options.map(({ long, description }) => `'${long ?? ''}[${quote(description)}]'`), "'*:file:_files'"].join(' ')} ;;`).join('\n')}
  esac
}
compdef _muster muster
`,
  fish: (commands) => `complete -c muster -n __fish_use_subcommand -f
${commands
  .flatMap((command) => [
    `complete -c muster -n __fish_use_subcommand -a ${command.name()} -d '${quote(command.summary())}'`,
    ...command.options.map(
      ({ long, description }) =>
        `complete -c muster -n '__fish_seen_subcommand_from ${command.name()}' -l ${(long ?? '').slice(2)} -d '${quote(description)}'`,
    ),
  ])
  .join('\n')}
`,
};

/** Descriptions are our own; brackets, colons and quotes mean something to the shells. */
const quote = (text: string): string => text.replace(/['[\]:]/g, '');
