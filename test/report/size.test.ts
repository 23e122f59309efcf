/** Two thousand changes; the long suite has ten times as many. */
import { testSizes } from './size-suite.ts';

testSizes(2000);
