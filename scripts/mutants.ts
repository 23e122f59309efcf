/**
 * `npm run mutants`: puts faults into a copy of the program, one at a time, and looks whether the tests that are there for it notice.
 * Every mutant that survives is a test that is missing; the few that change nothing stand in the tables with the reason.
 * `-- --area rails` tries one area, `--shard 1/4` one part of all, `--check` only whether the tables fit the program;
 * `--quick` leaves out the run of all these tests without a mutant, which comes first.
 */
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { areas } from './mutants/index.ts';
import type { EquivalentMutant, Mutant } from './mutants/mutant.ts';
import { Scratch } from './mutants/scratch.ts';
import { Suite } from './mutants/suite.ts';

type Verdict = 'killed' | 'survived' | 'equivalent' | 'does not apply' | 'does not run';

const { values } = parseArgs({
  options: {
    area: { type: 'string', multiple: true, default: Object.keys(areas) },
    shard: { type: 'string', default: '1/1' },
    check: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
  },
});
const root = join(import.meta.dirname, '..');

interface Row {
  readonly area: string;
  readonly mutant: Mutant | EquivalentMutant;
}

/** @throws for an area that is not there */
function chosenRows(): readonly Row[] {
  const [nth = 1, of = 1] = values.shard.split('/').map(Number);
  const all = values.area.flatMap((area): readonly Row[] => {
    const found = areas[area];
    if (found === undefined) throw new Error(`no area ${area}; there are ${Object.keys(areas).join(', ')}`);
    return [...found.mutants, ...(found.equivalent ?? [])].map((mutant) => ({ area, mutant }));
  });
  return all.filter((_, i) => i % of === nth - 1);
}

/** @returns `undefined` where the text does not occur exactly once */
function mutated({ file, text, becomes }: Mutant | EquivalentMutant, scratch: Scratch): string | undefined {
  const parts = scratch.read(join('src', file)).split(text);
  return parts.length === 2 ? parts.join(becomes) : undefined;
}

async function verdictOf({ mutant }: Row, content: string, suite: Suite, scratch: Scratch): Promise<Verdict> {
  if ('because' in mutant) return 'equivalent';
  const file = join('src', mutant.file);
  const { noticedBy, titles } = mutant;
  const result = await scratch.having(file, content, async () => {
    const first = await suite.run(noticedBy, [file], titles);
    return first === 'failed' ? first : await suite.run(noticedBy, [file], titles, 'long');
  });
  return result === 'broken' ? 'does not run' : result === 'failed' ? 'killed' : 'survived';
}

function tell(verdict: Verdict, { area, mutant }: Row, startedMs: number): void {
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  const what = 'because' in mutant ? mutant.because : mutant.breaks;
  console.log(`${verdict.padEnd(14)} ${seconds.padStart(5)} s  ${area.padEnd(13)} ${mutant.file}: ${what}`);
}

/** One line for each area. */
function summary(verdicts: ReadonlyMap<Row, Verdict>): string {
  const lines = [...new Set([...verdicts.keys()].map(({ area }) => area))].map((area) => {
    const own = [...verdicts].filter(([row]) => row.area === area).map(([, verdict]) => verdict);
    const counts = [...new Set(own)].map((verdict) => `${own.filter((one) => one === verdict).length} ${verdict}`);
    return `${area.padEnd(13)} ${own.length}: ${counts.join(', ')}`;
  });
  return lines.join('\n');
}

async function tryAll(rows: readonly Row[], suite: Suite, scratch: Scratch): Promise<ReadonlyMap<Row, Verdict>> {
  const tests = [...new Set(rows.flatMap(({ mutant }) => ('because' in mutant ? [] : mutant.noticedBy)))].toSorted();
  const missing = tests.filter((test) => !suite.has(test));
  if (missing.length > 0) throw new Error(`no test files: ${missing.join(', ')}`);
  if (!values.check && !values.quick) {
    console.log(`${tests.length} test files, as the program is`);
    if ((await suite.run(tests)) !== 'passed') throw new Error('they fail without a mutant, so they can tell nothing');
  }
  const verdicts = new Map<Row, Verdict>();
  for (const row of rows) {
    const startedMs = performance.now();
    const content = mutated(row.mutant, scratch);
    if (content !== undefined && values.check) continue;
    const verdict = content === undefined ? 'does not apply' : await verdictOf(row, content, suite, scratch);
    verdicts.set(row, verdict);
    tell(verdict, row, startedMs);
  }
  return verdicts;
}

const rows = chosenRows();
const scratch = new Scratch(root);
try {
  const suite = await Suite.open(scratch.dir);
  try {
    const verdicts = await tryAll(rows, suite, scratch);
    console.log(`\n${rows.length} mutants\n${summary(verdicts)}`);
    const isFine = [...verdicts.values()].every((verdict) => verdict === 'killed' || verdict === 'equivalent');
    process.exitCode = isFine ? 0 : 1;
  } finally {
    await suite.close();
  }
} finally {
  scratch.remove();
}
