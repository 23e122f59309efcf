/** A program that takes secrets, as a vault's client would; and kills whoever started it, where it is told to. */

/** Its arguments: the folder, then whose token it is. What it keeps is whole or not there. */
export const sinkProgram = `#!/bin/sh
file="$1/$2~$3@$4.token"
kill_if() {
  [ -e "$1" ] || return 0
  rm "$1"
  kill -KILL "$PPID"
}
kill_if "$1/before~$2"
cat > "$file.part"
kill_if "$1/torn~$2"
mv "$file.part" "$file"
kill_if "$1/after~$2"
`;

export type SinkMoment = 'before' | 'torn' | 'after';

/** The file whose presence makes it kill, at a token of this person. */
export const sinkKillFile = (when: SinkMoment, person: string): string => `${when}~${person}`;
