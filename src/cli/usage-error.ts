import type { CommanderError } from 'commander';
import { refuse } from '../model/messages/problems.ts';
import { InputError } from '../model/problem.ts';
import { adviceOnUsage, commandNamedBy } from './command-rows.ts';
import { withoutValues } from './without-values.ts';

/** What the parser says: what is wrong, what it allows instead, and a guess what was meant. */
const parts = /^(?:error: )?([^]*?)(?:\. ((?:Allowed|Expected) [^\n]*?)\.?)?(?:\n\((Did you mean [^]*\?)\))?$/;

/** A command line that could not be read, as an error like any other. */
export function usageError({ message }: CommanderError, args: readonly string[]): InputError {
  const [, what = message, allowed, guess] = parts.exec(message) ?? [];
  const habit = adviceOnUsage(what, args);
  const advice = [habit === undefined ? guess : undefined, allowed].flatMap((text) =>
    text === undefined ? [] : [lowerFirst(text)],
  );
  return new InputError([
    refuse('usage', {
      what: withoutValues(what).replace('command-argument value', 'value'),
      advice: [...(habit === undefined ? [] : [habit]), ...advice, `see ${commandNamedBy(args)} --help`]
        .join('; ')
        .replace('?;', '?'),
    }),
  ]);
}

const lowerFirst = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
