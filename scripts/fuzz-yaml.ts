/**
 * `npm run fuzz:yaml -- [runs] [first seed]`: the quick reader of users files against two parsers of YAML; fails at the first text that
 * they read otherwise, and names its seed. Says at times from which seed to go on.
 */
import { differentialRun } from '../test/source/support/differential-run.ts';

const runs = Number(process.argv[2] ?? 2_000_000);
const first = Number(process.argv[3] ?? 1);
const told = 100_000;
let read = 0;
for (let seed = first; seed < first + runs; seed++) {
  const found = differentialRun(seed);
  if (found === 'same') read++;
  else if (found !== 'left to others')
    throw new Error(`seed ${seed}: ${JSON.stringify(found.text)} is read as ${JSON.stringify(found.value)}`);
  const left = first + runs - seed - 1;
  if ((seed - first + 1) % told === 0 && left > 0) console.log(`go on with: ${left} ${seed + 1}`);
}
console.log(`${runs} texts from seed ${first}: ${read} read quickly, each as two parsers read it`);
