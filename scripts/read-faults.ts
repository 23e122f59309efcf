/** `npm run faults:read -- [runs] [first seed]`: many seeded faulty readings; fails at the first wrong action, and names its seed. */
import { readFaultRun } from '../test/support/read-fault-run.ts';

const runs = Number(process.argv[2] ?? 20_000);
const first = Number(process.argv[3] ?? 1);
const ends = { planned: 0, refused: 0 };
for (let seed = first; seed < first + runs; seed++) ends[await readFaultRun(seed)]++;
console.log(`${runs} readings from seed ${first}: ${ends.planned} planned, ${ends.refused} refused, no wrong action`);
