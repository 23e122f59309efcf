/** Whatever stands in a field that comes from outside, it is dead text in every format; the long suite has each text in each place. */
import { someAttacks, testAttacks } from './injection-suite.ts';

testAttacks(someAttacks);
