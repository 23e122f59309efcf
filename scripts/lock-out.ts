/** `npm run lock-out -- [runs]`: the lock-out proof on many random plans; fails at the first one with its seed. */
import { checkLockOut } from '../test/support/every-plan.ts';

const runs = Number(process.argv[2] ?? 1_000_000);
const chunk = 10_000;
for (let done = 0; done < runs; done += chunk) {
  checkLockOut(Math.min(chunk, runs - done));
  console.log(`${Math.min(done + chunk, runs)} of ${runs} random plans: nobody was locked out`);
}
