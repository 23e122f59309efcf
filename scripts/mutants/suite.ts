/** Test files, run again and again by one vitest: it transforms anew only what has changed. */
import { join } from 'node:path';
import { createVitest, type TestSpecification, type Vitest } from 'vitest/node';
import type { Reporter } from 'vitest/reporters';
import config from '../../vitest.config.ts';

/** `broken`: a file could not even be loaded, so that nothing was tried. */
export type Result = 'passed' | 'failed' | 'broken';

export class Suite {
  readonly #vitest: Vitest;
  readonly #dir: string;
  readonly #files: ReadonlyMap<string, TestSpecification>;

  /** @param dir - of the scratch copy */
  static async open(dir: string): Promise<Suite> {
    // The option `bail` would count the failures of all runs together.
    const endAtFirstFailure: Reporter = {
      onTestCaseResult: (test) => {
        // Awaited here it would wait for the run, and the run for this.
        if (test.result().state === 'failed') void vitest.cancelCurrentRun('test-failure');
      },
    };
    const vitest = await createVitest(
      'test',
      { root: dir, config: false, watch: false, reporters: [endAtFirstFailure], ...shortSuite(), maxWorkers: 1 },
      { root: dir },
    );
    await vitest.standalone();
    const specifications = await vitest.globTestSpecifications();
    return new Suite(vitest, dir, new Map(specifications.map((one) => [one.moduleId, one])));
  }

  private constructor(vitest: Vitest, dir: string, files: ReadonlyMap<string, TestSpecification>) {
    this.#vitest = vitest;
    this.#dir = dir;
    this.#files = files;
  }

  has(test: string): boolean {
    return this.#files.has(this.#pathOf(test));
  }

  /**
   * Ends with the first test that fails.
   *
   * @param tests - below `test/`, without `.test.ts`
   * @param changed - files that are not as they were, below the copy
   * @param titles - of the tests that are run; all, if not given
   * @param share - what is tried of each file: as much as in the short suite, or all of it
   */
  async run(
    tests: readonly string[],
    changed: readonly string[] = [],
    titles?: RegExp,
    share: 'short' | 'long' = 'short',
  ): Promise<Result> {
    for (const project of this.#vitest.projects) project.provide('suite', share);
    if (titles === undefined) this.#vitest.resetGlobalTestNamePattern();
    else this.#vitest.setGlobalTestNamePattern(titles);
    for (const file of changed) this.#vitest.invalidateFile(join(this.#dir, file));
    const chosen = tests.flatMap((test) => this.#files.get(this.#pathOf(test)) ?? []);
    const { testModules, unhandledErrors } = await this.#vitest.runTestSpecifications(chosen, false);
    for (const file of changed) this.#vitest.invalidateFile(join(this.#dir, file));
    if (testModules.some((module) => module.errors().length > 0)) return 'broken';
    const hasFailed = testModules.some(({ children }) => !children.allTests('failed').next().done);
    if (hasFailed || unhandledErrors.length > 0) return 'failed';
    // Titles that no test has any more would try nothing.
    const isTried = testModules.some(({ children }) => !children.allTests('passed').next().done);
    const isWhole = testModules.length === chosen.length && testModules.every((module) => module.ok());
    return isTried && isWhole ? 'passed' : 'broken';
  }

  async close(): Promise<void> {
    await this.#vitest.close();
  }

  #pathOf(test: string): string {
    return join(this.#dir, 'test', `${test}.test.ts`);
  }
}

/** The settings under which `npm test` runs, for the files of both suites. */
function shortSuite(): object {
  const { globalSetup, projects = [] } = config.test ?? {};
  for (const project of projects)
    if (typeof project === 'object' && 'test' in project && project.test?.name === 'short')
      return { globalSetup, ...project.test, exclude: [] };
  throw new Error('vitest.config.ts has no project called short');
}
