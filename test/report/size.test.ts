/** Four thousand changes; the long suite has five times as many. */
import { testSizes } from './size-suite.ts';

testSizes(4000);
