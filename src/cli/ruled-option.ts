import { type Command, Option } from 'commander';
import { refuse } from '../model/messages/problems.ts';
import { InputError } from '../model/problem.ts';

/** An option with a rule of its own: what it means nothing without, beside what it excludes (`conflicts`). */
export class RuledOption extends Option {
  #needed: readonly string[] = [];

  /**
   * Refused unless one of these is given, too: nothing that a person writes is ignored silently.
   *
   * @param names - attribute names of options of the same command, or an argument as its row writes it, such as `[plan.json]`
   */
  needs(...names: readonly string[]): this {
    this.#needed = names;
    return this;
  }

  get needed(): readonly string[] {
    return this.#needed;
  }
}

/** @throws {InputError} for an option that the others on the line make meaningless */
export function refuseAlone(made: Command): void {
  const isGiven = (name: string): boolean => made.getOptionValueSource(name) === 'cli';
  const isThere = (name: string): boolean => {
    const place = made.registeredArguments.findIndex((one) => textOfArgument(one.name()).includes(name));
    return place < 0 ? isGiven(name) : made.args.length > place;
  };
  const problems = made.options.flatMap((option) => {
    if (!(option instanceof RuledOption) || option.needed.length === 0) return [];
    if (!isGiven(option.attributeName()) || option.needed.some(isThere)) return [];
    const others = option.needed.map((name) => spelling(made, name)).join(' or ');
    return [refuse('option-alone', { option: option.long ?? '', others })];
  });
  if (problems.length > 0) throw new InputError(problems);
}

const textOfArgument = (name: string): readonly string[] => [`[${name}]`, `<${name}>`];

/** As a person writes it. */
const spelling = ({ options }: Command, name: string): string =>
  options.find((one) => one.attributeName() === name)?.long ?? name;
