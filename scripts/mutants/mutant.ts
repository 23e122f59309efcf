/** A fault that somebody could put into the program, and the tests that are there to notice it. */
export interface Mutant {
  /** Below `src/`. */
  readonly file: string;
  /** Occurs once in the file. */
  readonly text: string;
  readonly becomes: string;
  /** What a person would have to live with if nothing noticed it; a sentence. */
  readonly breaks: string;
  /** Test files of the short suite, below `test/` and without `.test.ts`. */
  readonly noticedBy: readonly string[];
  /** Of large files just the tests with such titles. */
  readonly titles?: RegExp;
}

/** A change of the text after which the program does the same: no test can notice it. */
export interface EquivalentMutant extends Omit<Mutant, 'breaks' | 'noticedBy' | 'titles'> {
  readonly because: string;
}

/** What is tried in one part of the program. */
export interface Area {
  readonly mutants: readonly Mutant[];
  readonly equivalent?: readonly EquivalentMutant[];
}
